// How well a curve fits binned counts: the total variation and the Kolmogorov distance over the bins, and the total variation
// that sampling alone would cause, without which neither says anything.
import type { DistributionFunction } from '../distribution-function.ts';
import type { BinnedCount } from '../nested-bins.ts';

export interface Goodness {
  /** Half the sum of |observed share - fitted share|, what the curve puts outside the bins included. */
  readonly totalVariation: number;
  /** Largest |observed - fitted| cumulative share at an edge of a bin. */
  readonly kolmogorov: number;
}

/** Over disjoint rising bins with a positive total. */
export function measureGoodness(bins: readonly BinnedCount[], below: DistributionFunction): Goodness {
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  let difference = 0;
  let fittedInside = 0;
  let seen = 0;
  let kolmogorov = 0;
  for (const { from, to, count } of bins) {
    const low = below(from);
    const high = below(to);
    difference += Math.abs(count / total - (high - low));
    fittedInside += high - low;
    kolmogorov = Math.max(kolmogorov, Math.abs(seen / total - low));
    seen += count;
    kolmogorov = Math.max(kolmogorov, Math.abs(seen / total - high));
  }
  return { totalVariation: (difference + Math.max(0, 1 - fittedInside)) / 2, kolmogorov };
}

/** Mean absolute value of a standard normal variable. */
const MEAN_ABSOLUTE = Math.sqrt(2 / Math.PI);

/** Expected total variation between a sample of `size` and the distribution that it was drawn from, by the normal approximation. */
export function samplingFloor(shares: readonly number[], size: number): number {
  if (size <= 0) return 0;
  return shares.reduce((sum, p) => sum + (MEAN_ABSOLUTE * Math.sqrt((p * (1 - p)) / size)) / 2, 0);
}

/** The same between two independent samples of one distribution. */
export function twoSampleFloor(shares: readonly number[], size: number, otherSize: number): number {
  if (size <= 0 || otherSize <= 0) return 0;
  return samplingFloor(shares, 1 / (1 / size + 1 / otherSize));
}
