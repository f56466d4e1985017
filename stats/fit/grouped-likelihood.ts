// The likelihood of binned counts: sum of count x log(mass of the bin), which is what maximum likelihood means when only bins
// are known (Kulldorff, Estimation from Grouped and Partially Grouped Samples, 1961).
import { type DistributionFunction, distributionFunction } from '../distribution-function.ts';
import type { FamilyParameters } from '../families.ts';
import type { BinnedCount } from '../nested-bins.ts';

/** Enough bins to pin two parameters down; more only cost time. */
const MAX_BINS = 128;

/** Log likelihood per row; -Infinity when a bin with rows has no mass, or the family none between its bounds. */
export function logLikelihood(bins: readonly BinnedCount[], parameters: FamilyParameters): number {
  const below = functionOf(parameters);
  if (below === null) return Number.NEGATIVE_INFINITY;
  let sum = 0;
  let total = 0;
  let last = Number.NaN;
  let lastBelow = 0;
  for (const { from, to, count } of bins) {
    if (count <= 0) continue;
    const low = from === last ? lastBelow : below(from);
    last = to;
    lastBelow = below(to);
    if (!(lastBelow > low)) return Number.NEGATIVE_INFINITY;
    sum += count * Math.log(lastBelow - low);
    total += count;
  }
  return sum / total;
}

/** Null for parameters that put nothing between the bounds: they fit nothing. */
function functionOf(parameters: FamilyParameters): DistributionFunction | null {
  try {
    return distributionFunction(parameters);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** At most 128 bins, or as many as gaps demand: neighbours that touch are joined until each holds about its share of the rows. */
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
