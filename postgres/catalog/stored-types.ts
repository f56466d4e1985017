// The types that store the columns of one table, as SQL: domains followed to their end, so that a table of them has no checks.
import type pg from 'pg';
import { runQuery } from '../query.ts';

const sql = `
with recursive stored as (
  select
    a.attname::text as name,
    a.atttypid as type,
    a.atttypmod as modifier
  from pg_catalog.pg_attribute a
  where a.attrelid = $1
    and a.attnum > 0
    and not a.attisdropped
  union all
  select
    s.name,
    t.typbasetype,
    case when s.modifier = -1 then t.typtypmod else s.modifier end
  from stored s
  join pg_catalog.pg_type t on t.oid = s.type
  where t.typtype = 'd'
)
select
  s.name,
  pg_catalog.format_type(s.type, s.modifier) as type
from stored s
join pg_catalog.pg_type t on t.oid = s.type
where t.typtype <> 'd'`;

/** SQL of the stored type by column name, for the table with this oid. */
export async function readStoredTypes(client: pg.ClientBase, table: number): Promise<ReadonlyMap<string, string>> {
  const rows = await runQuery<{ name: string; type: string }>(client, 'reading the stored types', sql, [table]);
  return new Map(rows.map((row) => [row.name, row.type]));
}
