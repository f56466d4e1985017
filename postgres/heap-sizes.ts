// The heaps behind tables, as they are now: a plain table is its own, a partitioned one has its leaves. Sizes come from the files, not from the
// last ANALYZE, so that a table may be cut into ranges of pages.
import type pg from 'pg';
import type { QualifiedName } from '../core/identifiers.ts';
import { runQuery } from './query.ts';

const sql = `
select
  r.oid as root,
  n.nspname::text as schema,
  c.relname::text as name,
  -- other access methods need not know ranges of pages, and who may read a table need not be allowed its partitions, nor all rows of them
  c.relkind = 'r'
    and a.amname = 'heap'
    and pg_catalog.has_table_privilege(c.oid, 'select')
    and (c.oid = r.oid or not c.relrowsecurity) as "isReadable",
  case when c.relkind = 'r'
    then (pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::int8)::float8
    else 0 end as pages
from unnest($1::oid[]) as r(oid)
cross join lateral (
  select t.relid from pg_catalog.pg_partition_tree(r.oid) t where t.isleaf
  union
  -- no tree has a table that is neither partitioned nor a partition
  select r.oid where not exists (select from pg_catalog.pg_partition_tree(r.oid))
) as leaf(oid)
join pg_catalog.pg_class c on c.oid = leaf.oid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_am a on a.oid = c.relam
order by r.oid, c.oid`;

export interface Heap extends QualifiedName {
  /** The oid of the table that it is part of. */
  readonly root: number;
  /** By its own name and by ranges of its pages. */
  readonly isReadable: boolean;
  /** Of the server's block size, usually 8 kB. */
  readonly pages: number;
}

/** The heaps of the tables with these oids. Throws QUERY_FAILED. */
export function readHeaps(client: pg.ClientBase, tables: readonly number[]): Promise<Heap[]> {
  return runQuery<Heap>(client, 'reading the sizes of the tables', sql, [tables]);
}
