// Expected against found quantiles: the verdicts, and the table that a person reads.
import { formatCount } from '../core/progress.ts';
import type { MeasuredDistribution, RunQuantiles, Verdict } from '../spec/run-record.ts';
import { isEqual, isNear, quantileNames } from './quantiles.ts';

/** Degrees must be equal; columns near (2 % or one unit). */
export function judgeDistributions(measured: readonly MeasuredDistribution[]): Verdict[] {
  return measured.map((each) => ({
    question: 'distribution',
    subject: `${each.subject}, ${words[each.measure]}`,
    passed: isAsExpected(each),
    expected: listQuantiles(each.expected),
    found: each.found === null ? 'no rows' : listQuantiles(each.found),
  }));
}

/** Lines of a table with a head: for each quantile `expected/found`. Empty when nothing was measured. */
export function formatDistributions(measured: readonly MeasuredDistribution[]): string[] {
  if (measured.length === 0) return [];
  const head = ['expected/found', 'of', ...quantileNames, ''];
  const rows = measured.map((each) => [each.subject, words[each.measure], ...listPairs(each), isAsExpected(each) ? '✓' : '✗']);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)));
  return [head, ...rows].map((row) =>
    `[Distribution] ${row.map((cell, column) => pad(cell, column, widths)).join('  ')}`.trimEnd(),
  );
}

const words = { degree: 'children per parent', value: 'value', length: 'length' } as const;

function isAsExpected({ measure, expected, found }: MeasuredDistribution): boolean {
  return measure === 'degree' ? isEqual(expected, found) : isNear(expected, found);
}

function listPairs({ expected, found }: MeasuredDistribution): string[] {
  return quantileNames.map((name) => `${formatNumber(expected[name])}/${found === null ? '-' : formatNumber(found[name])}`);
}

function listQuantiles(quantiles: RunQuantiles): string {
  return quantileNames.map((name) => `${name} ${formatNumber(quantiles[name])}`).join(', ');
}

/** Whole numbers in groups; others with at most six significant decimals. */
function formatNumber(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(6)));
}

/** Words to the left, numbers to the right. */
function pad(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0;
  return column < 2 ? cell.padEnd(width) : cell.padStart(width);
}
