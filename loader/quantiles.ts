// Quantiles of counted values, and when a found one is near enough to the expected one.
import type { RunQuantiles } from '../spec/run-record.ts';

const PROBABILITIES = { p50: 0.5, p95: 0.95, p99: 0.99, max: 1 } as const;

/** Relative tolerance for columns. */
const COLUMN_TOLERANCE = 0.02;
/** One unit of the column, for small values. */
const COLUMN_UNIT = 1;

/**
 * p50, p95, p99 and the largest of values that occur `count` times each, as PostgreSQL's percentile_disc defines them: the
 * smallest value with at least that share of the counts at or below it. null when nothing is counted.
 */
export function quantilesOfCounts(counts: readonly { readonly value: number; readonly count: number }[]): RunQuantiles | null {
  const sorted = counts.filter((each) => each.count > 0).sort((left, right) => left.value - right.value);
  const total = sorted.reduce((sum, each) => sum + each.count, 0);
  if (total === 0) return null;
  const at = (probability: number) => {
    const rank = Math.max(1, Math.ceil(probability * total));
    let seen = 0;
    for (const each of sorted) {
      seen += each.count;
      if (seen >= rank) return each.value;
    }
    return sorted.at(-1)?.value ?? 0;
  };
  return { p50: at(PROBABILITIES.p50), p95: at(PROBABILITIES.p95), p99: at(PROBABILITIES.p99), max: at(PROBABILITIES.max) };
}

/** All four equal: degrees are exact by construction. */
export function isEqual(expected: RunQuantiles, found: RunQuantiles | null): boolean {
  return found !== null && quantileNames.every((name) => found[name] === expected[name]);
}

/** Each within 2 % of the expected one or one unit of it. */
export function isNear(expected: RunQuantiles, found: RunQuantiles | null): boolean {
  if (found === null) return false;
  return quantileNames.every((name) => {
    const allowed = Math.max(COLUMN_UNIT, COLUMN_TOLERANCE * Math.abs(expected[name]));
    return Math.abs(found[name] - expected[name]) <= allowed;
  });
}

export const quantileNames = ['p50', 'p95', 'p99', 'max'] as const;
