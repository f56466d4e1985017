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
