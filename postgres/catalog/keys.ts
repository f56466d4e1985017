// Primary and unique keys. A unique index over plain columns and all rows binds the rows as a constraint does, and a foreign key may
// point at it, so it counts as a key.
import type pg from 'pg';
import { runQuery } from '../query.ts';
import type { CatalogKey } from './catalog.ts';

const sql = `
select
  i.indrelid as "table",
  coalesce(k.conname, c.relname)::text as name,
  i.indisprimary as "isPrimary",
  -- through JSON, because the column exists from 15 only
  coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) as "nullsNotDistinct",
  array(
    select a.attname::text
    from unnest(i.indkey::int2[]) with ordinality as u(number, place)
    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.number
    -- what stands after the key columns is only INCLUDEd
    where u.place <= i.indnkeyatts
    order by u.place
  ) as columns
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indexrelid
left join pg_catalog.pg_constraint k on k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u')
where i.indrelid = any ($1::oid[])
  and i.indisunique
  and i.indisvalid
  and i.indpred is null
  and i.indexprs is null
order by i.indrelid, c.relname`;

/** A key and the oid of its table. */
export type TableKey = CatalogKey & { readonly table: number; readonly isPrimary: boolean };

/** The keys of the tables with these oids, by name. */
export function readKeys(client: pg.ClientBase, tables: readonly number[]): Promise<TableKey[]> {
  return runQuery(client, 'reading the keys', sql, [tables]);
}
