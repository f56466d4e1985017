// P[X < x] of every family that a spec can name. Strictly below, so that a count of integers in [a, b) is F(b) - F(a) for
// discrete and continuous families alike. A continuous family over integers means floor(X): integer n stands for [n, n + 1).
import type {
  EmpiricalParameters,
  FamilyParameters,
  GeometricParameters,
  PowerLawParameters,
  QuantileParameters,
  WeightedBin,
} from './families.ts';
import { harmonicSum } from './harmonic-sum.ts';
import { normalBetween } from './normal-distribution.ts';

/** x -> P[X < x]; rises from 0 to 1. */
export type DistributionFunction = (x: number) => number;

/** The mass that an unbounded family puts between two values. */
type Between = (from: number, to: number) => number;

/**
 * P[X < x] of the distribution, cut to its bounds and rescaled. An empirical `tail` is ignored. Throws RangeError when nothing
 * of the distribution lies inside its bounds or all its weights are zero.
 */
export function distributionFunction(distribution: FamilyParameters): DistributionFunction {
  switch (distribution.family) {
    case 'constant':
      return step(distribution.value);
    case 'uniform':
      return uniform(distribution.min, distribution.max);
    case 'normal': {
      const { mean, standardDeviation } = distribution;
      return cut((from, to) => normalBetween((from - mean) / standardDeviation, (to - mean) / standardDeviation), distribution);
    }
    case 'logNormal': {
      const z = (x: number) => (x <= 0 ? Number.NEGATIVE_INFINITY : (Math.log(x) - distribution.mu) / distribution.sigma);
      return cut((from, to) => normalBetween(z(from), z(to)), distribution);
    }
    case 'exponential': {
      const survival = (x: number) => Math.exp(-Math.max(0, x) / distribution.mean);
      return cut((from, to) => survival(from) - survival(to), distribution);
    }
    case 'powerLaw':
      return powerLaw(distribution);
    case 'zipf':
      return zipf(distribution.exponent, distribution.size);
    case 'geometric':
      return geometric(distribution);
    case 'empirical':
      return empirical(distribution);
    case 'quantiles':
      return quantiles(distribution);
    case 'mixture':
      return mixture(distribution.parts);
  }
}

function step(value: number): DistributionFunction {
  return (x) => (x > value ? 1 : 0);
}

function uniform(min: number, max: number): DistributionFunction {
  if (max < min) throw new RangeError('a uniform distribution needs min <= max');
  if (max === min) return step(min);
  return (x) => clamp((x - min) / (max - min));
}

function clamp(probability: number): number {
  return Math.min(1, Math.max(0, probability));
}

function cut(
  between: Between,
  bounds: { readonly min?: number | undefined; readonly max?: number | undefined },
): DistributionFunction {
  const from = bounds.min ?? Number.NEGATIVE_INFINITY;
  const to = bounds.max ?? Number.POSITIVE_INFINITY;
  const mass = between(from, to);
  if (!(mass > 0)) throw new RangeError('the distribution has no probability inside its bounds');
  return (x) => {
    if (x <= from) return 0;
    return x >= to ? 1 : clamp(between(from, x) / mass);
  };
}

function powerLaw({ alpha, min, max }: PowerLawParameters): DistributionFunction {
  const survival = (x: number) => (x <= min ? 1 : (x / min) ** (1 - alpha));
  return cut((from, to) => survival(from) - survival(to), { min, max });
}

function zipf(exponent: number, size: number): DistributionFunction {
  const sum = harmonicSum(exponent);
  const total = sum(size);
  return (x) => {
    if (x <= 1) return 0;
    return x > size ? 1 : clamp(sum(Math.ceil(x) - 1) / total);
  };
}

function geometric({ p, start, max }: GeometricParameters): DistributionFunction {
  if (p <= 0 || (max !== undefined && max < start)) throw new RangeError('a geometric distribution needs p > 0 and max >= start');
  // 1 - (1 - p)^n without losing the digits of a small p.
  const below = (terms: number) => -Math.expm1(terms * Math.log1p(-p));
  const total = max === undefined ? 1 : below(Math.floor(max) - start + 1);
  return (x) => {
    if (x <= start) return 0;
    return max !== undefined && x > max ? 1 : clamp(below(Math.ceil(x) - start) / total);
  };
}

