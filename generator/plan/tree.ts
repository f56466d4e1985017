// A tree at plan time: how many rows each level has, and an exact curve of children for each. Degrees are measured over all rows
// and not level by level, so any sharing out of the fan-out's degrees to the levels is as true as another: each level takes
// as many of the largest (or smallest) remaining ones as its children need, and a fair part of the rest.
import type { Distribution } from '../../spec/distribution.ts';
import type { PlanCurve, PlanTree } from '../../spec/plan.ts';
import { assumeLevels } from '../../spec/tree-levels.ts';
import { apportion, runningSums } from '../../stats/apportion.ts';
import { curveOf, resolveCurve, runsOf } from './curve.ts';
import { type DegreeRun, splitAt, totalChildren } from './degree-runs.ts';
import { meetChildren } from './meet-children.ts';

export interface TreeRequest {
  readonly rows: number;
  /** Weights, roots first; undefined: assumed. */
  readonly levels: readonly number[] | undefined;
  readonly fanOut: Distribution;
  /** Rows whose key is NULL: these are the roots. 0: the roots point at themselves, and count among their own children. */
  readonly nullFraction: number;
  /** Inclusive. */
  readonly maxDegree: number;
}

/** A plan stays small: trees deeper than this get more roots instead. */
const MAX_LEVELS = 10_000;
/** Roots of a tree of which nothing is known. */
const ASSUMED_ROOTS = 0.5;

/** The tree; null when no fan-out up to maxDegree holds its rows. The same request gives the same tree. */
export function resolveTree(request: TreeRequest): PlanTree | null {
  const { fanOut, maxDegree, nullFraction, rows } = request;
  const rootsPointAtThemselves = nullFraction === 0;
  if (rows === 0) return { start: [0], curves: [], rootsPointAtThemselves };
  const sizes = sizeLevels(request);
  const children = rootsPointAtThemselves ? rows : rows - (sizes[0] ?? 0);
  const all = resolveCurve(fanOut, { parents: rows, children, maxDegree });
  if (all === null || all.children !== children) return null;
  const curves = shareDegrees(runsOf(all), sizes, { maxDegree, ownChildren: rootsPointAtThemselves ? 1 : 0 });
  return curves === null ? null : { start: runningSums(sizes), curves, rootsPointAtThemselves };
}

/** Rows of each level, none empty, roots first. */
function sizeLevels({ levels, maxDegree, nullFraction, rows }: TreeRequest): number[] {
  const weights = levels ?? assumeLevels(nullFraction > 0 ? nullFraction : ASSUMED_ROOTS);
  const sum = weights.reduce((left, right) => left + right, 0);
  const rootShare = nullFraction > 0 ? nullFraction : (weights[0] ?? 0) / (sum > 0 ? sum : 1);
  const rootDegree = nullFraction > 0 ? maxDegree : maxDegree - 1;
  if (rootDegree < 1) return [rows];
  const below = weights.length > 1 ? weights.slice(1) : [1];
  for (let roots = Math.max(1, Math.round(rows * rootShare)); roots < rows; roots *= 2) {
    const sizes = fitLevels(roots, apportion(below, rows - roots), { rootDegree, maxDegree });
    if (sizes !== null) return sizes;
  }
  return [rows];
}

/** Levels that their parents can have, what is too much moves one down; null when there would be more than a plan holds. */
function fitLevels(
  roots: number,
  below: readonly number[],
  { rootDegree, maxDegree }: { readonly rootDegree: number; readonly maxDegree: number },
): number[] | null {
  const sizes = [roots];
  let waiting = 0;
  for (let level = 0; level < below.length || waiting > 0; level += 1) {
    waiting += below[level] ?? 0;
    if (waiting === 0) continue;
    if (sizes.length === MAX_LEVELS) return null;
    const size = Math.min(waiting, (sizes.at(-1) ?? 0) * (sizes.length === 1 ? rootDegree : maxDegree));
    sizes.push(size);
    waiting -= size;
  }
  return sizes;
}

interface SharingLimits {
  readonly maxDegree: number;
  /** 1 where a root is a child of its own: it takes one degree more than its level below says. */
  readonly ownChildren: number;
}

/**
 * A curve for each level. The deepest level takes the parents without children; then the small levels choose, since the last and
 * largest one can take what is left and still have the right sum.
 */
function shareDegrees(all: readonly DegreeRun[], sizes: readonly number[], limits: SharingLimits): PlanCurve[] | null {
  const curves: PlanCurve[] = [];
  let remaining = all;
  for (const level of orderLevels(sizes, limits)) {
    const own = level === 0 ? limits.ownChildren : 0;
    const parents = sizes[level] ?? 0;
    const children = sizes[level + 1] ?? 0;
    const picked = pickRuns(remaining, parents, children + own * parents, own);
    remaining = subtractRuns(remaining, picked);
    const withoutOwn = picked.map(({ count, degree }) => ({ count, degree: Math.max(0, degree - own) }));
    const curve = curveOf(meetChildren(withoutOwn, children, limits.maxDegree - own));
    if (curve.children !== children) return null;
    curves[level] = curve;
  }
  return curves;
}

function orderLevels(sizes: readonly number[], { ownChildren }: SharingLimits): number[] {
  const last = sizes.length - 1;
  const turn = (level: number) => (level === last ? 0 : level === 0 && ownChildren > 0 ? 1 : 2);
  return sizes
    .map((_, level) => level)
    .sort((left, right) => turn(left) - turn(right) || (sizes[left] ?? 0) - (sizes[right] ?? 0) || left - right);
}

/**
 * So many parents whose degrees sum nearly to `children`: spread evenly over all of the runs, or over as many of the largest
 * (smallest) ones as give the sum. Degrees below `least` are taken only when there are no others.
 */
function pickRuns(runs: readonly DegreeRun[], parents: number, children: number, least: number): DegreeRun[] {
  const fit = runs.filter((run) => run.degree >= least);
  const usable = countParents(fit) >= parents ? fit : runs;
  const total = countParents(usable);
  const even = spread(usable, parents);
  const isShort = totalChildren(even) < children;
  const pick = (width: number) => {
    const { below, above } = splitAt(usable, isShort ? total - width : width);
    return spread(isShort ? above : below, parents);
  };
  let [low, high] = [parents, total];
  while (low < high) {
    const width = Math.ceil((low + high) / 2);
    // The narrower the window, the farther its mean from the mean of all.
    const isFar = isShort ? totalChildren(pick(width)) >= children : totalChildren(pick(width)) <= children;
    if (isFar) low = width;
    else high = width - 1;
  }
  return pick(low);
}

function spread(runs: readonly DegreeRun[], parents: number): DegreeRun[] {
  const counts = apportion(
    runs.map((run) => run.count),
    parents,
  );
  return runs.map((run, index) => ({ count: counts[index] ?? 0, degree: run.degree }));
}

function countParents(runs: readonly DegreeRun[]): number {
  return runs.reduce((sum, run) => sum + run.count, 0);
}

/** Runs of ascending degree without those that were picked from them. */
function subtractRuns(runs: readonly DegreeRun[], picked: readonly DegreeRun[]): DegreeRun[] {
  const taken = new Map<number, number>();
  for (const { count, degree } of picked) taken.set(degree, (taken.get(degree) ?? 0) + count);
  return runs.map(({ count, degree }) => ({ count: count - (taken.get(degree) ?? 0), degree })).filter((run) => run.count > 0);
}
