// A gate's result as a table for people: a line a reading, the median with its interval, the limit and whether it is met.
import { type GateResult, isMet, type Reading } from './reading.ts';

const HEADINGS = ['', 'median', 'lowest .. highest', 'unit', 'wanted', ''] as const;

/** The title and the table. */
export function formatResult(result: GateResult): string {
  const rows = [[...HEADINGS], ...result.readings.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return [`${result.gate}  ${result.title}`, ...lines.map((line) => `  ${line}`)].join('\n');
}

function cellsOf(reading: Reading): string[] {
  const { figure, limit, name, unit } = reading;
  const wanted = limit === null ? '' : `${limit.direction === 'atLeast' ? '>=' : '<='} ${formatNumber(limit.value)}`;
  const interval = `${formatNumber(figure.lowest)} .. ${formatNumber(figure.highest)}`;
  return [name, formatNumber(figure.median), interval, unit, wanted, limit === null ? '' : isMet(reading) ? 'met' : 'MISSED'];
}

/** Three digits that say something; whole where it is large. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return '-';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
