// A parent by membership: somebody of the row's group, and where the plan says so somebody else than another reference names.
import type { PlanKey } from '../../spec/plan.ts';
import { mixBelow } from '../random/mixer.ts';
import type { CurveSource, ParentSource } from './parent-source.ts';

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
export class MemberSource implements ParentSource {
  private readonly parts: MemberParts;

  constructor(parts: MemberParts) {
    this.parts = parts;
  }

  parentOf(row: number): number {
    const { group: groups, member, given, except, key } = this.parts;
    const group = given.parentOf(row);
    const size = group < 0 ? 0 : groups.degreeOf(group);
    if (size === 0) return -1;
    const first = groups.firstChildOf(group);
    const memberAt = (place: number) => member.parentOf(groups.rowOfChild(first + place));
    if (except === null) return memberAt(mixBelow(key, row, size));
    const excluded = except.parentOf(row);
    for (let draw = 0; draw < MAX_DRAWS; draw += 1) {
      const candidate = memberAt(mixBelow([key[0] + draw, key[1]], row, size));
      if (candidate !== excluded) return candidate;
    }
    for (let place = 0; place < size; place += 1) {
      const candidate = memberAt(place);
      if (candidate !== excluded) return candidate;
    }
    return excluded;
  }
}
