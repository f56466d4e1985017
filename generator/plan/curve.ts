// Fan-out as an exact cumulative curve: from a distribution of children per parent to whole degrees whose sum is the number of
// children, to the last one. Parents are ranked by degree; a keyed permutation later says which parent has which rank.
import type { Distribution } from '../../spec/distribution.ts';
import type { PlanCurve } from '../../spec/plan.ts';
import { apportion } from '../../stats/apportion.ts';
import { tailQuantiles } from '../../stats/heavy-tail.ts';
import { discretise } from './histogram.ts';

/** `count` parents with `degree` children each. */
export interface DegreeRun {
  readonly count: number;
  readonly degree: number;
}

/** What a curve must meet. `children` null: as many as the distribution gives. `maxDegree` and `minDegree` (default 0) inclusive. */
export interface CurveTarget {
  readonly parents: number;
  readonly children: number | null;
  readonly maxDegree: number;
  readonly minDegree?: number;
}

/** The curve, or null when no degrees up to maxDegree sum to the wanted children. */
export function resolveCurve(distribution: Distribution, target: CurveTarget): PlanCurve | null {
  const { parents, children, maxDegree } = target;
  if (parents === 0) return children === null || children === 0 ? curveOf([]) : null;
  if (children !== null && children > parents * maxDegree) return null;
  let runs = degreeRuns(distribution, parents, maxDegree);
  if (distribution.family === 'empirical' && distribution.tail !== undefined) {
    runs = appendTail(runs, distribution.tail, distribution.bins, target);
  }
  if (children !== null) runs = meetAbove(runs, { ...target, children }, stretchRank(distribution, parents));
  return curveOf(runs);
}

/** Everybody has `minDegree` first; what is left is met above that. */
function meetAbove(
  runs: readonly DegreeRun[],
  { parents, children, maxDegree, minDegree = 0 }: CurveTarget & { readonly children: number },
  firstRank: number,
): DegreeRun[] {
  if (minDegree === 0) return meetTotal(runs, children, maxDegree, firstRank);
  const above = runs.map(({ count, degree }) => ({ count, degree: Math.max(0, degree - minDegree) }));
  const met = meetTotal(above, children - parents * minDegree, maxDegree - minDegree, firstRank);
  return met.map(({ count, degree }) => ({ count, degree: degree + minDegree }));
}

/** The curve over degree runs given in rank order. */
export function curveOf(runs: readonly DegreeRun[]): PlanCurve {
  const kept = joinRuns(runs);
  const curve = { rank: [] as number[], count: [] as number[], degree: [] as number[], child: [] as number[] };
  let rank = 0;
  let child = 0;
  for (const run of kept) {
    curve.rank.push(rank);
    curve.count.push(run.count);
    curve.degree.push(run.degree);
    curve.child.push(child);
    rank += run.count;
    child += run.count * run.degree;
  }
  return { parents: rank, children: child, ...curve };
}

/** The curve with every degree drawn to the mean by `share` (0: unchanged, 1: all equal), same children; null when it cannot be. */
export function flattenCurve(curve: PlanCurve, share: number, maxDegree: number): PlanCurve | null {
  if (share === 0) return curve;
  if (curve.children > curve.parents * maxDegree) return null;
  const mean = curve.children / curve.parents;
  const runs = curve.degree.map((degree, index) => ({
    count: curve.count[index] ?? 0,
    degree: Math.min(maxDegree, Math.round((1 - share) * degree + share * mean)),
  }));
  return curveOf(correctByOne(runs, curve.children, maxDegree));
}

/** The curve with no degree above `maxDegree`, what is cut off given to the others; null when they cannot take it. */
export function capCurve(curve: PlanCurve, maxDegree: number): PlanCurve | null {
  if ((curve.degree.at(-1) ?? 0) <= maxDegree) return curve;
  if (curve.children > curve.parents * maxDegree) return null;
  const runs = curve.degree.map((degree, index) => ({ count: curve.count[index] ?? 0, degree: Math.min(maxDegree, degree) }));
  return curveOf(meetTotal(runs, curve.children, maxDegree, Math.floor(curve.parents / 2)));
}

/** The runs of a curve, by ascending degree. */
export function runsOf(curve: PlanCurve): DegreeRun[] {
  return joinRuns(sortRuns(curve.degree.map((degree, index) => ({ count: curve.count[index] ?? 0, degree }))));
}

/** Up to this share of the parents gets one more or one less; more is a stretch. */
const NUDGED_SHARE = 0.1;

/** The runs with exactly so many children, changed as little as that needs; runs without parents are left out. */
export function meetChildren(runs: readonly DegreeRun[], children: number, maxDegree: number): DegreeRun[] {
  const sorted = sortRuns(runs);
  const parents = sorted.reduce((sum, run) => sum + run.count, 0);
  const isNear = Math.abs(children - totalChildren(sorted)) <= NUDGED_SHARE * parents;
  return isNear ? correctByOne(sorted, children, maxDegree) : meetTotal(sorted, children, maxDegree, Math.floor(parents / 2));
}

/** Sum of count times degree. */
export function totalChildren(runs: readonly DegreeRun[]): number {
  return runs.reduce((sum, run) => sum + run.count * run.degree, 0);
}

function joinRuns(runs: readonly DegreeRun[]): DegreeRun[] {
  const joined: DegreeRun[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (run.count === 0) continue;
    if (last !== undefined && last.degree === run.degree)
      joined[joined.length - 1] = { count: last.count + run.count, degree: run.degree };
    else joined.push(run);
  }
  return joined;
}

