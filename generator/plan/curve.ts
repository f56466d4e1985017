// Fan-out as an exact cumulative curve: from a distribution of children per parent to whole degrees whose sum is the number of
// children, to the last one. Parents are ranked by degree; a keyed permutation later says which parent has which rank.
import type { Distribution } from '../../spec/distribution.ts';
import type { PlanCurve } from '../../spec/plan.ts';
import { type DegreeRun, joinRuns, sortRuns } from './degree-runs.ts';
import { appendTail, degreeRuns } from './degree-shape.ts';
import { correctByOne, meetTotal } from './meet-children.ts';

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

/** The first rank that may be stretched: above the quantile that the spec names, else above the median. */
function stretchRank(distribution: Distribution, parents: number): number {
  const above = distribution.family === 'quantiles' ? (distribution.stretchAbove ?? 0.5) : 0.5;
  return Math.floor(parents * above);
}
