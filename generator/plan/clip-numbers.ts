// A distribution under a CHECK: the mass inside the allowed values keeps its shape, the rest is shared among it.
import type { Distribution } from '../../spec/distribution.ts';
import { apportion } from '../../stats/apportion.ts';
import type { CountedBin, discretise, ValueBounds } from './histogram.ts';
import { intersect } from './intervals.ts';
import { OPEN_UNIT, snap } from './restrict-value.ts';
import type { Interval, Restriction } from './restriction.ts';

/** Rows that the unclipped distribution is read with, so that few rows are shared as many are. */
const FINE_TOTAL = 1_000_000_000;

export interface NumbersToClip {
  readonly distribution: Distribution;
  readonly decimals: number;
  readonly total: number;
  readonly bounds: ValueBounds;
  readonly restriction: Restriction;
}

/** Counts over whole multiples of 10^-decimals that the restriction allows; empty when it allows none. */
export function clipNumbers(
  make: typeof discretise,
  { distribution, decimals, total, bounds, restriction }: NumbersToClip,
): CountedBin[] {
  if (restriction.intervals === null) return make(distribution, decimals, total, bounds);
  const allowed = intersect(wholeIntervals(restriction.intervals, decimals), [{ from: bounds.min, to: bounds.max + 1 }]);
  const parts = make(distribution, decimals, FINE_TOTAL, bounds).flatMap((bin) =>
    intersect([bin], allowed).map((part) => ({ ...part, weight: (bin.count * (part.to - part.from)) / (bin.to - bin.from) })),
  );
  return shareRows(parts.length > 0 ? parts : nearest(allowed), total);
}

/** Intervals in the column's unit as intervals of whole multiples of 10^-decimals. */
export function wholeIntervals(intervals: readonly Interval[], decimals: number): Interval[] {
  const scale = 10 ** decimals;
  // Bounds of columns without a scale stand one millionth apart; finer values between the two are left out.
  const upTo = (to: number) => Math.ceil(snap((decimals > 6 ? to - OPEN_UNIT : to) * scale));
  return intervals
    .map(({ from, to }) => ({ from: Math.ceil(snap(from * scale)), to: upTo(to) }))
    .filter(({ from, to }) => from < to);
}

/** Splits the rows by weight and leaves empty bins out. */
export function shareRows(parts: readonly (Interval & { readonly weight: number })[], total: number): CountedBin[] {
  const counts = apportion(
    parts.map((part) => part.weight),
    total,
  );
  return parts.map(({ from, to }, index) => ({ from, to, count: counts[index] ?? 0 })).filter((bin) => bin.count > 0);
}

const WIDE = 1_000_000;

/** Nothing of the distribution is allowed: all small allowed ranges alike, else the allowed value nearest to zero. */
function nearest(allowed: readonly Interval[]): (Interval & { weight: number })[] {
  const small = allowed.filter(({ from, to }) => to - from <= WIDE);
  if (small.length > 0) return small.map((one) => ({ ...one, weight: one.to - one.from }));
  return allowed.slice(0, 1).map(({ from, to }) => {
    const value = Math.min(Math.max(0, from), to - 1);
    return { from: value, to: value + 1, weight: 1 };
  });
}
