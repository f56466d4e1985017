// Parents by rank: an exact curve says which rank owns a child; which row is which child, and which row has which rank, are bijections of
// their own (child-numbers.ts, parent-ranks.ts).
import type { PlanPairs, PlanReference } from '../../spec/plan.ts';
import type { TableRows } from '../profiles/profile-rows.ts';
import { type ChildNumbers, childNumbers } from './child-numbers.ts';
import { CurveLookup } from './curve-lookup.ts';
import { type PairPositions, PairsLookup } from './pairs-lookup.ts';
import { type ParentRanks, parentRanks } from './parent-ranks.ts';
import type { CurveSource, ParentSource } from './parent-source.ts';

/** Row -> child number -> rank of the parent -> parent row. */
export class RankedSource implements CurveSource {
  private readonly curve: CurveLookup;
  private readonly numbers: ChildNumbers;
  private readonly parents: ParentRanks;
  private readonly nulls: number;

  constructor(table: TableRows, reference: PlanReference, parents: TableRows) {
    this.curve = new CurveLookup(reference.curve as NonNullable<PlanReference['curve']>);
    this.parents = parentRanks(reference, parents);
    this.numbers = childNumbers(reference, table, this.parents, this.curve);
    this.nulls = reference.nulls;
  }

  /** The child number of a row; below 0 for one without a parent. */
  childOf(row: number): number {
    return this.numbers.childOf(row);
  }

  parentOf(row: number): number {
    const child = this.numbers.childOf(row);
    return child < 0 ? -1 : this.parents.rowOf(this.curve.rankOfChild(child));
  }

  /** Another parent with a key, the next in rank. */
  parentAfter(parent: number): number {
    return this.parents.after(parent);
  }

  degreeOf(parent: number): number {
    const rank = this.parents.rankOf(parent);
    return rank < 0 ? 0 : this.curve.degreeOfRank(rank);
  }

  firstChildOf(parent: number): number {
    const rank = this.parents.rankOf(parent);
    return rank < 0 ? 0 : this.curve.firstChildOfRank(rank);
  }

  rowOfChild(child: number): number {
    return this.numbers.rowOfChild(child);
  }

  ordinalOf(row: number): number {
    const child = this.numbers.childOf(row);
    return child < 0 ? child + this.nulls : child - this.curve.firstChildOfRank(this.curve.rankOfChild(child));
  }
}

/** The side of distinct pairs that does not own the runs. */
export class PairSource implements ParentSource {
  private readonly pairs: PairsLookup;
  private readonly positions: PairPositions;
  private readonly parents: ParentRanks;

  constructor(pairs: PlanPairs, positions: PairPositions, reference: PlanReference, parents: TableRows) {
    this.pairs = new PairsLookup(pairs);
    this.positions = positions;
    this.parents = parentRanks(reference, parents);
  }

  parentOf(row: number): number {
    return this.parents.rowOf(this.pairs.otherRank(this.positions === null ? row : this.positions(row)));
  }
}
