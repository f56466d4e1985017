// Degrees whose sum is the number of children, to the last one: scaled by one factor, then corrected by one here and there.
import { type DegreeRun, sortRuns, splitAt, totalChildren } from './degree-runs.ts';

/** Up to this share of the parents gets one more or one less; more is a stretch. */
const NUDGED_SHARE = 0.1;

/** The runs with exactly so many children, changed as little as that needs; runs without parents are left out. */
export function meetChildren(runs: readonly DegreeRun[], children: number, maxDegree: number): DegreeRun[] {
  const sorted = sortRuns(runs);
  const parents = sorted.reduce((sum, run) => sum + run.count, 0);
  const isNear = Math.abs(children - totalChildren(sorted)) <= NUDGED_SHARE * parents;
  return isNear ? correctByOne(sorted, children, maxDegree) : meetTotal(sorted, children, maxDegree, Math.floor(parents / 2));
}

/** Up to this share of the children is added or taken one by one; more is a stretch. */
const CORRECTION_SHARE = 0.005;

/** Brings the sum to `children`: scales the ranks from `firstRank` on, then corrects single parents by one. */
export function meetTotal(runs: readonly DegreeRun[], children: number, maxDegree: number, firstRank: number): DegreeRun[] {
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
export function correctByOne(runs: readonly DegreeRun[], children: number, maxDegree: number): DegreeRun[] {
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
