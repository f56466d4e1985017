// What parents in bins of degrees add up to: children, pairs of them, how uncertain that is, and how dense a bin is.
import type { BinnedCount } from '../../stats/nested-bins.ts';

/** Of the number of children, by not knowing where parents lie inside wide bins. */
export function varianceOf(bins: readonly BinnedCount[]): number {
  return bins.reduce((sum, { from, to, count }) => sum + (count * (to - from) ** 2) / 12 + ((count * (to - from)) / 12) ** 2, 0);
}

export function densityOf({ from, to, count }: BinnedCount): number {
  return Math.max(1e-9, count / (to - from));
}

/** Geometric, of the whole numbers in the bin. */
export function middleOf({ from, to }: BinnedCount): number {
  return Math.sqrt(Math.max(0.5, from - 0.5) * Math.max(0.5, to - 0.5));
}

/** Children of the parents in the bins, each bin at its middle. */
export function sumOf(bins: readonly BinnedCount[]): number {
  return bins.reduce((sum, { from, to, count }) => sum + (count * (from + to - 1)) / 2, 0);
}

/** Pairs of children of one parent, the parents of a bin at its middle. */
export function pairsOf(bins: readonly BinnedCount[]): number {
  return bins.reduce((sum, { from, to, count }) => {
    const middle = (from + to - 1) / 2;
    return sum + (count * middle * (middle - 1)) / 2;
  }, 0);
}
