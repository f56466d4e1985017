// A parent chosen inside a group needs a group that has somebody in it; several different ones need a group of that size. This is
// settled before any curve, because it changes the smallest fan-out of the reference that makes the groups.
import type { Spec } from '../../spec/spec.ts';

/** Fewest children of each parent, and the reference that asks for them. */
export interface GroupNeed {
  readonly atLeast: number;
  readonly by: string;
}

/** Rows of one parent that need different members: room for half as many again as the mean. */
const ROOM = 1.5;

/** Needs by table and reference; see needOf. */
export function findGroupNeeds(spec: Spec, rows: ReadonlyMap<string, number>): Map<string, GroupNeed> {
  const needs = new Map<string, GroupNeed>();
  for (const [table, { references }] of Object.entries(spec.tables)) {
    if ((rows.get(table) ?? 0) === 0) continue;
    for (const [name, { table: parent, within }] of Object.entries(references)) {
      if (within === undefined || parent === table) continue;
      const place = placeOf(parent, within.reference);
      const atLeast = Math.max(needs.get(place)?.atLeast ?? 0, membersNeeded(spec, rows, table, name));
      needs.set(place, { atLeast, by: `${table} (${name})` });
    }
  }
  return needs;
}

/** What is needed of the children that a reference of a table gives to each parent. */
export function needOf(needs: ReadonlyMap<string, GroupNeed>, table: string, reference: string): GroupNeed | undefined {
  return needs.get(placeOf(table, reference));
}

function placeOf(table: string, reference: string): string {
  return JSON.stringify([table, reference]);
}

function membersNeeded(spec: Spec, rows: ReadonlyMap<string, number>, table: string, name: string): number {
  const reference = spec.tables[table]?.references[name];
  const siblings = spec.tables[table]?.references[reference?.within?.distinctFor ?? ''];
  const groups = spec.tables[reference?.table ?? '']?.references[reference?.within?.reference ?? ''];
  if (reference === undefined || siblings === undefined || groups === undefined) return 1;
  const meanChildren = (rows.get(table) ?? 0) / Math.max(1, rows.get(siblings.table) ?? 1);
  const meanGroup = (rows.get(reference.table) ?? 0) / Math.max(1, rows.get(groups.table) ?? 1);
  return Math.max(1, Math.min(Math.ceil(meanChildren * ROOM) + 1, Math.floor(meanGroup)));
}
