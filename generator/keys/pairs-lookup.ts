// Row-path side of distinct pairs: the rank on the other side of each position among the pairs. A position is a child number of the side that
// owns the runs; which row has which position is an order of its own, and any order keeps the pairs distinct.
import type { PlanPairs } from '../../spec/plan.ts';
import { CurveLookup, lastAtMost } from './curve-lookup.ts';

/** The position of a row among the pairs; below 0 for a row that is in none. Null where positions are row numbers. */
export type PairPositions = ((row: number) => number) | null;

/** Ranks of the other side by position; see generator/plan/pairs.ts for the layout. */
export class PairsLookup {
  private readonly plan: PlanPairs;
  private readonly light: CurveLookup;
  private readonly heavyRows: Float64Array;
  private readonly heavyStarts: readonly Float64Array[];

  constructor(plan: PlanPairs) {
    this.plan = plan;
    this.light = new CurveLookup(plan.lightCurve);
    this.heavyRows = Float64Array.from(plan.heavy.map((parent) => parent.row));
    this.heavyStarts = plan.heavy.map((parent) => {
      let start = 0;
      return Float64Array.from(
        parent.ranges.map(([, count]) => {
          start += count;
          return start - count;
        }),
      );
    });
  }

  /** The rank on the other side. */
  otherRank(position: number): number {
    const { lightRows, stride, offset } = this.plan;
    if (position < lightRows) return this.light.rankOfChild((position * stride + offset) % lightRows);
    const heavy = lastAtMost(this.heavyRows, position);
    const within = position - (this.heavyRows[heavy] as number);
    const range = lastAtMost(this.heavyStarts[heavy] as Float64Array, within);
    const rank = this.plan.heavy[heavy]?.ranges[range]?.[0] ?? 0;
    return rank + within - ((this.heavyStarts[heavy] as Float64Array)[range] as number);
  }
}
