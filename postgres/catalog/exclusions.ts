// Exclusion constraints, those of partitions included: no two rows may conflict, which is more than equality.
import type pg from 'pg';
import { runQuery } from '../query.ts';

const sql = `
select
  root.oid as "table",
  k.conname::text as name
from unnest($1::oid[]) as root(oid)
join pg_catalog.pg_constraint k
  on k.conrelid = root.oid
  or k.conrelid in (select tree.relid from pg_catalog.pg_partition_tree(root.oid) as tree)
where k.contype = 'x'
  -- that of a partition which belongs to its parent's is said once
  and k.conparentid = 0
order by "table", name`;

/** The exclusion constraints of the tables with these oids, by name. */
export function readExclusions(client: pg.ClientBase, tables: readonly number[]): Promise<{ table: number; name: string }[]> {
  return runQuery(client, 'reading the exclusion constraints', sql, [tables]);
}
