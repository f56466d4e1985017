// What marginals of children say about their parents alone: how many children have a parent of each class.
import { classCount, NULL_CLASS, type PairAxis, type Via } from '../../../spec/pair-axis.ts';
import type { PlanCurve } from '../../../spec/plan.ts';
import { lastAtMost } from '../../keys/curve-lookup.ts';
import { middleRank } from './place-classes.ts';
import { withoutVia } from './population-draft.ts';
import type { Read } from './read-marginals.ts';

export interface ParentCounts {
  /** As the parent's own. */
  readonly axis: PairAxis;
  /** Children by class of the parent, those without a parent taken out. */
  readonly counts: Float64Array;
  readonly other: number;
}

/** One for each axis of the parent, from the marginal that withheld least of it. `nullShare`: of the children without a parent, 0 to 1. */
export function parentCounts(marginals: readonly Read[], isOwn: (via: Via) => boolean, nullShare: number): ParentCounts[] {
  const found = new Map<string, ParentCounts>();
  for (const marginal of marginals) {
    for (const [position, axis] of marginal.axes.entries()) {
      const own = 'via' in axis && axis.via !== undefined && isOwn(axis.via) ? withoutVia(axis) : null;
      if (own === null) continue;
      const name = JSON.stringify(own);
      if ((found.get(name)?.other ?? Number.POSITIVE_INFINITY) <= marginal.other) continue;
      found.set(name, { axis: own, counts: countsOf(marginal, position, own, nullShare), other: marginal.other });
    }
  }
  return [...found.values()];
}

function countsOf({ axes, cells, other }: Read, position: number, own: PairAxis, nullShare: number): Float64Array {
  const columns = axes[1] === undefined ? 1 : classCount(axes[1]);
  const counts = new Float64Array(classCount(own));
  for (const [at, count] of cells.entries()) {
    const value = position === 0 ? Math.floor(at / columns) : at % columns;
    counts[value] = (counts[value] ?? 0) + count;
  }
  // Class 0 also holds the rows that have no parent, so many that we know them.
  const sum = counts.reduce((left, right) => left + right, other);
  counts[NULL_CLASS] = Math.max(0, (counts[NULL_CLASS] ?? 0) - sum * nullShare);
  return counts;
}

/** Children of the parent in the middle of each place of the curve's ranks. */
export function degreesByPlace(curve: PlanCurve, size: number, rows: number): Float64Array {
  const starts = Float64Array.from(curve.rank);
  return Float64Array.from({ length: size }, (_, place) => curve.degree[lastAtMost(starts, middleRank(place, size, rows))] ?? 0);
}
