// Which row of the parents' table has which rank on the curve: by a keyed permutation, or by profile, so that parents with many children
// are of the profiles that have many.
import { ShapecastError } from '../../core/errors.ts';
import { BLOCK_ROWS, type PlanParentProfiles, type PlanReference } from '../../spec/plan.ts';
import { Ranks } from '../columns/ranks.ts';
import type { RowList } from '../columns/row-list.ts';
import { ProfileLine } from '../profiles/profile-line.ts';
import { type ProfileRows, profileRowsOf, type TableRows } from '../profiles/profile-rows.ts';
import { Permutation } from '../random/permutation.ts';

/** Rows of the parent by rank on the curve. */
export interface ParentRanks {
  rowOf(rank: number): number;
  /** -1 for a parent without a key. */
  rankOf(row: number): number;
  /** The parent that follows in rank, the first after the last. */
  after(row: number): number;
  /** `rowOf` of the first `count` ranks, in their place. */
  toRows(ranks: Float64Array, count: number): void;
  /** `rankOf` of a list without missing rows. */
  fill(list: RowList, ranks: Float64Array): void;
}

/** The ranks that the plan says. */
export function parentRanks(reference: PlanReference, parents: TableRows): ParentRanks {
  if (reference.parentProfiles === undefined) return new KeyedParentRanks(reference, parents);
  if (reference.eligible !== null) throw new ShapecastError('BUG', { what: 'parents without a key go by profile' });
  return new ProfiledParentRanks(reference.parentProfiles, parents);
}

/** By a permutation of the parents that have a key. */
class KeyedParentRanks implements ParentRanks {
  private readonly permutation: Permutation;
  private readonly eligible: Ranks | null;

  constructor(reference: PlanReference, parents: TableRows) {
    this.eligible = reference.eligible === null ? null : new Ranks(reference.eligible, parents);
    this.permutation = new Permutation({ size: parents.rows - (reference.eligible?.nulls ?? 0), key: reference.parentKey });
  }

  rowOf(rank: number): number {
    const place = this.permutation.forward(rank);
    return this.eligible === null ? place : this.eligible.rowOf(place);
  }

  rankOf(row: number): number {
    const place = this.eligible === null ? row : this.eligible.of(row);
    return place < 0 ? -1 : this.permutation.inverse(place);
  }

  after(row: number): number {
    const rank = this.rankOf(row) + 1;
    return this.rowOf(rank === this.permutation.size ? 0 : rank);
  }

  toRows(ranks: Float64Array, count: number): void {
    this.permutation.forwardAll(ranks, count);
    this.eligible?.toRows(ranks, count);
  }

  fill({ count, rows }: RowList, ranks: Float64Array): void {
    if (this.eligible === null) {
      for (let index = 0; index < count; index += 1) ranks[index] = rows[index] as number;
      this.permutation.inverseAll(ranks, count);
    } else for (let index = 0; index < count; index += 1) ranks[index] = this.rankOf(rows[index] as number);
  }
}

/** The ranks of a profile's rows follow those of the profile at the place before. */
export class ProfiledParentRanks implements ParentRanks {
  readonly rows: ProfileRows;
  private readonly line: ProfileLine;
  private readonly profiles = new Int32Array(BLOCK_ROWS);
  private readonly indexes = new Float64Array(BLOCK_ROWS);

  constructor({ places }: Pick<PlanParentProfiles, 'places'>, parents: TableRows) {
    this.rows = profileRowsOf(parents);
    this.line = new ProfileLine(places, this.rows.count, (profile) => this.rows.sizeOf(profile));
  }

  /** The first rank of a profile's rows; they have the ranks from there on. */
  firstRankOf(profile: number): number {
    return this.line.startOf(profile);
  }

  profileOfRank(rank: number): number {
    return this.line.profileAt(rank);
  }

  rowOf(rank: number): number {
    const profile = this.line.profileAt(rank);
    return this.rows.rowOf(profile, rank - this.line.startOf(profile));
  }

  rankOf(row: number): number {
    return this.line.startOf(this.rows.profileOf(row)) + this.rows.indexOf(row);
  }

  after(row: number): number {
    const rank = this.rankOf(row) + 1;
    return this.rowOf(rank === this.line.total ? 0 : rank);
  }

  toRows(ranks: Float64Array, count: number): void {
    this.line.findAll(ranks, count, this.profiles, this.indexes);
    this.rows.rowsOfAll(this.profiles, this.indexes, count, ranks);
  }

  fill(list: RowList, ranks: Float64Array): void {
    const { indexes, profiles } = this.rows.find(list);
    for (let at = 0; at < list.count; at += 1) ranks[at] = this.line.startOf(profiles[at] as number) + (indexes[at] as number);
  }
}
