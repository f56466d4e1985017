// The paths of a json rule as a tree, so that a document is walked once: by the mask, and by the check of what the mask has left.
import type { ColumnRule, MemberRule } from '../../spec/sync-rules.ts';

export type JsonRule = Extract<ColumnRule, { kind: 'json' }>;

/** A place in a document. */
export interface RulePlace {
  /** What happens to the value there; null: only to members of it. */
  readonly rule: MemberRule | null;
  readonly members: ReadonlyMap<string, RulePlace>;
  /** For every element, and every member that is not named. */
  readonly each: RulePlace | null;
}

interface OpenPlace extends RulePlace {
  rule: MemberRule | null;
  readonly members: Map<string, OpenPlace>;
  each: OpenPlace | null;
}

/** The root of the rule's places. */
export function jsonTreeOf(rule: JsonRule): RulePlace {
  const root = newPlace();
  for (const [path, member] of Object.entries(rule.paths)) path.split('.').reduce(stepInto, root).rule = member;
  return root;
}

function newPlace(): OpenPlace {
  return { rule: null, members: new Map(), each: null };
}

function stepInto(place: OpenPlace, part: string): OpenPlace {
  if (part === '*') {
    place.each ??= newPlace();
    return place.each;
  }
  const found = place.members.get(part) ?? newPlace();
  place.members.set(part, found);
  return found;
}
