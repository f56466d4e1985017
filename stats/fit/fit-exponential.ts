// An exponential distribution from binned counts: the mean of the bins' middles, then grouped maximum likelihood.
import type { ExponentialParameters } from '../families.ts';
import type { BinnedCount } from '../nested-bins.ts';
import { joinBins, logLikelihood, momentsOf } from './grouped-likelihood.ts';
import { maximise } from './maximise.ts';

/** The exponential distribution cut to the bins' outer edges; null when a bin lies below zero. */
export function fitExponential(bins: readonly BinnedCount[]): ExponentialParameters | null {
  const min = bins[0]?.from;
  const max = bins.at(-1)?.to;
  if (bins.length < 2 || min === undefined || max === undefined || min < 0) return null;
  const joined = joinBins(bins);
  const { mean } = momentsOf(joined, (bin) => (bin.from + bin.to) / 2);
  const parameters = ([logMean = 0]: readonly number[]): ExponentialParameters => ({
    family: 'exponential',
    mean: Math.exp(logMean),
    min,
    max,
  });
  return parameters(maximise((at) => logLikelihood(joined, parameters(at)), [Math.log(mean)]));
}
