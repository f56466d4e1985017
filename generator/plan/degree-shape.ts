// The degrees that a distribution gives so many parents: its bins, and above them its tail.
import type { Distribution } from '../../spec/distribution.ts';
import { apportion } from '../../stats/apportion.ts';
import { tailQuantiles } from '../../stats/heavy-tail.ts';
import { type DegreeRun, sortRuns, spreadBin, totalChildren } from './degree-runs.ts';
import { discretise } from './histogram.ts';

/** Degrees of as many parents as the distribution has outside of its tail. */
export function degreeRuns(distribution: Distribution, parents: number, maxDegree: number): DegreeRun[] {
  const bins = discretise(bodyOf(distribution), 0, bodyParents(distribution, parents), { min: 0, max: maxDegree });
  return bins.flatMap((bin) => spreadBin(bin.from, bin.to, bin.count));
}

/** An empirical fan-out's bins without its tail. */
function bodyOf(distribution: Distribution): Distribution {
  return distribution.family === 'empirical' ? { family: 'empirical', bins: distribution.bins } : distribution;
}

/** Parents that the bins stand for: all but the tail's share. */
function bodyParents(distribution: Distribution, parents: number): number {
  if (distribution.family !== 'empirical' || distribution.tail === undefined) return parents;
  return parents - tailParents(distribution.bins, distribution.tail, parents);
}

function tailParents(
  bins: readonly (readonly [number, number, number])[],
  tail: { readonly parents: number },
  parents: number,
): number {
  const body = bins.reduce((sum, bin) => sum + bin[2], 0);
  return Math.min(parents, Math.round((parents * tail.parents) / (body + tail.parents)));
}

const MAX_TAIL_STEPS = 4096;

/** An empirical fan-out's parents above its bins. */
interface Tail {
  readonly parents: number;
  readonly children: number;
  readonly from?: number | undefined;
  readonly sigma?: number | undefined;
  readonly exponent?: number | undefined;
}

/** What the bins leave of the children goes to the tail when it is this near to what the tail has: rounding, not another shape. */
const TAIL_SLACK = 0.25;

/** The quantiles of the tail's own shape; `rest` children are left by the bins. */
function shapedTail(tail: Tail & { readonly from: number }, count: number, rest: number | null, maxDegree: number): DegreeRun[] {
  if (count === 0) return [];
  const own = (tail.children / tail.parents) * count;
  const isNear = rest !== null && Math.abs(rest - own) <= TAIL_SLACK * own;
  const sum = Math.max(isNear ? rest : own, count * Math.min(tail.from, maxDegree));
  // A larger copy has more parents with the degrees that there were, not larger ones: the shape stays.
  const steps = Math.min(count, tail.parents, MAX_TAIL_STEPS);
  const sizes = apportion(new Array<number>(steps).fill(1), count);
  const shape = { from: Math.min(tail.from, maxDegree), sigma: tail.sigma ?? null, exponent: tail.exponent ?? null };
  const degrees = tailQuantiles(shape, sizes, sum, maxDegree);
  return sizes.map((size, step) => ({ count: size, degree: Math.round(degrees[step] ?? 0) }));
}

/**
 * The few parents above the measured bins: degrees growing by a constant factor from the largest measured one, so that they
 * have the tail's children together (a power law's order statistics, Newman 2005, seen over a few ranks).
 */
export function appendTail(
  runs: readonly DegreeRun[],
  tail: Tail,
  bins: readonly (readonly [number, number, number])[],
  { parents, children, maxDegree }: { readonly parents: number; readonly children: number | null; readonly maxDegree: number },
): DegreeRun[] {
  const count = tailParents(bins, tail, parents);
  const { from } = tail;
  if (from !== undefined)
    return sortRuns([
      ...runs,
      ...shapedTail({ ...tail, from }, count, children === null ? null : children - totalChildren(runs), maxDegree),
    ]);
  const mean = tail.children / tail.parents;
  const largest = runs.reduce((most, run) => Math.max(most, run.degree), 0);
  if (mean <= largest) return sortRuns([...runs, ...spreadBin(0, Math.max(1, Math.round(2 * mean)), count)]);
  const wanted = mean * count;
  let low = 0;
  let high = Math.log(maxDegree + 1);
  // So many parents at most are told apart: a plan stays small however large the copy is.
  const steps = Math.min(count, MAX_TAIL_STEPS);
  const sizes = apportion(new Array<number>(steps).fill(1), count);
  const degreeAt = (growth: number, step: number) => Math.min(maxDegree, largest * Math.exp((growth * (step + 1)) / steps));
  const sumAt = (growth: number) => sizes.reduce((sum, size, step) => sum + size * degreeAt(growth, step), 0);
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (sumAt(middle) < wanted) low = middle;
    else high = middle;
  }
  const tailRuns = sizes.map((size, step) => ({ count: size, degree: Math.round(degreeAt(high, step)) }));
  return sortRuns([...runs, ...tailRuns]);
}
