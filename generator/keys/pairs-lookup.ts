// Row-path side of distinct pairs: the two parent ranks of a junction row, and the rows of one parent of the runs side.
import type { PlanPairs } from '../../spec/plan.ts';
import { CurveLookup, lastAtMost } from './curve-lookup.ts';

/** Ranks of the other side by row; see generator/plan/pairs.ts for the layout. */
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

  /** The rank on the other side of junction row `row`. */
  otherRank(row: number): number {
    const { lightRows, stride, offset } = this.plan;
    if (row < lightRows) return this.light.rankOfChild((row * stride + offset) % lightRows);
    const heavy = lastAtMost(this.heavyRows, row);
    const within = row - (this.heavyRows[heavy] as number);
    const range = lastAtMost(this.heavyStarts[heavy] as Float64Array, within);
    const rank = this.plan.heavy[heavy]?.ranges[range]?.[0] ?? 0;
    return rank + within - ((this.heavyStarts[heavy] as Float64Array)[range] as number);
  }
}
