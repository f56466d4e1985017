// pg_stats.n_distinct of every column. A partitioned table has one only after an ANALYZE by hand (autovacuum leaves it out), so its
// leaves speak for it then: the most distinct one, a share of the rows (negative) before a count.
import type pg from 'pg';
import { runQuery } from '../query.ts';
import { PARTITION_TREE } from './partition-tree.ts';

const sql = `
with recursive ${PARTITION_TREE},
estimate as (
  select
    t.root,
    s.attname::text as name,
    t.oid = t.root as is_own,
    s.n_distinct
  from tree t
  join pg_catalog.pg_class c on c.oid = t.oid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_stats s
    on s.schemaname = n.nspname
    and s.tablename = c.relname
    -- rows of the table itself, of a partitioned table the rows of its leaves
    and s.inherited = (c.relkind = 'p')
)
select
  root as "table",
  name,
  coalesce(
    min(n_distinct) filter (where is_own),
    case when min(n_distinct) < 0 then min(n_distinct) else max(n_distinct) end
  )::float8 as estimate
from estimate
group by root, name`;

export interface DistinctEstimateRow {
  /** oid of the table. */
  readonly table: number;
  /** Name of the column. */
  readonly name: string;
  readonly estimate: number;
}

/** The estimates that exist and that the role may see. */
export function readDistinctEstimates(client: pg.ClientBase, tables: readonly number[]): Promise<DistinctEstimateRow[]> {
  return runQuery(client, 'reading the estimates of distinct values', sql, [tables]);
}
