// From a distribution to whole counts over whole values: the last place where floating point is allowed. The cumulative
// distribution is read at fixed edges and rounded once, so counts sum to the number of rows exactly.

import type { Distribution } from '../../spec/distribution.ts';
import type { PlanHistogram } from '../../spec/plan.ts';
import { apportion, runningSums } from '../../stats/apportion.ts';
import { binOf, rangeOf } from '../../stats/binning.ts';
import { distributionFunction } from '../../stats/distribution-function.ts';

/** `count` values v with from <= v < to, whole numbers. */
export interface CountedBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Inclusive bounds of the type or column, in units of 10^-decimals. */
export interface ValueBounds {
  readonly min: number;
  readonly max: number;
}

/** Edges of named families: integers up to 63 alone, 32 steps an octave above. */
const FAMILY_BINNING = { kind: 'magnitude', subBits: 5 } as const;
const LINEAR_STEPS = 512;

/**
 * Counts that sum to `total` over bins of whole multiples of 10^-decimals, ascending, empty bins left out. A value is the
 * draw rounded down. What lies outside the bounds goes to the outermost value.
 */
export function discretise(distribution: Distribution, decimals: number, total: number, bounds: ValueBounds): CountedBin[] {
  const scale = 10 ** decimals;
  const edges = clipEdges(listEdges(distribution, scale), bounds);
  const below = distributionFunction(distribution);
  const weights = edges.slice(0, -1).map((edge, index) => {
    const isFirst = index === 0;
    const isLast = index === edges.length - 2;
    const upper = isLast ? 1 : below((edges[index + 1] as number) / scale);
    return Math.max(0, upper - (isFirst ? 0 : below(edge / scale)));
  });
  const counts = apportion(weights, total);
  return counts
    .map((count, index) => ({ from: edges[index] as number, to: edges[index + 1] as number, count }))
    .filter((bin) => bin.count > 0);
}

/** The same as the plan stores it. */
export function planHistogram(bins: readonly CountedBin[]): PlanHistogram {
  return {
    from: bins.map((bin) => bin.from),
    width: bins.map((bin) => bin.to - bin.from),
    cumulative: runningSums(bins.map((bin) => bin.count)),
  };
}

/** Ascending whole edges that cover the bounds, at least one bin. */
function clipEdges(edges: readonly number[], bounds: ValueBounds): number[] {
  const inside = edges.filter((edge) => edge > bounds.min && edge < bounds.max + 1);
  const unique = [...new Set([bounds.min, ...inside, bounds.max + 1])].sort((left, right) => left - right);
  return trimEdges(unique, edges);
}

/** Drops the parts of the bounds that lie far outside the distribution's own edges, so that nothing is spread over them. */
function trimEdges(edges: readonly number[], own: readonly number[]): number[] {
  const first = Math.min(...own.slice(0, 1), Number.POSITIVE_INFINITY);
  const last = own.at(-1) ?? Number.NEGATIVE_INFINITY;
  const kept = edges.filter((edge) => edge >= first && edge <= last);
  if (kept.length >= 2) return kept;
  const only = Math.min(Math.max(first, edges[0] as number), (edges.at(-1) as number) - 1);
  return [only, only + 1];
}

/** The family's own edges in scaled units, ascending and whole. */
function listEdges(distribution: Distribution, scale: number): number[] {
  const edges = new Set(familyEdges(distribution, scale).filter((edge) => Number.isFinite(edge) && Math.abs(edge) < 2 ** 53));
  return [...edges].sort((left, right) => left - right);
}

function familyEdges(distribution: Distribution, scale: number): number[] {
  switch (distribution.family) {
    case 'constant': {
      const value = Math.round(distribution.value * scale);
      return [value, value + 1];
    }
    case 'empirical':
      return distribution.bins.flatMap(([from, to]) => [
        Math.round(from * scale),
        Math.max(Math.round(from * scale) + 1, Math.round(to * scale)),
      ]);
    case 'uniform':
      return linearEdges(distribution.min * scale, distribution.max * scale);
    case 'normal':
      return rangeEdges(
        Math.max(distribution.min ?? Number.NEGATIVE_INFINITY, distribution.mean - 6 * distribution.standardDeviation) * scale,
        Math.min(distribution.max ?? Number.POSITIVE_INFINITY, distribution.mean + 6 * distribution.standardDeviation) * scale,
      );
    case 'logNormal':
      return rangeEdges(
        Math.max(distribution.min ?? 0, Math.exp(distribution.mu - 6 * distribution.sigma)) * scale,
        Math.min(distribution.max ?? Number.POSITIVE_INFINITY, Math.exp(distribution.mu + 6 * distribution.sigma)) * scale,
      );
    case 'exponential':
      return rangeEdges(
        (distribution.min ?? 0) * scale,
        Math.min(distribution.max ?? Number.POSITIVE_INFINITY, (distribution.min ?? 0) + 24 * distribution.mean) * scale,
      );
    case 'powerLaw':
      return rangeEdges(
        distribution.min * scale,
        (distribution.max ?? distribution.min * 1e9 ** (1 / (distribution.alpha - 1))) * scale,
      );
    case 'zipf':
      return rangeEdges(scale, distribution.size * scale);
    case 'geometric':
      return rangeEdges(
        distribution.start * scale,
        Math.min(distribution.max ?? Number.POSITIVE_INFINITY, distribution.start + 24 / Math.max(1e-9, distribution.p)) * scale,
      );
    case 'quantiles':
      return rangeEdges((distribution.points[0]?.[1] ?? 0) * scale, (distribution.points.at(-1)?.[1] ?? 0) * scale);
    case 'mixture':
      return distribution.parts.flatMap((part) => familyEdges(part.of, scale));
  }
}

function linearEdges(from: number, to: number): number[] {
  const first = Math.round(from);
  const last = Math.max(first + 1, Math.round(to) + 1);
  const steps = Math.min(LINEAR_STEPS, last - first);
  return Array.from({ length: steps + 1 }, (_, index) => first + Math.round(((last - first) * index) / steps));
}

/** Both a magnitude grid (for tails) and a linear one (for bodies far from zero) over the inclusive range. */
function rangeEdges(from: number, to: number): number[] {
  const first = Math.floor(from);
  const last = Math.max(first + 1, Math.floor(to) + 1);
  const edges = linearEdges(first, last - 1);
  let value = first;
  while (value < last) {
    edges.push(value);
    value = rangeOf(FAMILY_BINNING, 0, binOf(FAMILY_BINNING, 0, value)).to;
  }
  return edges;
}
