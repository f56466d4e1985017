// Rows that were too few to be released even by their year. Mostly they are what a year has outside its released days, just before the
// first of them or just after the last; only what does not fit there makes a table older or younger than its released years.
import { binOf, rangeOf } from '../../stats/binning.ts';
import type { BinnedCount } from '../../stats/nested-bins.ts';
import type { Marginal } from '../pack.ts';

const YEAR = 4;
const HOURS = { kind: 'hour' } as const;
/** How far a year's few rows reach beyond its released ones: a month. */
const REACH_HOURS = 31 * 24;
/** Years before the first released one, or after the last, at most. */
const MOST_YEARS = 200;
/** A year further out has this share of the rows of the one before. */
const DECAY = 0.75;

export interface TimeLimits {
  /** A year's remainder with fewer rows was not released. */
  readonly threshold: number;
  /** Nothing is older; null: anything may be. */
  readonly from: number | null;
  /** Nothing is younger. */
  readonly to: number;
}

/** The bins, ascending, with bins for the marginal's `other`. */
export function placeOther(bins: readonly BinnedCount[], marginal: Marginal, limits: TimeLimits): BinnedCount[] {
  const [first, last] = [bins[0], bins.at(-1)];
  if (marginal.other === 0 || first === undefined || last === undefined) return [...bins];
  const most = limits.threshold - 1;
  const inside = fill(gapsInside(bins, marginal, limits), marginal.other, most);
  const left = marginal.other - inside.reduce((sum, bin) => sum + bin.count, 0);
  const outside = left > 0.5 ? yearsOutside(bins, left, limits) : [];
  return [...bins, ...inside, ...outside].sort((one, two) => one.from - two.from);
}

/** The gap of each year that has released days but was not itself released, and whole years between released ones. */
function gapsInside(bins: readonly BinnedCount[], { cells }: Marginal, { from, to }: TimeLimits): BinnedCount[] {
  const [start, end] = [bins[0]?.from ?? 0, bins.at(-1)?.to ?? 0];
  const released = new Set(cells.filter(([level]) => level === YEAR).map(([, bin]) => bin));
  const [firstYear, lastYear] = [binOf(HOURS, YEAR, start), binOf(HOURS, YEAR, end - 1)];
  const low = Math.max(start - REACH_HOURS, from ?? Number.NEGATIVE_INFINITY);
  const high = Math.max(end, Math.min(end + REACH_HOURS, to));
  const gaps: BinnedCount[] = [];
  for (let year = firstYear; year <= lastYear; year += 1) {
    if (released.has(year)) continue;
    const range = rangeOf(HOURS, YEAR, year);
    const gap = widestGap(bins, Math.max(range.from, low), Math.min(range.to, high));
    if (gap !== null) gaps.push({ ...gap, count: 0 });
  }
  return gaps;
}

function widestGap(bins: readonly BinnedCount[], from: number, to: number): { from: number; to: number } | null {
  let widest: { from: number; to: number } | null = null;
  let next = from;
  const consider = (end: number) => {
    if (end > next && (widest === null || end - next > widest.to - widest.from)) widest = { from: next, to: end };
  };
  for (const bin of bins) {
    if (bin.to <= next || bin.from >= to) continue;
    consider(bin.from);
    next = Math.max(next, bin.to);
  }
  consider(to);
  return widest;
}

function fill(gaps: readonly BinnedCount[], rows: number, most: number): BinnedCount[] {
  const each = gaps.length === 0 ? 0 : Math.min(most, rows / gaps.length);
  return gaps.map((gap) => ({ ...gap, count: each })).filter((gap) => gap.count > 0);
}

/** Years beyond the released ones, on both sides by turns, ever fewer rows in each. */
function yearsOutside(bins: readonly BinnedCount[], rows: number, { threshold, from, to }: TimeLimits): BinnedCount[] {
  const firstYear = binOf(HOURS, YEAR, bins[0]?.from ?? 0);
  const lastYear = binOf(HOURS, YEAR, (bins.at(-1)?.to ?? 1) - 1);
  const placed: BinnedCount[] = [];
  let left = rows;
  let share = threshold - 1;
  for (let away = 1; away <= MOST_YEARS && left > 0.5; away += 1) {
    for (const year of [firstYear - away, lastYear + away]) {
      const range = rangeOf(HOURS, YEAR, year);
      if (left <= 0.5 || range.to > to || (from !== null && range.from < from)) continue;
      const count = Math.min(left, Math.max(1, share));
      placed.push({ ...range, count });
      left -= count;
    }
    share *= DECAY;
  }
  return placed;
}
