// Row-path side of a curve: which rank owns a child, and where a rank's children start. Binary search over a few segments.
import type { PlanCurve } from '../../spec/plan.ts';
import { GuidedSearch } from './guided-search.ts';

/** Reads a PlanCurve. Arguments must lie inside the curve; the plan checked that rows and children agree. */
export class CurveLookup {
  readonly children: number;
  private readonly rank: Float64Array;
  private readonly degree: Float64Array;
  private readonly child: Float64Array;
  private readonly byChild: GuidedSearch;
  private readonly byRank: GuidedSearch;
  private last = 0;

  constructor(curve: PlanCurve) {
    this.children = curve.children;
    this.rank = Float64Array.from(curve.rank);
    this.degree = Float64Array.from(curve.degree);
    this.child = Float64Array.from(curve.child);
    this.byChild = new GuidedSearch(this.child);
    this.byRank = new GuidedSearch(this.rank);
  }

  /** The rank of the parent that owns child number `child`, 0 <= child < children. */
  rankOfChild(child: number): number {
    const segment = this.segmentOfChild(child);
    return (
      (this.rank[segment] as number) + Math.floor((child - (this.child[segment] as number)) / (this.degree[segment] as number))
    );
  }

  /** `rankOfChild` of the first `count` children, in their place. */
  toRanks(children: Float64Array, count: number): void {
    const { byChild, child, degree, rank } = this;
    for (let index = 0; index < count; index += 1) {
      const own = children[index] as number;
      const segment = byChild.lastAtMost(own);
      children[index] = (rank[segment] as number) + Math.floor((own - (child[segment] as number)) / (degree[segment] as number));
    }
  }

  /** Degrees and first children of the first `count` ranks. */
  fillFamilies(ranks: Float64Array, count: number, degrees: Float64Array, firsts: Float64Array): void {
    const { byRank, child, degree, rank } = this;
    for (let index = 0; index < count; index += 1) {
      const own = ranks[index] as number;
      const segment = byRank.lastAtMost(own);
      const size = degree[segment] as number;
      degrees[index] = size;
      firsts[index] = (child[segment] as number) + (own - (rank[segment] as number)) * size;
    }
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
    this.last = this.byChild.lastAtMost(child);
    return this.last;
  }

  private segmentOfRank(rank: number): number {
    return this.byRank.lastAtMost(rank);
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
