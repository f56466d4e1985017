// From counts in bins to a distribution: a named family where one describes them as well as sampling allows, else the bins
// themselves with their insides smoothed. The choice and its figures are the reason that stands beside the numbers.
import { type Fit, type FittedFamily, fitCountFamilies, fitFamilies } from '../../stats/fit/fit-families.ts';
import { samplingFloor } from '../../stats/fit/goodness.ts';
import { type BinnedCount, flattenCells } from '../../stats/nested-bins.ts';
import { smoothBins } from '../../stats/smooth-bins.ts';
import { binningOf } from '../axis.ts';
import type { Distribution, EmpiricalBin } from '../distribution.ts';
import type { Marginal } from '../pack.ts';
import { formatShare, nameFamily, roundDigits, roundWeight } from './reason.ts';

/** Inclusive limits of a value in units of 10^-decimals. */
export interface ValueLimits {
  readonly min: number;
  readonly max: number;
}

export interface Fitted {
  readonly distribution: Distribution;
  readonly because: string;
}

/** Below this many bins a table of them is as short as a family and exact. */
const MIN_BINS = 8;
const GOOD_VARIATION = 0.01;
const MOST_VARIATION = 0.02;
const FLOORS_ALLOWED = 1.5;
const PARAMETER_DIGITS = 6;

/** The released bins of a marginal as disjoint intervals inside the limits, in the axis's own integer units. */
export function binsOf(marginal: Marginal, limits?: ValueLimits): BinnedCount[] {
  const [axis] = marginal.axes;
  if (axis === undefined) return [];
  const bins = flattenCells(binningOf(axis), marginal.cells).filter((bin) => bin.count > 0);
  return limits === undefined ? bins : bins.flatMap((bin) => clipBin(bin, limits));
}

/** The count stays whole: every row has a value that the column can hold. */
function clipBin(bin: BinnedCount, limits: ValueLimits): BinnedCount[] {
  const from = Math.max(bin.from, limits.min);
  const to = Math.min(bin.to, limits.max + 1);
  return from < to ? [{ from, to, count: bin.count }] : [];
}

/** Values of a column; `bins` in units of 10^-decimals, the result in the column's own unit. Null when there is no row. */
export function fitOrBins(bins: readonly BinnedCount[], decimals: number): Fitted | null {
  const size = sizeOf(bins);
  if (size === 0) return null;
  const floor = floorOf(bins);
  const [best] = bins.length < MIN_BINS ? [] : fitFamilies(bins);
  const scale = 10 ** decimals;
  if (best !== undefined && isGood(best, floor))
    return { distribution: scaleFamily(best.parameters, scale), because: describeFit(best, floor) };
  return { distribution: empirical(smoothBins(bins), scale), because: describeBins(bins, best, floor) };
}

/** Children per parent: stricter, because the tail of a fan-out decides how large the joins get. */
export function fitDegrees(bins: readonly BinnedCount[]): Fitted | null {
  if (bins.length < MIN_BINS || sizeOf(bins) === 0) return null;
  const [best] = fitCountFamilies(bins);
  if (best === undefined) return null;
  const { totalVariation, kolmogorov } = best.goodness;
  if (totalVariation > GOOD_VARIATION || kolmogorov > GOOD_VARIATION) return null;
  return { distribution: scaleFamily(best.parameters, 1), because: describeFit(best, floorOf(bins)) };
}

/** The bins as the spec writes them, and why no family was taken. */
export function describeBins(bins: readonly BinnedCount[], best: Fit | undefined, floor: number): string {
  const family =
    best === undefined
      ? ''
      : `; best family ${nameFamily(best.parameters.family)} TV ${formatShare(best.goodness.totalVariation)} (floor ${formatShare(floor)})`;
  return `empirical, ${bins.length} ${bins.length === 1 ? 'bin' : 'bins'}${family}`;
}

/** An empirical distribution; bins without weight are left out. */
export function empirical(bins: readonly BinnedCount[], scale = 1): Distribution {
  const kept = bins
    .map(({ from, to, count }): EmpiricalBin => [from / scale, to / scale, roundWeight(count)])
    .filter((bin) => bin[2] > 0);
  return { family: 'empirical', bins: kept };
}

/** Expected total variation of the bins from the truth, by sampling alone. */
export function floorOf(bins: readonly BinnedCount[]): number {
  const size = sizeOf(bins);
  return samplingFloor(
    bins.map((bin) => bin.count / size),
    size,
  );
}

export function sizeOf(bins: readonly BinnedCount[]): number {
  return bins.reduce((sum, bin) => sum + bin.count, 0);
}

function isGood({ goodness }: Fit, floor: number): boolean {
  const { totalVariation } = goodness;
  return totalVariation <= GOOD_VARIATION || (totalVariation <= FLOORS_ALLOWED * floor && totalVariation <= MOST_VARIATION);
}

function describeFit({ parameters, goodness }: Fit, floor: number): string {
  return `${nameFamily(parameters.family)}, TV ${formatShare(goodness.totalVariation)} (floor ${formatShare(floor)}), KS ${formatShare(goodness.kolmogorov)}`;
}

/** The family of the value divided by `scale`. */
function scaleFamily(family: FittedFamily, scale: number): Distribution {
  const round = (value: number) => roundDigits(value, PARAMETER_DIGITS);
  switch (family.family) {
    case 'normal':
      return {
        family: 'normal',
        mean: round(family.mean / scale),
        standardDeviation: round(family.standardDeviation / scale),
        ...scaleBounds(family, scale),
      };
    case 'logNormal':
      return {
        family: 'logNormal',
        mu: round(family.mu - Math.log(scale)),
        sigma: round(family.sigma),
        ...scaleBounds(family, scale),
      };
    case 'exponential':
      return { family: 'exponential', mean: round(family.mean / scale), ...scaleBounds(family, scale) };
    case 'powerLaw':
      return {
        family: 'powerLaw',
        alpha: round(family.alpha),
        min: family.min / scale,
        ...(family.max === undefined ? {} : { max: family.max / scale }),
      };
    case 'zipf':
      return { family: 'zipf', exponent: round(family.exponent), size: family.size };
  }
}

function scaleBounds(family: { readonly min?: number | undefined; readonly max?: number | undefined }, scale: number) {
  return {
    ...(family.min === undefined ? {} : { min: family.min / scale }),
    ...(family.max === undefined ? {} : { max: family.max / scale }),
  };
}
