// Zipf's law by maximum likelihood: over ranked weights (category labels by frequency) or over binned whole numbers from one
// on (degrees). Clauset, Shalizi and Newman, Power-law distributions in empirical data (SIAM Review 51, 2009), section 3.
import type { ZipfParameters } from '../families.ts';
import type { BinnedCount } from '../nested-bins.ts';
import { joinBins, logLikelihood } from './grouped-likelihood.ts';
import { maximise } from './maximise.ts';

/** Zipf's law over binned whole numbers 1..size; null when the bins do not start at one. */
export function fitZipf(bins: readonly BinnedCount[]): ZipfParameters | null {
  const size = (bins.at(-1)?.to ?? 0) - 1;
  if (bins.length < 2 || bins[0]?.from !== 1 || !Number.isInteger(size) || size < 2) return null;
  const joined = joinBins(bins);
  const parameters = ([exponent = 0]: readonly number[]): ZipfParameters => ({ family: 'zipf', exponent, size });
  const isUsable = (at: readonly number[]) => (at[0] ?? -1) >= 0 && (at[0] ?? 0) < 20;
  return parameters(maximise((at) => (isUsable(at) ? logLikelihood(joined, parameters(at)) : Number.NEGATIVE_INFINITY), [1]));
}

/** Zipf's law over weights in falling order, the heaviest being rank 1. */
export function fitZipfToRanks(weights: readonly number[]): ZipfParameters | null {
  return fitZipf(
    [...weights].sort((left, right) => right - left).map((count, rank) => ({ from: rank + 1, to: rank + 2, count })),
  );
}
