// A normal distribution from binned counts: moments of the bins' middles, then grouped maximum likelihood.
import type { NormalParameters } from '../families.ts';
import type { BinnedCount } from '../nested-bins.ts';
import { joinBins, logLikelihood, momentsOf } from './grouped-likelihood.ts';
import { maximise } from './maximise.ts';

/** The normal distribution cut to the bins' outer edges; null when all rows lie in one bin. */
export function fitNormal(bins: readonly BinnedCount[]): NormalParameters | null {
  const min = bins[0]?.from;
  const max = bins.at(-1)?.to;
  if (bins.length < 2 || min === undefined || max === undefined) return null;
  const joined = joinBins(bins);
  const start = momentsOf(joined, (bin) => (bin.from + bin.to) / 2);
  if (!(start.variance > 0)) return null;
  const scale = Math.sqrt(start.variance);
  // Unit-free: the mean in standard deviations off the start, the spread as a logarithm.
  const parameters = ([shift = 0, logSpread = 0]: readonly number[]): NormalParameters => ({
    family: 'normal',
    mean: start.mean + shift * scale,
    standardDeviation: scale * Math.exp(logSpread),
    min,
    max,
  });
  return parameters(maximise((at) => logLikelihood(joined, parameters(at)), [0, 0]));
}
