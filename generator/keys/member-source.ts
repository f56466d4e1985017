// A parent by membership: somebody of the row's group, and where the plan says so somebody else than another reference names.

import { BLOCK_ROWS, type PlanKey } from '../../spec/plan.ts';
import { PresentRows, RowList } from '../columns/row-list.ts';
import { mixBelow } from '../random/mixer.ts';
import { type CurveSource, ParentSource } from './parent-source.ts';

/** Tries before the next member is taken instead of another draw. */
const MAX_DRAWS = 16;

export interface MemberParts {
  readonly group: CurveSource;
  readonly member: ParentSource;
  readonly given: ParentSource;
  readonly except: ParentSource | null;
  readonly key: PlanKey;
}

/** A member of the row's group, drawn evenly; with `except`, another one than that. */
export class MemberSource extends ParentSource {
  private readonly parts: MemberParts;
  private readonly groups = new PresentRows();
  private readonly sizes = new Float64Array(BLOCK_ROWS);
  private readonly firsts = new Float64Array(BLOCK_ROWS);
  private readonly drawn = new RowList();
  private readonly drawnRows = new PresentRows();
  private readonly excluded = new RowList();

  constructor(parts: MemberParts) {
    super();
    this.parts = parts;
  }

  parentOf(row: number): number {
    const { group: groups, given, except, key } = this.parts;
    const group = given.parentOf(row);
    const size = group < 0 ? 0 : groups.degreeOf(group);
    if (size === 0) return -1;
    const first = groups.firstChildOf(group);
    if (except === null) return this.memberAt(first + mixBelow(key, row, size));
    return this.otherMember(row, { size, first, excluded: except.parentOf(row), draw: 0 });
  }

  protected override fillParents(list: RowList, parents: Float64Array): void {
    const { group: groups, given, except, key, member } = this.parts;
    const { drawn, excluded, firsts, sizes } = this;
    const { count, rows } = list;
    if (except !== null) excluded.copy(except.parentsOf(list));
    const own = given.parentsOf(list);
    groups.fillFamilies(this.groups.of(own), sizes, firsts);
    this.groups.spread(sizes, own, 0);
    this.groups.spread(firsts, own, 0);
    for (let index = 0; index < count; index += 1) {
      const size = sizes[index] as number;
      drawn.rows[index] = size === 0 ? -1 : (firsts[index] as number) + mixBelow(key, rows[index] as number, size);
    }
    const children = this.drawnRows.of(drawn.seal(count));
    groups.toRows(children.rows, children.count);
    const members = member.parentsOf(children.seal(children.count));
    for (let index = 0; index < members.count; index += 1) parents[index] = members.rows[index] as number;
    this.drawnRows.spread(parents, drawn, -1);
    if (except === null) return;
    for (let index = 0; index < count; index += 1) {
      const size = sizes[index] as number;
      const other = excluded.rows[index] as number;
      if (size === 0 || parents[index] !== other) continue;
      parents[index] = this.otherMember(rows[index] as number, {
        size,
        first: firsts[index] as number,
        excluded: other,
        draw: 1,
      });
    }
  }

  private memberAt(child: number): number {
    const { group, member } = this.parts;
    return member.knownParentOf(group.rowOfChild(child));
  }

  /** Draws from number `draw` on until it is somebody else; the first other member after many in vain. */
  private otherMember(
    row: number,
    { size, first, excluded, draw }: { size: number; first: number; excluded: number; draw: number },
  ): number {
    const { key } = this.parts;
    for (let next = draw; next < MAX_DRAWS; next += 1) {
      const candidate = this.memberAt(first + mixBelow([key[0] + next, key[1]], row, size));
      if (candidate !== excluded) return candidate;
    }
    for (let place = 0; place < size; place += 1) {
      const candidate = this.memberAt(first + place);
      if (candidate !== excluded) return candidate;
    }
    return excluded;
  }
}
