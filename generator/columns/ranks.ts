// From a row to its rank in a column. Ranks are exact: every rank occurs once, so counts per bin come out as planned.
import type { PlanHistogram, PlanRanks } from '../../spec/plan.ts';
import { FirstChildOrder } from '../keys/first-child-order.ts';
import { GuidedSearch } from '../keys/guided-search.ts';
import { ProfileRanks } from '../profiles/profile-ranks.ts';
import type { TableRows } from '../profiles/profile-rows.ts';
import { Permutation } from '../random/permutation.ts';
import type { RowList } from './row-list.ts';

/** A bijection from rows (forward) to ranks with NULLs counted, and back (inverse). */
export interface RowOrder {
  forward(row: number): number;
  inverse(rank: number): number;
  /** `forward` of a list without missing rows. */
  fill(list: RowList, ranks: Float64Array): void;
  /** `inverse` of the first `count` values, in their place. */
  inverseAll(values: Float64Array, count: number): void;
}

/** Rows in an order without any meaning. */
class ShuffledRows extends Permutation implements RowOrder {
  fill({ count, rows }: RowList, ranks: Float64Array): void {
    for (let index = 0; index < count; index += 1) ranks[index] = rows[index] as number;
    this.forwardAll(ranks, count);
  }
}

/** The order that the plan says; null where ranks are row numbers. */
export function rowOrder(plan: PlanRanks, table: TableRows): RowOrder | null {
  switch (plan.order) {
    case 'row':
      return null;
    case 'profile':
      return new ProfileRanks(plan, table);
    case 'shuffled':
      return new ShuffledRows({ size: table.rows, key: plan.key });
  }
}

/** Value ranks of rows: 0 to rows - nulls - 1, or -1 for NULL. */
export class Ranks {
  private readonly order: RowOrder | null;
  private readonly first: FirstChildOrder | null;
  private readonly nulls: number;

  constructor(plan: PlanRanks | null, table: TableRows) {
    this.nulls = plan?.nulls ?? 0;
    this.first = plan?.first === undefined ? null : new FirstChildOrder(plan.first, table.rows);
    this.order = plan === null ? null : rowOrder(plan, table);
  }

  of(row: number): number {
    const place = this.first !== null ? this.first.placeOf(row) : this.order === null ? row : this.order.forward(row);
    const rank = place - this.nulls;
    return rank < 0 ? -1 : rank;
  }

  /** Value ranks of a list without missing rows, below 0 for NULL. */
  fill(list: RowList, ranks: Float64Array): void {
    const { first, nulls, order } = this;
    const { count, rows } = list;
    if (first !== null) for (let index = 0; index < count; index += 1) ranks[index] = first.placeOf(rows[index] as number);
    else if (order !== null) order.fill(list, ranks);
    else for (let index = 0; index < count; index += 1) ranks[index] = rows[index] as number;
    if (nulls > 0) for (let index = 0; index < count; index += 1) ranks[index] = (ranks[index] as number) - nulls;
  }

  /** `rowOf` of the first `count` ranks, in their place. */
  toRows(ranks: Float64Array, count: number): void {
    const { nulls, order } = this;
    if (nulls > 0) for (let index = 0; index < count; index += 1) ranks[index] = (ranks[index] as number) + nulls;
    order?.inverseAll(ranks, count);
  }

  /** The row of a value rank: the inverse of `of`. Not for ranks by first children, which nobody asks the way back. */
  rowOf(rank: number): number {
    return this.order === null ? rank + this.nulls : this.order.inverse(rank + this.nulls);
  }
}

/** Bins of a column by rank. */
export class HistogramLookup {
  readonly from: Float64Array;
  readonly width: Float64Array;
  readonly cumulative: Float64Array;
  private readonly guide: GuidedSearch;

  constructor(histogram: PlanHistogram) {
    this.from = Float64Array.from(histogram.from);
    this.width = Float64Array.from(histogram.width);
    // Without the closing sum: a rank past the last bin would be a bug, and the search must end on a real bin.
    this.cumulative = Float64Array.from(histogram.cumulative);
    this.guide = new GuidedSearch(this.cumulative);
  }

  /** The largest whole number of any bin. */
  get largest(): number {
    return this.from.reduce((most, from, bin) => Math.max(most, from + (this.width[bin] as number) - 1), 0);
  }

  /** The bin of a rank. */
  binOf(rank: number): number {
    return Math.min(this.guide.lastAtMost(rank), this.from.length - 1);
  }

  /** Whether a bin has the rank. */
  isIn(bin: number, rank: number): boolean {
    return rank >= (this.cumulative[bin] as number) && rank < (this.cumulative[bin + 1] as number);
  }

  /** Where in its bin the rank lies, in [0, 1): its place among the bin's ranks, moved inside that place by `fraction`. */
  placeIn(bin: number, rank: number, fraction: number): number {
    const first = this.cumulative[bin] as number;
    return (rank - first + fraction) / ((this.cumulative[bin + 1] as number) - first);
  }

  /**
   * Where a rank stands among `places` in its bin such that no two ranks share one, as long as the bin has no more ranks than places.
   * i * places / count in whole steps, so that rounding cannot bring two ranks together.
   */
  strictPlaceIn(bin: number, rank: number, places: number): number {
    const first = this.cumulative[bin] as number;
    const count = (this.cumulative[bin + 1] as number) - first;
    const step = Math.floor(places / count);
    return (rank - first) * step + Math.floor(((rank - first) * (places - step * count)) / count);
  }

  /** The whole value of a rank, ascending strictly with the rank. */
  strictValueOf(rank: number): number {
    const bin = this.binOf(rank);
    return (this.from[bin] as number) + this.strictPlaceIn(bin, rank, this.width[bin] as number);
  }

  /** The whole value of a rank: evenly spread over the bin's values, in rank order. */
  valueOf(rank: number, fraction: number): number {
    const bin = this.binOf(rank);
    const from = this.from[bin] as number;
    const width = this.width[bin] as number;
    if (width === 1) return from;
    return from + Math.min(width - 1, Math.floor(this.placeIn(bin, rank, fraction) * width));
  }
}
