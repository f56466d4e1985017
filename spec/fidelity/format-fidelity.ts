// A fidelity document for the terminal: the headline, one line per figure, the queries that are not faithful.
import type { Fidelity, FidelityMetric, FidelityMiss, FidelityQuery } from '../fidelity.ts';

const MAX_QUERIES = 20;
const MAX_NAMED = 4;
const MAX_MARGINALS = 20;
const SIGNS = { met: '✓', missed: '✗', notMeasured: '·' } as const;

/** Text without a trailing newline. */
export function formatFidelity(fidelity: Fidelity): string {
  const rows = fidelity.metrics.map(metricRow);
  const lost = fidelity.queries.filter((query) => !query.isFaithful);
  const lines = [
    ...fidelity.headline.map(headlineLine),
    '',
    ...alignColumns([['', '#', 'figure', 'value', 'floor', 'target', 'of', 'remark'], ...rows]),
    '',
    ...(lost.length === 0
      ? ['every query is faithful']
      : ['queries that are not faithful:', ...lost.slice(0, MAX_QUERIES).flatMap(queryLines)]),
    ...(lost.length > MAX_QUERIES ? [`  ... and ${lost.length - MAX_QUERIES} more`] : []),
    ...marginalLines(fidelity),
    ...noteLines(fidelity),
  ];
  return lines.join('\n');
}

/** What must be known beside the figures. */
export function noteLines(fidelity: Fidelity): string[] {
  const { sourceMajor, targetMajor, differingSettings, remarks, floorKind } = fidelity;
  const floor =
    floorKind === 'none'
      ? 'no floor was measured'
      : floorKind === 'twice'
        ? 'the floor is production measured twice; metrics 7 to 11 have none (a second reading finds the same)'
        : 'the floor is production against the database of --floor';
  return [
    floor,
    ...(sourceMajor === targetMajor ? [] : [`the servers differ: PostgreSQL ${sourceMajor} and ${targetMajor}`]),
    ...(differingSettings.length === 0 ? [] : [`settings that differ: ${differingSettings.join(', ')}`]),
    ...remarks,
  ];
}

/** Figures to four places, whole ones without any. */
export function formatFigure(value: number | null): string {
  if (value === null) return '-';
  return Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(value >= 100 ? 1 : 4);
}

/** `joins: 0.8100 of 120 queries are faithful (floor 1, target 0.92)`. */
export function headlineLine({ class: queryClass, share, floor, target, queries }: Fidelity['headline'][number]): string {
  const sign = target === null ? '·' : share >= target ? '✓' : '✗';
  return `${sign} ${queryClass}: ${formatFigure(share)} of ${queries} queries keep plan, rows and latency (floor ${formatFigure(floor)}, target ${formatFigure(target)})`;
}

function metricRow({ number, name, value, floor, target, direction, verdict, samples, remark }: FidelityMetric): string[] {
  const bound = target === null ? '-' : `${direction === 'atMost' ? '<=' : '>='} ${formatFigure(target)}`;
  return [SIGNS[verdict], String(number), name, formatFigure(value), formatFigure(floor), bound, String(samples), remark];
}

function queryLines(query: FidelityQuery): string[] {
  const name = query.binding === '' ? query.name : `${query.name} (${query.binding})`;
  return [`  ${name}: ${whyLost(query)}`, ...query.misses.map((miss) => `    ${missLine(miss)}`)];
}

/** `Hash Join (p.owneruserid = u.id): rows 3.1x; lacks posts.score x users.reputation`. */
export function missLine({ node, condition, rowsQuotient, marginals }: FidelityMiss): string {
  const rows = rowsQuotient > 1 ? `rows ${formatFigure(rowsQuotient)}x` : 'done in another way';
  const place = condition === '' ? node : `${node} (${condition})`;
  const named = marginals.slice(0, MAX_NAMED).map(marginalText);
  const more = marginals.length > MAX_NAMED ? [`${marginals.length - MAX_NAMED} more`] : [];
  return `${place}: ${rows}; ${[...named, ...more].join('; ') || 'no pair of axes carries it'}`;
}

/** `lacks posts.score x users.reputation`, `has it at TV 0.12 (floor 0.01)`. */
export function marginalText({ marginal, state, residual, floor }: FidelityMiss['marginals'][number]): string {
  if (state === 'lacking') return `lacks ${marginal}`;
  if (state === 'unknown') return `needs ${marginal}`;
  if ((residual ?? 0) <= (floor ?? 0)) return `${marginal} within its bins (TV ${formatFigure(residual)}, the floor)`;
  return `${marginal} off by TV ${formatFigure(residual)} (floor ${formatFigure(floor)})`;
}

function marginalLines({ marginals }: Fidelity): string[] {
  if (marginals.length === 0) return [];
  const rows = marginals
    .slice(0, MAX_MARGINALS)
    .map((each) => `  ${each.misses} misses, ${formatFigure(each.doublings)} doublings of rows: ${marginalText(each)}`);
  const more = marginals.length - MAX_MARGINALS;
  return ['marginals behind the misses:', ...rows, ...(more > 0 ? [`  ... and ${more} more`] : [])];
}

/** In words, without a figure of either database. */
export function whyLost(query: FidelityQuery): string {
  if (query.state === 'failedOnSource') return `not run on production: ${query.reason ?? ''}`;
  if (query.state === 'failedOnTarget') return `not run on the copy: ${query.reason ?? ''}`;
  if (!query.isSamePlan) return 'another plan';
  const parts = [
    (query.rowsQuotient ?? 1) > 2 ? `rows ${formatFigure(query.rowsQuotient)}x apart at a node` : '',
    (query.latencyQuotient ?? 1) > 2 ? `latency ${formatFigure(query.latencyQuotient)}x apart` : '',
  ];
  return parts.filter((part) => part !== '').join(', ') || 'as on production';
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, at) => Math.max(most[at] ?? 0, cell.length)), []);
  return rows.map((row) =>
    row
      .map((cell, at) => (at >= 3 && at <= 6 ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
