// TRUNCATE takes tables whose every referring table is in the same statement. A table that the user's own (unused) foreign
// key points at is therefore emptied by DELETE, and with it every table that it refers to itself.
import type { QualifiedName } from '../core/identifiers.ts';
import type { OutsideReference } from './find-outside-references.ts';
import type { TeardownTable } from './plan-teardown.ts';

/** `references`: which of the tables refers to which, by oid. Each table comes back exactly once. */
export function splitByEmptying(
  tables: readonly TeardownTable[],
  outside: readonly Pick<OutsideReference, 'to'>[],
  references: readonly { readonly from: number; readonly to: number }[],
): { truncate: TeardownTable[]; remove: TeardownTable[] } {
  const byDelete = new Set(tables.filter((table) => outside.some((key) => isSame(key.to, table))).map((table) => table.oid));
  const waiting = [...byDelete];
  for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
    for (const reference of references) {
      if (reference.from !== from || byDelete.has(reference.to)) continue;
      byDelete.add(reference.to);
      waiting.push(reference.to);
    }
  }
  return {
    truncate: tables.filter((table) => !byDelete.has(table.oid)),
    remove: tables.filter((table) => byDelete.has(table.oid)),
  };
}

function isSame(left: QualifiedName, right: QualifiedName): boolean {
  return left.schema === right.schema && left.name === right.name;
}