function empirical({ bins }: EmpiricalParameters): DistributionFunction {
  const sorted = [...bins].sort((left, right) => left[0] - right[0]);
  const total = sorted.reduce((sum, bin) => sum + bin[2], 0);
  if (!(total > 0)) throw new RangeError('an empirical distribution needs a bin with weight');
  if (sorted.some((bin, index) => bin[0] < (sorted[index - 1]?.[1] ?? Number.NEGATIVE_INFINITY))) {
    return overlapping(sorted, total);
  }
  const starts = sorted.map((bin) => bin[0]);
  const before = runningSum(sorted.map((bin) => bin[2]));
  return (x) => {
    const at = lastBelow(starts, x);
    const bin = sorted[at];
    return bin === undefined ? 0 : clamp(((before[at] ?? 0) + weightBelow(bin, x)) / total);
  };
}

/** Bins that overlap add up: between two edges the sum rises evenly, so it is known once for all by a walk over the edges. */
function overlapping(bins: readonly WeightedBin[], total: number): DistributionFunction {
  const turns = bins
    .flatMap(([from, to, weight]) => [
      { at: from, slope: weight / (to - from) },
      { at: to, slope: -weight / (to - from) },
    ])
    .sort((left, right) => left.at - right.at);
  const edges: number[] = [];
  const reached: number[] = [];
  const slopes: number[] = [];
  let below = 0;
  let slope = 0;
  for (const turn of turns) {
    const last = edges.at(-1) ?? turn.at;
    below += Math.max(0, slope) * (turn.at - last);
    slope += turn.slope;
    if (edges.length === 0 || turn.at > last) {
      edges.push(turn.at);
      reached.push(below);
      slopes.push(slope);
    } else slopes[slopes.length - 1] = slope;
  }
  // Rounding leaves a trace of the total.
  const whole = below > 0 ? below : total;
  return (x) => {
    const at = lastBelow(edges, x);
    if (at < 0) return 0;
    if (at === edges.length - 1) return 1;
    return clamp(((reached[at] ?? 0) + Math.max(0, slopes[at] ?? 0) * (x - (edges[at] ?? 0))) / whole);
  };
}

function weightBelow([from, to, weight]: WeightedBin, x: number): number {
  return weight * clamp((x - from) / (to - from));
}

function runningSum(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => {
    const before = sum;
    sum += value;
    return before;
  });
}

/** Index of the last of the rising values that is below x, -1 where none is. */
function lastBelow(values: readonly number[], x: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? Number.POSITIVE_INFINITY) < x) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function quantiles({ points }: QuantileParameters): DistributionFunction {
  if (points.some(([p, value], index) => p < (points[index - 1]?.[0] ?? 0) || value < (points[index - 1]?.[1] ?? value))) {
    throw new RangeError('the points of a quantile curve must rise in probability and value');
  }
  const values = points.map(([, value]) => value);
  return (x) => {
    const at = lastBelow(values, x);
    const left = points[at];
    const right = points[at + 1];
    if (left === undefined) return 0;
    return right === undefined ? 1 : clamp(left[0] + (right[0] - left[0]) * share(left[1], right[1], x));
  };
}

/** How far x is from `from` to `to`: on a log scale where both are positive, else linear. */
function share(from: number, to: number, x: number): number {
  return from > 0 ? Math.log(x / from) / Math.log(to / from) : (x - from) / (to - from);
}

function mixture(parts: readonly { readonly weight: number; readonly of: FamilyParameters }[]): DistributionFunction {
  const total = parts.reduce((sum, part) => sum + part.weight, 0);
  const functions = parts.map((part) => ({ weight: part.weight / total, below: distributionFunction(part.of) }));
  return (x) => clamp(functions.reduce((sum, part) => sum + part.weight * part.below(x), 0));
}