function degreeRuns(distribution: Distribution, parents: number, maxDegree: number): DegreeRun[] {
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

/** Degrees of one bin [from, to): its parents spread evenly over the whole numbers in it, ascending. */
function spreadBin(from: number, to: number, count: number): DegreeRun[] {
  const width = to - from;
  if (width === 1) return [{ count, degree: from }];
  const steps = Math.min(width, count, 64);
  const runs: DegreeRun[] = [];
  let given = 0;
  for (let step = 0; step < steps; step += 1) {
    const upTo = Math.round((count * (step + 1)) / steps);
    runs.push({ count: upTo - given, degree: from + Math.floor(((step + 0.5) * width) / steps) });
    given = upTo;
  }
  return runs;
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
function appendTail(
  runs: readonly DegreeRun[],
  tail: Tail,
  bins: readonly (readonly [number, number, number])[],
  { parents, children, maxDegree }: CurveTarget,
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

function sortRuns(runs: readonly DegreeRun[]): DegreeRun[] {
  return runs.filter((run) => run.count > 0).sort((left, right) => left.degree - right.degree);
}

/** The first rank that may be stretched: above the quantile that the spec names, else above the median. */
function stretchRank(distribution: Distribution, parents: number): number {
  const above = distribution.family === 'quantiles' ? (distribution.stretchAbove ?? 0.5) : 0.5;
  return Math.floor(parents * above);
}

/** Up to this share of the children is added or taken one by one; more is a stretch. */
const CORRECTION_SHARE = 0.005;

/** Brings the sum to `children`: scales the ranks from `firstRank` on, then corrects single parents by one. */
function meetTotal(runs: readonly DegreeRun[], children: number, maxDegree: number, firstRank: number): DegreeRun[] {
  const sorted = sortRuns(runs);
  if (Math.abs(children - totalChildren(sorted)) <= CORRECTION_SHARE * children) return correctByOne(sorted, children, maxDegree);
  const fixed = splitAt(sorted, firstRank);
  const fixedSum = totalChildren(fixed.below);
  const room = fixed.above.reduce((sum, run) => sum + run.count, 0) * maxDegree;
  if (fixedSum > children || fixedSum + room < children) {
    if (firstRank > 0) return meetTotal(runs, children, maxDegree, 0);
    return correctByOne(scaleRuns(fixed.above, children, maxDegree), children, maxDegree);
  }
  const scaled = scaleRuns(fixed.above, children - fixedSum, maxDegree);
  return correctByOne(sortRuns([...fixed.below, ...scaled]), children, maxDegree);
}

/** The runs of the first `rank` parents, and those of the others. */
export function splitAt(runs: readonly DegreeRun[], rank: number): { below: DegreeRun[]; above: DegreeRun[] } {
  const below: DegreeRun[] = [];
  const above: DegreeRun[] = [];
  let seen = 0;
  for (const run of runs) {
    const inside = Math.max(0, Math.min(run.count, rank - seen));
    if (inside > 0) below.push({ count: inside, degree: run.degree });
    if (run.count > inside) above.push({ count: run.count - inside, degree: run.degree });
    seen += run.count;
  }
  return { below, above };
}

/** Degrees times one factor, rounded down, such that the sum is at most `wanted` and as near as a factor gets. */
function scaleRuns(runs: readonly DegreeRun[], wanted: number, maxDegree: number): DegreeRun[] {
  if (totalChildren(runs) === wanted) return [...runs];
  // A parent that had none may have to get some when nothing else can: start from at least a little.
  const isBarren = totalChildren(runs) === 0;
  const base = runs.map((run) => ({ count: run.count, degree: isBarren ? 1 : run.degree }));
  // A parent with children keeps one as long as the sum allows: shrinking changes how many, not whether.
  const atLeast = base.reduce((sum, run) => sum + Math.min(1, run.degree) * run.count, 0) <= wanted ? 1 : 0;
  const scaleDegree = (degree: number, factor: number) => Math.max(Math.min(atLeast, degree), Math.floor(degree * factor));
  const at = (factor: number) =>
    base.map((run) => ({ count: run.count, degree: Math.min(maxDegree, scaleDegree(run.degree, factor)) }));
  let low = 0;
  let high = 1;
  while (totalChildren(at(high)) < wanted && high < 1e15) high *= 2;
  for (let round = 0; round < 80; round += 1) {
    const middle = (low + high) / 2;
    if (totalChildren(at(middle)) <= wanted) low = middle;
    else high = middle;
  }
  return at(low);
}

/** Adds or takes one child at a time, largest degrees first, as often as the sum needs; parents without children stay so if possible. */
function correctByOne(runs: readonly DegreeRun[], children: number, maxDegree: number): DegreeRun[] {
  let current = sortRuns(runs);
  for (let guard = 0; guard < 100_000; guard += 1) {
    const missing = children - totalChildren(current);
    if (missing === 0) return current;
    const step = Math.sign(missing);
    const next = nudge(current, Math.abs(missing), step, maxDegree, 1) ?? nudge(current, Math.abs(missing), step, maxDegree, 0);
    if (next === null) return current;
    current = sortRuns(next);
  }
  return current;
}

function nudge(runs: readonly DegreeRun[], missing: number, step: number, maxDegree: number, floor: number): DegreeRun[] | null {
  let left = missing;
  const changed = [...runs].reverse().flatMap((run): DegreeRun[] => {
    const isMovable = step > 0 ? run.degree < maxDegree && run.degree >= floor : run.degree > floor;
    const moved = isMovable ? Math.min(run.count, left) : 0;
    left -= moved;
    return [
      { count: run.count - moved, degree: run.degree },
      { count: moved, degree: run.degree + step },
    ];
  });
  return left === missing ? null : changed;
}
