// Foreign keys as they were declared: the copies that PostgreSQL keeps for partitions, on either side, have a parent constraint.
import type pg from 'pg';
import { runQuery } from '../query.ts';
import type { CatalogForeignKey } from './catalog.ts';

const sql = `
select
  k.conrelid as "table",
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
from pg_catalog.pg_constraint k
join pg_catalog.pg_class r on r.oid = k.confrelid
join pg_catalog.pg_namespace n on n.oid = r.relnamespace
where k.conrelid = any ($1::oid[])
  and k.contype = 'f'
  and k.conparentid = 0
order by k.conrelid, k.conname`;

/** A foreign key and the oid of the table that has it. */
export type TableForeignKey = CatalogForeignKey & { readonly table: number };

/** The foreign keys of the tables with these oids, by name. */
export function readForeignKeys(client: pg.ClientBase, tables: readonly number[]): Promise<TableForeignKey[]> {
  return runQuery(client, 'reading the foreign keys', sql, [tables]);
}
