// Ways along references that lead back to where they began: a reference whose parent follows from itself has no parent, and the row that
// asks for it would ask forever.
import type { ReferenceSpec, Spec } from '../../spec/spec.ts';

/** References to follow one after the other, from a row of the table on. */
interface Way {
  readonly table: string;
  readonly names: readonly string[];
}

/** Whether the way, or the ways that its references follow in turn, come to this reference. */
export function leadsThrough(spec: Spec, way: Way, wanted: { readonly table: string; readonly name: string }): boolean {
  const seen = new Set<string>();
  const open: Way[] = [way];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    let { table } = next;
    for (const name of next.names) {
      if (table === wanted.table && name === wanted.name) return true;
      const reference = spec.tables[table]?.references[name];
      if (reference === undefined) break;
      const id = JSON.stringify([table, name]);
      if (!seen.has(id)) for (const names of waysOf(reference)) open.push({ table, names });
      seen.add(id);
      table = reference.table;
    }
  }
  return false;
}

function waysOf({ through, within, memberOf }: ReferenceSpec): (readonly string[])[] {
  return [through, within?.given, memberOf?.given, memberOf?.except].filter((names) => names !== undefined);
}
