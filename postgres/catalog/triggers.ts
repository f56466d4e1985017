// Triggers of the user's that fire when rows are inserted, COPY included; those of partitions count for their table.
import type pg from 'pg';
import { runQuery } from '../query.ts';

const sql = `
select distinct
  root.oid as "table",
  t.tgname::text as name
from unnest($1::oid[]) as root(oid)
join pg_catalog.pg_trigger t
  on t.tgrelid = root.oid
  or t.tgrelid in (select tree.relid from pg_catalog.pg_partition_tree(root.oid) as tree)
where not t.tgisinternal
  -- enabled for an ordinary session, or always
  and t.tgenabled in ('O', 'A')
  -- TRIGGER_TYPE_INSERT
  and t.tgtype & 4 <> 0
order by "table", name`;

/** The triggers on INSERT of the tables with these oids, by name. */
export function readTriggers(client: pg.ClientBase, tables: readonly number[]): Promise<{ table: number; name: string }[]> {
  return runQuery(client, 'reading the triggers', sql, [tables]);
}
