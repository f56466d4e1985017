// A power law from binned counts, from the lowest edge on: grouped maximum likelihood as in Virkar and Clauset, Power-law
// distributions in binned empirical data (Annals of Applied Statistics 8, 2014), started at Hill's estimator.
import type { PowerLawParameters } from '../families.ts';
import type { BinnedCount } from '../nested-bins.ts';
import { joinBins, logLikelihood, momentsOf } from './grouped-likelihood.ts';
import { maximise } from './maximise.ts';

/** The power law cut to the bins' outer edges; null when the bins do not start above zero. */
export function fitPowerLaw(bins: readonly BinnedCount[]): PowerLawParameters | null {
  const min = bins[0]?.from;
  const max = bins.at(-1)?.to;
  if (bins.length < 2 || min === undefined || max === undefined || min <= 0) return null;
  const joined = joinBins(bins);
  const hill = momentsOf(joined, (bin) => Math.log(Math.sqrt(bin.from * bin.to) / min)).mean;
  const parameters = ([logExcess = 0]: readonly number[]): PowerLawParameters => ({
    family: 'powerLaw',
    alpha: 1 + Math.exp(logExcess),
    min,
    max,
  });
  const isUsable = (at: readonly number[]) => (at[0] ?? 0) > -12 && (at[0] ?? 0) < 5;
  return parameters(
    maximise(
      (at) => (isUsable(at) ? logLikelihood(joined, parameters(at)) : Number.NEGATIVE_INFINITY),
      [Math.min(4, -Math.log(hill))],
    ),
  );
}
