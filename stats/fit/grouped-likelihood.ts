// The likelihood of binned counts: sum of count x log(mass of the bin), which is what maximum likelihood means when only bins
// are known (Kulldorff, Estimation from Grouped and Partially Grouped Samples, 1961).
import type { DistributionFunction } from '../distribution-function.ts';
import type { BinnedCount } from '../nested-bins.ts';

/** Enough bins to pin two parameters down; more only cost time. */
const MAX_BINS = 256;

/** Log likelihood per row; -Infinity when a bin with rows has no mass. */
export function logLikelihood(bins: readonly BinnedCount[], below: DistributionFunction): number {
  let sum = 0;
  let total = 0;
  for (const { from, to, count } of bins) {
    if (count <= 0) continue;
    const mass = below(to) - below(from);
    if (!(mass > 0)) return Number.NEGATIVE_INFINITY;
    sum += count * Math.log(mass);
    total += count;
  }
  return sum / total;
}

/** At most 256 bins: neighbours that touch are joined until each holds about its share of the rows. */
export function joinBins(bins: readonly BinnedCount[]): BinnedCount[] {
  if (bins.length <= MAX_BINS) return [...bins];
  const wanted = bins.reduce((sum, bin) => sum + bin.count, 0) / MAX_BINS;
  const joined: BinnedCount[] = [];
  for (const bin of bins) {
    const last = joined.at(-1);
    if (last !== undefined && last.to === bin.from && last.count + bin.count <= wanted) {
      joined[joined.length - 1] = { from: last.from, to: bin.to, count: last.count + bin.count };
    } else joined.push(bin);
  }
  return joined;
}

/** Mean and variance of a function of the bins' middles, weighted by count. */
export function momentsOf(bins: readonly BinnedCount[], value: (bin: BinnedCount) => number): { mean: number; variance: number } {
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  const mean = bins.reduce((sum, bin) => sum + bin.count * value(bin), 0) / total;
  const variance = bins.reduce((sum, bin) => sum + bin.count * (value(bin) - mean) ** 2, 0) / total;
  return { mean, variance };
}
