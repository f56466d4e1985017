// The partitions that hold rows, at any depth below a partitioned table, with their size and the estimate of their rows.
// A plain table is its own leaf, so that sizes of both kinds come from here.
import type pg from 'pg';
import { runQuery } from '../query.ts';
import { PARTITION_TREE } from './partition-tree.ts';

const sql = `
with recursive ${PARTITION_TREE}
select
  t.root,
  n.nspname::text as schema,
  c.relname::text as name,
  c.reltuples::float8 as "estimatedRows",
  (coalesce(pg_catalog.pg_relation_size(c.oid), 0) / current_setting('block_size')::int)::float8 as pages
from tree t
join pg_catalog.pg_class c on c.oid = t.oid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind <> 'p'
order by t.root, n.nspname, c.relname`;

export interface LeafRow {
  /** oid of the table that the leaf belongs to. */
  readonly root: number;
  readonly schema: string;
  readonly name: string;
  /** pg_class.reltuples; -1 when never analysed. */
  readonly estimatedRows: number;
  readonly pages: number;
}

/** The leaves of the tables with these oids. */
export function readLeaves(client: pg.ClientBase, tables: readonly number[]): Promise<LeafRow[]> {
  return runQuery(client, 'reading the partitions', sql, [tables]);
}
