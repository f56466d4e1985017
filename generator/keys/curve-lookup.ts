// Row-path side of a curve: which rank owns a child, and where a rank's children start. Binary search over a few segments.
import type { PlanCurve } from '../../spec/plan.ts';

/** Reads a PlanCurve. Arguments must lie inside the curve; the plan checked that rows and children agree. */
export class CurveLookup {
  readonly children: number;
  private readonly rank: Float64Array;
  private readonly degree: Float64Array;
  private readonly child: Float64Array;
  private last = 0;

  constructor(curve: PlanCurve) {
    this.children = curve.children;
    this.rank = Float64Array.from(curve.rank);
    this.degree = Float64Array.from(curve.degree);
    this.child = Float64Array.from(curve.child);
  }

  /** The rank of the parent that owns child number `child`, 0 <= child < children. */
  rankOfChild(child: number): number {
    const segment = this.segmentOfChild(child);
    return (
      (this.rank[segment] as number) + Math.floor((child - (this.child[segment] as number)) / (this.degree[segment] as number))
    );
  }

  /** Children of the parent with this rank. */
  degreeOfRank(rank: number): number {
    return this.degree[this.segmentOfRank(rank)] as number;
  }

  /** Number of the first child of the parent with this rank. */
  firstChildOfRank(rank: number): number {
    const segment = this.segmentOfRank(rank);
    return (this.child[segment] as number) + (rank - (this.rank[segment] as number)) * (this.degree[segment] as number);
  }

  /** The last segment that starts at or before the child; segments of degree 0 own none and are passed over. */
  private segmentOfChild(child: number): number {
    const known = this.last;
    if (child >= (this.child[known] as number) && (known + 1 === this.child.length || child < (this.child[known + 1] as number)))
      return known;
    this.last = lastAtMost(this.child, child);
    return this.last;
  }

  private segmentOfRank(rank: number): number {
    return lastAtMost(this.rank, rank);
  }
}

/** Index of the last element that is at most `value`; the array ascends and its first element is at most `value`. */
export function lastAtMost(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((ascending[middle] as number) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
