// Row-path side of distinct pairs: the rank on the other side of each position among the pairs. A position is a child number of the side that
// owns the runs; which row has which position is an order of its own, and any order keeps the pairs distinct.
import type { PlanPairs } from '../../spec/plan.ts';
import type { RowList } from '../columns/row-list.ts';
import { CurveLookup, lastAtMost } from './curve-lookup.ts';

/** Which row has which position among the pairs: the child numbers of the side that owns the runs. */
export interface PairPositions {
  childOf(row: number): number;
  /** `childOf` of a list without missing rows. */
  fillChildren(list: RowList, positions: Float64Array): void;
}

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
