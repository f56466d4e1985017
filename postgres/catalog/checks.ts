// CHECK constraints. Their expressions hold literals of the user's: they serve inside the boundary and never leave it.
import type pg from 'pg';
import { runQuery } from '../query.ts';
import type { CatalogCheck } from './catalog.ts';

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
  pg_catalog.pg_get_constraintdef(k.oid) as definition
from pg_catalog.pg_constraint k
where k.conrelid = any ($1::oid[])
  and k.contype = 'c'
order by k.conrelid, k.conname`;

/** A check and the oid of its table. */
export type TableCheck = CatalogCheck & { readonly table: number };

/** The checks of the tables with these oids, by name. */
export function readChecks(client: pg.ClientBase, tables: readonly number[]): Promise<TableCheck[]> {
  return runQuery(client, 'reading the checks', sql, [tables]);
}
