// Parents by rank: an exact curve says which rank owns a child, a keyed permutation which row has that rank.
import type { PlanPairs, PlanReference, PlanTable } from '../../spec/plan.ts';
import { Ranks } from '../columns/ranks.ts';
import { Permutation } from '../random/permutation.ts';
import { CurveLookup } from './curve-lookup.ts';
import { PairsLookup } from './pairs-lookup.ts';
import type { CurveSource, ParentSource } from './parent-source.ts';

/** Rows of the parent by rank. Parents whose key is NULL have no rank. */
class ParentRanks {
  private readonly permutation: Permutation;
  private readonly eligible: Ranks | null;

  constructor(reference: PlanReference, parents: number) {
    this.eligible = reference.eligible === null ? null : new Ranks(reference.eligible, parents);
    this.permutation = new Permutation({ size: parents - (reference.eligible?.nulls ?? 0), key: reference.parentKey });
  }

  rowOf(rank: number): number {
    const place = this.permutation.forward(rank);
    return this.eligible === null ? place : this.eligible.rowOf(place);
  }

  /** The parent that follows in rank, the first after the last. */
  after(row: number): number {
    const rank = this.rankOf(row) + 1;
    return this.rowOf(rank === this.permutation.size ? 0 : rank);
  }

  /** -1 for a parent without a key. */
  rankOf(row: number): number {
    const place = this.eligible === null ? row : this.eligible.of(row);
    return place < 0 ? -1 : this.permutation.inverse(place);
  }
}

/** Row -> rank in the column -> child number -> rank of the parent -> parent row. */
export class RankedSource implements CurveSource {
  private readonly curve: CurveLookup;
  private readonly ranks: Permutation | null;
  private readonly parents: ParentRanks;
  private readonly nulls: number;

  constructor(table: PlanTable, reference: PlanReference, parents: number) {
    this.curve = new CurveLookup(reference.curve as NonNullable<PlanReference['curve']>);
    this.ranks = reference.ranks.order === 'row' ? null : new Permutation({ size: table.rows, key: reference.ranks.key });
    this.parents = new ParentRanks(reference, parents);
    this.nulls = reference.nulls;
  }

  parentOf(row: number): number {
    const child = this.rankOf(row) - this.nulls;
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
    const rank = child + this.nulls;
    return this.ranks === null ? rank : this.ranks.inverse(rank);
  }

  ordinalOf(row: number): number {
    const rank = this.rankOf(row);
    const child = rank - this.nulls;
    return child < 0 ? rank : child - this.curve.firstChildOfRank(this.curve.rankOfChild(child));
  }

  private rankOf(row: number): number {
    return this.ranks === null ? row : this.ranks.forward(row);
  }
}

/** The side of distinct pairs that does not own the runs. */
export class PairSource implements ParentSource {
  private readonly pairs: PairsLookup;
  private readonly parents: ParentRanks;

  constructor(pairs: PlanPairs, reference: PlanReference, parents: number) {
    this.pairs = new PairsLookup(pairs);
    this.parents = new ParentRanks(reference, parents);
  }

  parentOf(row: number): number {
    return this.parents.rowOf(this.pairs.otherRank(row));
  }
}
