// The enum types that some columns use, directly, through a domain or in an array, wherever the type lives.
import type pg from 'pg';
import { runQuery } from '../query.ts';
import type { CatalogEnum } from './catalog.ts';

const sql = `
with recursive used as (
  select distinct a.atttypid as oid
  from pg_catalog.pg_attribute a
  where a.attrelid = any ($1::oid[])
    and a.attnum > 0
    and not a.attisdropped
  union
  select target.oid
  from used u
  join pg_catalog.pg_type t on t.oid = u.oid
  cross join lateral (values (t.typbasetype), (t.typelem)) as target(oid)
  where target.oid <> 0
)
select
  n.nspname::text as schema,
  t.typname::text as name,
  array_agg(e.enumlabel::text order by e.enumsortorder) as labels
from used u
join pg_catalog.pg_type t on t.oid = u.oid
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
join pg_catalog.pg_enum e on e.enumtypid = t.oid
group by n.nspname, t.typname
order by n.nspname, t.typname`;

/** The enums in use by the tables with these oids, labels in their sort order. */
export function readEnums(client: pg.ClientBase, tables: readonly number[]): Promise<CatalogEnum[]> {
  return runQuery(client, 'reading the enums', sql, [tables]);
}
