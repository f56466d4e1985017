// A log-normal distribution from binned counts: moments of the logarithms of the bins' geometric middles, then grouped maximum
// likelihood. For integers n stands for [n, n + 1), so a bin of zeros is the mass below one.
import type { LogNormalParameters } from '../families.ts';
import type { BinnedCount } from '../nested-bins.ts';
import { joinBins, logLikelihood, momentsOf } from './grouped-likelihood.ts';
import { maximise } from './maximise.ts';

/** The log-normal distribution cut to the bins' outer edges; null when a bin lies below zero or all rows lie in one bin. */
export function fitLogNormal(bins: readonly BinnedCount[]): LogNormalParameters | null {
  const min = bins[0]?.from;
  const max = bins.at(-1)?.to;
  if (bins.length < 2 || min === undefined || max === undefined || min < 0) return null;
  const joined = joinBins(bins);
  const start = momentsOf(joined, (bin) => Math.log(bin.from > 0 ? Math.sqrt(bin.from * bin.to) : bin.to / 2));
  if (!(start.variance > 0)) return null;
  const parameters = ([mu = 0, logSigma = 0]: readonly number[]): LogNormalParameters => ({
    family: 'logNormal',
    mu,
    sigma: Math.exp(logSigma),
    min,
    max,
  });
  return parameters(maximise((at) => logLikelihood(joined, parameters(at)), [start.mean, Math.log(start.variance) / 2]));
}
