// A parent inside a group: keys that share columns agree because the parent is one of the rows that the shared columns allow.
import type { PlanKey, PlanRanks } from '../../spec/plan.ts';
import { Ranks } from '../columns/ranks.ts';
import type { TableRows } from '../profiles/profile-rows.ts';
import { mixBelow } from '../random/mixer.ts';
import { type CurveSource, ParentSource } from './parent-source.ts';

export interface WithinParts {
  /** The parent's table cut into groups. */
  readonly group: CurveSource;
  /** From a row to its group. */
  readonly given: ParentSource;
  /** Rows of one parent here get different parents. */
  readonly siblings: CurveSource | null;
  /** The parents are rows of the same table: an earlier one of the group, the first of each group has none. */
  readonly isSelf: boolean;
  readonly key: PlanKey;
  readonly ranks: PlanRanks;
  readonly table: TableRows;
}

/** One of the group's rows: drawn evenly, or in turn from a place of its own for each parent of `siblings`. */
export class WithinSource extends ParentSource {
  private readonly parts: WithinParts;
  private readonly ranks: Ranks | null;

  constructor(parts: WithinParts) {
    super();
    this.parts = parts;
    this.ranks = parts.ranks.nulls > 0 ? new Ranks(parts.ranks, parts.table) : null;
  }

  parentOf(row: number): number {
    const { group: groups, given, isSelf } = this.parts;
    if (this.ranks !== null && this.ranks.of(row) < 0) return -1;
    const group = given.parentOf(row);
    const size = group < 0 ? 0 : groups.degreeOf(group);
    if (size === 0) return -1;
    const place = isSelf ? this.earlierPlace(row) : this.placeOf(row, size);
    return place < 0 ? -1 : groups.rowOfChild(groups.firstChildOf(group) + place);
  }

  private placeOf(row: number, size: number): number {
    const { siblings, key } = this.parts;
    if (siblings === null) return mixBelow(key, row, size);
    const parent = siblings.parentOf(row);
    const start = parent < 0 ? 0 : mixBelow(key, parent, size);
    return (start + siblings.ordinalOf(row)) % size;
  }

  private earlierPlace(row: number): number {
    const own = this.parts.group.ordinalOf(row);
    return own === 0 ? -1 : mixBelow(this.parts.key, row, own);
  }
}
