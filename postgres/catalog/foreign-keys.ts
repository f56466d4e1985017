// Foreign keys as they were declared: the copies that PostgreSQL keeps for partitions, on either side, have a parent constraint. A key that
// was declared on the partitions one by one is a key of their table: all of its rows must hold it, as far as they lie there.
import type pg from 'pg';
import { runQuery } from '../query.ts';
import type { CatalogForeignKey } from './catalog.ts';
import { PARTITION_TREE } from './partition-tree.ts';

const sql = `
with recursive ${PARTITION_TREE}
-- one of several partitions' keys is enough; the table's own comes first
select distinct on (t.root, k.confrelid, columns, "referencedColumns")
  t.root as "table",
  k.conname::text as name,
  array(
    select a.attname::text
    from unnest(k.conkey) with ordinality as u(number, place)
    join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number
    order by u.place
  ) as columns,
  json_build_object('schema', n.nspname, 'name', r.relname) as references,
  array(
    select a.attname::text
    from unnest(k.confkey) with ordinality as u(number, place)
    join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.number
    order by u.place
  ) as "referencedColumns",
  k.condeferrable as "isDeferrable",
  pg_catalog.pg_get_constraintdef(k.oid) as definition
from tree t
join pg_catalog.pg_constraint k on k.conrelid = t.oid
join pg_catalog.pg_class r on r.oid = k.confrelid
join pg_catalog.pg_namespace n on n.oid = r.relnamespace
where k.contype = 'f'
  and k.conparentid = 0
order by t.root, k.confrelid, columns, "referencedColumns", t.oid <> t.root, k.conname`;

/** A foreign key and the oid of the table that has it. */
export type TableForeignKey = CatalogForeignKey & { readonly table: number };

/** The foreign keys of the tables with these oids, by name. */
export async function readForeignKeys(client: pg.ClientBase, tables: readonly number[]): Promise<TableForeignKey[]> {
  const keys = await runQuery<TableForeignKey>(client, 'reading the foreign keys', sql, [tables]);
  return keys.sort((left, right) => left.table - right.table || (left.name < right.name ? -1 : 1));
}
