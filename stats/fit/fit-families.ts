// All families tried on the same bins, the best first.
import { distributionFunction } from '../distribution-function.ts';
import type {
  ExponentialParameters,
  LogNormalParameters,
  NormalParameters,
  PowerLawParameters,
  ZipfParameters,
} from '../families.ts';
import type { BinnedCount } from '../nested-bins.ts';
import { fitExponential } from './fit-exponential.ts';
import { fitLogNormal } from './fit-log-normal.ts';
import { fitNormal } from './fit-normal.ts';
import { fitPowerLaw } from './fit-power-law.ts';
import { fitZipf } from './fit-zipf.ts';
import { type Goodness, measureGoodness } from './goodness.ts';

export type FittedFamily = NormalParameters | LogNormalParameters | ExponentialParameters | PowerLawParameters | ZipfParameters;

export interface Fit {
  readonly parameters: FittedFamily;
  readonly goodness: Goodness;
}

/** Total variation by which a second parameter must improve a fit. */
const SECOND_PARAMETER_COST = 0.002;

const CONTINUOUS = [fitLogNormal, fitPowerLaw, fitExponential, fitNormal];

/** The families that can describe the bins, the best first: by total variation, the simpler one at a tie; values are continuous or floored. */
export function fitFamilies(bins: readonly BinnedCount[]): Fit[] {
  return rank(bins, CONTINUOUS);
}

/** The same for whole numbers such as degrees: Zipf's law too. */
export function fitCountFamilies(bins: readonly BinnedCount[]): Fit[] {
  return rank(bins, [...CONTINUOUS, fitZipf]);
}

function rank(bins: readonly BinnedCount[], fits: readonly ((bins: readonly BinnedCount[]) => FittedFamily | null)[]): Fit[] {
  if (!bins.some((bin) => bin.count > 0)) return [];
  return fits
    .flatMap((fitOne) => fitOne(bins) ?? [])
    .flatMap((parameters) => assess(bins, parameters) ?? [])
    .sort((left, right) => handicapped(left) - handicapped(right));
}

/** A cut normal can pass for an exponential and a wide cut log-normal for a power law: the curve with one parameter wins a tie. */
function handicapped({ parameters, goodness }: Fit): number {
  const hasTwo = parameters.family === 'normal' || parameters.family === 'logNormal';
  return goodness.totalVariation + (hasTwo ? SECOND_PARAMETER_COST : 0);
}

function assess(bins: readonly BinnedCount[], parameters: FittedFamily): Fit | null {
  if (!Object.values(parameters).every((value) => typeof value === 'string' || Number.isFinite(value))) return null;
  try {
    return { parameters, goodness: measureGoodness(bins, distributionFunction(parameters)) };
  } catch (error) {
    // Nothing between its bounds: a search that ran away.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
