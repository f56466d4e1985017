// Which row is which child of the curve. Ranks of rows in the order of rows or shuffled are child numbers as they are; ranks by profile lie
// on a line of the parents' profiles, each as long as its children, so that rows and parents of like profiles meet.
import { ShapecastError } from '../../core/errors.ts';
import { BLOCK_ROWS, type PlanParentProfiles, type PlanReference } from '../../spec/plan.ts';
import { type RowOrder, rowOrder } from '../columns/ranks.ts';
import type { RowList } from '../columns/row-list.ts';
import { ProfileLine } from '../profiles/profile-line.ts';
import type { TableRows } from '../profiles/profile-rows.ts';
import { RunPermutation } from '../random/run-permutation.ts';
import type { CurveLookup } from './curve-lookup.ts';
import { type ParentRanks, ProfiledParentRanks } from './parent-ranks.ts';

/** Child numbers of rows and back. */
export interface ChildNumbers {
  /** The child number; below 0 for rows without a parent, which have the numbers from -nulls on. */
  childOf(row: number): number;
  rowOfChild(child: number): number;
  /** `childOf` of a list without missing rows. */
  fill(list: RowList, children: Float64Array): void;
  /** `rowOfChild` of the first `count` children, in their place. */
  toRows(children: Float64Array, count: number): void;
}

/** The child numbers that the plan says for rows of `table`. */
export function childNumbers(reference: PlanReference, table: TableRows, parents: ParentRanks, curve: CurveLookup): ChildNumbers {
  const ranked = new RankedChildren(rowOrder(reference.ranks, table), reference.nulls);
  if (reference.ranks.order !== 'profile') return ranked;
  const line = reference.parentProfiles?.line ?? null;
  if (line === null || !(parents instanceof ProfiledParentRanks))
    throw new ShapecastError('BUG', { what: 'children go by profile and their parents do not' });
  const [first, second] = reference.parentKey;
  const isInRuns = reference.parentProfiles?.isInRuns ?? false;
  return new ProfiledChildren(ranked, { parents, curve, line, isInRuns, key: [first ^ 0x6a09e667, second] });
}

class RankedChildren implements ChildNumbers {
  private readonly order: RowOrder | null;
  private readonly nulls: number;

  constructor(order: RowOrder | null, nulls: number) {
    this.order = order;
    this.nulls = nulls;
  }

  childOf(row: number): number {
    return (this.order === null ? row : this.order.forward(row)) - this.nulls;
  }

  rowOfChild(child: number): number {
    const rank = child + this.nulls;
    return this.order === null ? rank : this.order.inverse(rank);
  }

  fill(list: RowList, children: Float64Array): void {
    const { count, rows } = list;
    if (this.order !== null) this.order.fill(list, children);
    else for (let index = 0; index < count; index += 1) children[index] = rows[index] as number;
    if (this.nulls > 0) for (let index = 0; index < count; index += 1) children[index] = (children[index] as number) - this.nulls;
  }

  toRows(children: Float64Array, count: number): void {
    if (this.nulls > 0) for (let index = 0; index < count; index += 1) children[index] = (children[index] as number) + this.nulls;
    this.order?.inverseAll(children, count);
  }
}

interface ProfiledParts {
  readonly parents: ProfiledParentRanks;
  readonly curve: CurveLookup;
  readonly line: NonNullable<PlanParentProfiles['line']>;
  readonly isInRuns: boolean;
  readonly key: PlanReference['parentKey'];
}

/** Place on the line -> profile of the parent -> one of the children of its parents, mixed where there are several and not in runs. */
class ProfiledChildren implements ChildNumbers {
  private readonly positions: ChildNumbers;
  private readonly line: ProfileLine;
  /** Number of the first child of each profile in curve order, and how many it has. */
  private readonly first: Float64Array;
  private readonly size: Float64Array;
  private readonly parents: ProfiledParentRanks;
  private readonly curve: CurveLookup;
  private readonly order: RunPermutation;
  private readonly isInRuns: boolean;
  private readonly found = new Float64Array(BLOCK_ROWS);
  private readonly within = new Float64Array(BLOCK_ROWS);
  private readonly profiles = new Int32Array(BLOCK_ROWS);

  constructor(positions: ChildNumbers, { parents, curve, line, isInRuns, key }: ProfiledParts) {
    const { count } = parents.rows;
    const childrenBefore = (rank: number) => (rank < parents.rows.rows ? curve.firstChildOfRank(rank) : curve.children);
    this.positions = positions;
    this.first = Float64Array.from({ length: count }, (_, profile) => childrenBefore(parents.firstRankOf(profile)));
    this.size = this.first.map(
      (first, profile) => childrenBefore(parents.firstRankOf(profile) + parents.rows.sizeOf(profile)) - first,
    );
    this.line = new ProfileLine(line, count, (profile) => this.size[profile] as number);
    this.parents = parents;
    this.curve = curve;
    this.isInRuns = isInRuns;
    this.order = new RunPermutation(key);
  }

  childOf(row: number): number {
    const position = this.positions.childOf(row);
    if (position < 0) return position;
    const profile = this.line.profileAt(position);
    const within = position - this.line.startOf(profile);
    return (this.first[profile] as number) + (this.isMixed(profile) ? this.mix(profile, within) : within);
  }

  rowOfChild(child: number): number {
    const profile = this.parents.profileOfRank(this.curve.rankOfChild(child));
    const within = child - (this.first[profile] as number);
    const order = this.isMixed(profile) ? this.order.inverse(profile, this.size[profile] as number, within) : within;
    return this.positions.rowOfChild(this.line.startOf(profile) + order);
  }

  fill(list: RowList, children: Float64Array): void {
    const { first, positions, profiles, within } = this;
    const { count } = list;
    positions.fill(list, children);
    // Rows without a parent keep their number below 0; the line is asked for its start instead.
    for (let index = 0; index < count; index += 1) this.found[index] = Math.max(0, children[index] as number);
    this.line.findAll(this.found, count, profiles, within);
    for (let index = 0; index < count; index += 1) {
      if ((children[index] as number) < 0) continue;
      const profile = profiles[index] as number;
      const place = within[index] as number;
      children[index] = (first[profile] as number) + (this.isMixed(profile) ? this.mix(profile, place) : place);
    }
  }

  toRows(children: Float64Array, count: number): void {
    for (let index = 0; index < count; index += 1) children[index] = this.rowOfChild(children[index] as number);
  }

  private mix(profile: number, within: number): number {
    return this.order.forward(profile, this.size[profile] as number, within);
  }

  private isMixed(profile: number): boolean {
    return !this.isInRuns && this.parents.rows.sizeOf(profile) > 1;
  }
}
