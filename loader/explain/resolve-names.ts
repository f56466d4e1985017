// The tables and indexes that assertions name, looked up where the workload runs. A plan names the leaves of a partitioned table, so a
// name stands for itself and all that inherits from it; one that the catalog does not have is told, as no plan could break its assertion.
import { formatTableKey, type QualifiedName } from '../../core/identifiers.ts';
import { readRows, type Side } from '../../postgres/read-side.ts';
import type { AssertedName, Assertion } from '../../spec/workload/assertions.ts';

/** What a name of an assertion stands for: keys as formatTableKey writes them; null where there is no such table or index. */
export type NameFamilies = ReadonlyMap<string, ReadonlySet<string> | null>;

type Kind = 'table' | 'index';
type FoundName = QualifiedName & Record<string, string>;

const KINDS: Readonly<Record<Kind, string>> = { table: 'rpmf', index: 'iI' };

// Without a schema: what the search path finds, as for the queries themselves.
const FAMILY_SQL = `
  with recursive family(oid) as (
    select c.oid from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relname = $1 and pg_catalog.strpos($3, c.relkind::text) > 0
      and case when $2::text is null then pg_catalog.pg_table_is_visible(c.oid) else n.nspname = $2 end
    union
    select i.inhrelid from pg_catalog.pg_inherits i join family f on f.oid = i.inhparent
  )
  select n.nspname as "schema", c.relname as "name"
  from family f
  join pg_catalog.pg_class c on c.oid = f.oid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace`;

/** Every name in the assertions, by `nameKey`. Throws QUERY_FAILED. */
export async function resolveNames(side: Side, assertions: readonly Assertion[]): Promise<NameFamilies> {
  const families = new Map<string, ReadonlySet<string> | null>();
  for (const assertion of assertions) {
    const named = namedIn(assertion);
    if (named === null || families.has(nameKey(named.kind, named.name))) continue;
    const { name, schema } = named.name;
    const rows = await readRows<FoundName>(side, 'looking up what an assertion names', FAMILY_SQL, [
      name,
      schema,
      KINDS[named.kind],
    ]);
    families.set(nameKey(named.kind, named.name), rows.length === 0 ? null : new Set(rows.map(formatTableKey)));
  }
  return families;
}

/** The place of a name in the families. */
export function nameKey(kind: Kind, { name, schema }: AssertedName): string {
  return JSON.stringify([kind, schema, name]);
}

function namedIn(assertion: Assertion): { readonly kind: Kind; readonly name: AssertedName } | null {
  if (assertion.kind === 'uses') return { kind: 'index', name: assertion.index };
  return assertion.kind === 'no' && assertion.relation !== null ? { kind: 'table', name: assertion.relation } : null;
}
