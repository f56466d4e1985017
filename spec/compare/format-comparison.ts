// A comparison for the terminal: every marginal under its table, one line per table in columns, a closing verdict.
import type { Comparison, MarginalComparison, PairsComparison, TableComparison } from './comparison.ts';

/** Text with a trailing newline. */
export function formatComparison(comparison: Comparison): string {
  const details = comparison.tables.map((table) => formatMarginals(table, comparison.marginals)).filter((block) => block !== '');
  const missing = comparison.missing.map((place) => `✗ not measured in the candidate: ${place}\n`).join('');
  const pairs = formatPairs(comparison.pairTables);
  return `${[...details, missing, formatTables(comparison), pairs, verdictLine(comparison)].filter((block) => block !== '').join('\n')}\n`;
}

function formatMarginals({ table }: TableComparison, marginals: readonly MarginalComparison[]): string {
  const rows = marginals
    .filter((marginal) => marginal.table === table)
    .map(({ axis, totalVariation, floor, siblingPairs }) => [
      `  ${axis}`,
      `TV ${formatFigure(totalVariation)}`,
      `floor ${formatFigure(floor)}`,
      ...(siblingPairs === undefined
        ? []
        : [`pairs of siblings ${formatRows(siblingPairs.reference)}, now ${formatRows(siblingPairs.candidate)}`]),
    ]);
  return rows.length === 0 ? '' : `${table}\n${alignColumns(rows)}`;
}

function formatTables({ tables }: Comparison): string {
  const rows = tables.map((table) => [
    table.isOk ? (table.isJudged ? '✓' : '·') : '✗',
    table.table,
    formatRows(table.referenceRows),
    formatRows(table.candidateRows),
    String(table.marginals),
    formatFigure(table.meanTotalVariation),
    formatFigure(table.meanFloor),
    table.worst === null ? '-' : formatFigure(table.worst.totalVariation),
    table.worst === null ? '-' : table.worst.axis,
  ]);
  return alignColumns([
    ['', 'table', 'rows', 'rows now', 'marginals', 'mean TV', 'floor', 'worst TV', 'worst marginal'],
    ...rows,
  ]);
}

function formatPairs(tables: readonly PairsComparison[]): string {
  if (tables.length === 0) return '';
  const rows = tables.map(({ table, pairs, missing, meanTotalVariation, meanFloor, worst }) => [
    table,
    String(pairs),
    String(missing),
    formatFigure(meanTotalVariation),
    formatFigure(meanFloor),
    worst === null ? '-' : formatFigure(worst.totalVariation),
    worst === null ? '-' : worst.axis,
  ]);
  return alignColumns([['pairs (not judged)', 'pairs', 'missing', 'mean TV', 'floor', 'worst TV', 'worst pair'], ...rows]);
}

/** Only tables that were judged count for the verdict; a small one speaks up only where it lacks something. */
function verdictLine({ tables, missing, limit, isOk }: Comparison): string {
  const judged = tables.filter((table) => table.isJudged);
  const small = tables.length - judged.length;
  const basis = `mean total variation at most ${limit} + sampling floor per table${small > 0 ? `; ${small} marked · too small to judge` : ''}`;
  if (isOk && judged.length === 0) return `· nothing to judge: ${basis}`;
  if (isOk) return `✓ the shapes agree: ${countTables(judged.length)}, ${basis}`;
  const off = judged.filter((table) => !table.isOk).length;
  const lacking = tables.filter((table) => !table.isOk && !table.isJudged).length;
  const rest = lacking > 0 ? `, ${countTables(lacking)} not judged and incomplete` : '';
  return `✗ the shapes differ: ${off} of ${countTables(judged.length)} off, ${missing.length} marginals missing${rest} (${basis})`;
}

function countTables(count: number): string {
  return `${count} ${count === 1 ? 'table' : 'tables'}`;
}

function formatRows(rows: number | null): string {
  return rows === null ? 'withheld' : rows.toLocaleString('en-US');
}

function formatFigure(value: number): string {
  return value.toFixed(4);
}

/** Columns two spaces apart; figures to the right, words to the left. */
function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, at) => Math.max(most[at] ?? 0, cell.length)), []);
  const isFigure = widths.map(
    (_, at) => rows.slice(1).every((row) => /^(-|withheld|[\d,.]+)$/.test(row[at] ?? '')) && rows.length > 1,
  );
  const pad = (cell: string, at: number) =>
    isFigure[at] === true ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0);
  return rows.map((row) => `${row.map(pad).join('  ').trimEnd()}\n`).join('');
}
