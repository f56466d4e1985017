// What a CHECK, a domain or a partition bound leaves of a column's values. Found before the builders are made, which stay inside.

/** Half-open range [from, to); infinities where there is no bound. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

export interface Restriction {
  /**
   * Allowed values, ascending and disjoint; null: all. Units: numbers in the column's own unit (1.99 is 1.99), booleans 0 and 1, times in
   * microseconds and dates in days since 2000-01-01, times of day and intervals in seconds.
   */
  readonly intervals: readonly Interval[] | null;
  /** Allowed texts (enums and booleans too: 'true'); null: all. */
  readonly labels: readonly string[] | null;
  readonly isNotNull: boolean;
  /** Inclusive, in characters. */
  readonly minLength: number;
  readonly maxLength: number;
}

/** No restriction at all. */
export const UNRESTRICTED: Restriction = {
  intervals: null,
  labels: null,
  isNotNull: false,
  minLength: 0,
  maxLength: Number.POSITIVE_INFINITY,
};

/** What both leave. */
export function intersectRestrictions(left: Restriction, right: Restriction): Restriction {
  return {
    intervals: intersectIntervals(left.intervals, right.intervals),
    labels: intersectLabels(left.labels, right.labels),
    isNotNull: left.isNotNull || right.isNotNull,
    minLength: Math.max(left.minLength, right.minLength),
    maxLength: Math.min(left.maxLength, right.maxLength),
  };
}

/** Intervals in ascending order, those that overlap or touch made one. */
export function mergeIntervals(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const next of [...intervals].sort((left, right) => (left.from < right.from ? -1 : left.from > right.from ? 1 : 0))) {
    const last = merged.at(-1);
    if (next.to <= next.from) continue;
    if (last === undefined || next.from > last.to) merged.push(next);
    else merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, next.to) };
  }
  return merged;
}

function intersectIntervals(left: Restriction['intervals'], right: Restriction['intervals']): Restriction['intervals'] {
  if (left === null || right === null) return left ?? right;
  return left.flatMap((one) =>
    right
      .map((other) => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) }))
      .filter((both) => both.from < both.to),
  );
}

function intersectLabels(left: Restriction['labels'], right: Restriction['labels']): Restriction['labels'] {
  if (left === null || right === null) return left ?? right;
  return left.filter((label) => right.includes(label));
}
