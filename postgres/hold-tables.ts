// Keeps tables as a snapshot saw them. A snapshot does not cover TRUNCATE, a rewriting ALTER or DETACH PARTITION: whoever reads after one sees an
// empty table, without an error. So every reader locks the tables first (as pg_dump does), and then the catalog now is held against the snapshot's.
// https://www.postgresql.org/docs/current/mvcc-caveats.html
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { formatTableKey, type QualifiedName, quoteQualified } from '../core/identifiers.ts';
import { PARTITION_TREE } from './catalog/partition-tree.ts';
import { runQuery, sqlStateIn } from './query.ts';

export interface HeldTable extends QualifiedName {
  readonly oid: number;
  readonly isPartitioned: boolean;
}

/**
 * Locks the tables and their partitions in ACCESS SHARE mode in each of the sessions, until their transactions end; only the first waits, for its
 * lock_timeout at most. Throws SYNC_SOURCE_CHANGED naming the tables that are not as the snapshot shows them, QUERY_FAILED.
 */
export async function holdTables(readers: readonly pg.Client[], tables: readonly HeldTable[]): Promise<void> {
  const [first] = readers;
  if (first === undefined || tables.length === 0) return;
  // The locks go by name.
  await refuseChanged(first, tables);
  // An ALTER that waits for the first session would make a second one wait for both.
  for (const reader of readers) await lock(reader, tables, reader === first ? '' : ' nowait');
  await refuseChanged(first, tables);
}

/** Throws SYNC_LOCKS_EXCEEDED for whichever question filled the server's table of locks: the functions that look at partitions lock them too. */
export async function tellingFullLocks<Result>(action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    if (sqlStateIn(error) === OUT_OF_MEMORY) throw new ShapecastError('SYNC_LOCKS_EXCEEDED', {});
    throw error;
  }
}

async function lock(reader: pg.Client, tables: readonly HeldTable[], noWait: string): Promise<void> {
  const names = tables.map((table) => `${table.isPartitioned ? '' : 'only '}${quoteQualified(table)}`);
  await runQuery(reader, 'locking the tables (ACCESS SHARE)', `lock table ${names.join(', ')} in access share mode${noWait}`);
}

/** What the server says when its table of locks is full. */
const OUT_OF_MEMORY = '53200';

// The catalog as the snapshot shows it, against functions that look at what is there now.
const sql = `
with recursive ${PARTITION_TREE}
select n.nspname::text as schema, c.relname::text as name
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.oid = any ($1::oid[])
  and (
    -- other files: truncated, rewritten or gone
    exists (
      select from tree t
      join pg_catalog.pg_class h on h.oid = t.oid
      where t.root = c.oid
        and pg_catalog.pg_relation_filenode(h.oid) is distinct from nullif(h.relfilenode, 0)
    )
    -- other partitions
    or c.relkind = 'p'
      and exists (
        select from (select oid from tree where root = c.oid) as before
        full join (select relid::oid as oid from pg_catalog.pg_partition_tree(c.oid)) as after using (oid)
        where before.oid is null or after.oid is null
      )
    -- other names
    or exists (
      select from pg_catalog.pg_attribute a
      cross join pg_catalog.pg_identify_object_as_address('pg_catalog.pg_class'::pg_catalog.regclass, c.oid, a.attnum) as now
      where a.attrelid = c.oid
        and a.attnum > 0
        and not a.attisdropped
        and now.object_names is distinct from array[n.nspname, c.relname, a.attname]::text[]
    )
  )
order by 1, 2`;

async function refuseChanged(reader: pg.Client, tables: readonly HeldTable[]): Promise<void> {
  const oids = tables.map(({ oid }) => oid);
  const changed = await runQuery<QualifiedName>(reader, 'asking whether the tables are as they were', sql, [oids]);
  if (changed.length > 0) throw new ShapecastError('SYNC_SOURCE_CHANGED', { tables: changed.map(formatTableKey) });
}
