// An order of rows in which the first child of every parent comes before all other rows: what only one child of each parent may have
// (a partial unique index: one active row per user) is given to ranks of that end. A formula, like all of a row's places.
import { ShapecastError } from '../../core/errors.ts';
import type { PlanFirst } from '../../spec/plan.ts';
import { Permutation } from '../random/permutation.ts';
import { CurveLookup } from './curve-lookup.ts';

/** Places of rows: 0 to parents with children - 1 are first children, in an order of their own; the others follow. */
export class FirstChildOrder {
  private readonly curve: CurveLookup;
  private readonly ranks: Permutation | null;
  private readonly nulls: number;
  private readonly barren: number;
  private readonly families: number;
  private readonly rows: number;
  private readonly fromEnd: boolean;
  private readonly among: Permutation;
  private readonly rest: Permutation;

  constructor(plan: PlanFirst, rows: number) {
    if (plan.order === 'profile') throw new ShapecastError('BUG', { what: 'first children are asked of ranks by profile' });
    this.curve = new CurveLookup(plan.curve);
    this.ranks = plan.order === 'row' ? null : new Permutation({ size: rows, key: plan.key });
    this.nulls = plan.nulls;
    this.families = familiesOf(plan.curve);
    this.barren = plan.curve.parents - this.families;
    this.rows = rows;
    this.fromEnd = plan.fromEnd;
    this.among = new Permutation({ size: this.families, key: [plan.key[0] ^ 0x27d4eb2f, plan.key[1]] });
    this.rest = new Permutation({ size: rows - this.families, key: [plan.key[0] ^ 0x165667b1, plan.key[1]] });
  }

  /** The place of a row, or counted from the end. */
  placeOf(row: number): number {
    const place = this.orderOf(row);
    const mixed = place < this.families ? this.among.forward(place) : this.families + this.rest.forward(place - this.families);
    return this.fromEnd ? this.rows - 1 - mixed : mixed;
  }

  private orderOf(row: number): number {
    const rank = this.ranks === null ? row : this.ranks.forward(row);
    const child = rank - this.nulls;
    // Rows without a parent come last.
    if (child < 0) return this.rows - 1 - rank;
    const parent = this.curve.rankOfChild(child);
    const family = parent - this.barren;
    const isFirst = child === this.curve.firstChildOfRank(parent);
    // Before any other child of family f stand f + 1 first children.
    return isFirst ? family : this.families + child - (family + 1);
  }
}

/** Parents with a child at all. */
export function familiesOf({ count, degree }: PlanFirst['curve']): number {
  return degree.reduce((sum, each, index) => sum + (each > 0 ? (count[index] ?? 0) : 0), 0);
}
