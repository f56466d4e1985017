// Unique indexes and exclusion constraints that a partition has for itself: its table promises nothing of the kind, but who fills the table with
// other values may break them.
import type pg from 'pg';
import { runQuery } from '../query.ts';
import type { CatalogIndex } from './catalog.ts';
import { readIndexes } from './indexes.ts';

const sql = `
select
  r.oid as root,
  t.relid::oid as partition,
  own.names
from unnest($1::oid[]) as r(oid)
cross join lateral pg_catalog.pg_partition_tree(r.oid) as t
cross join lateral (
  select array_agg(c.relname::text) as names
  from pg_catalog.pg_index i
  join pg_catalog.pg_class c on c.oid = i.indexrelid
  where i.indrelid = t.relid
    -- a part of its parent's index
    and not c.relispartition
    and (i.indisunique or i.indisexclusion)
) as own
where t.relid <> r.oid
  and own.names is not null`;

interface PartitionRow {
  readonly root: number;
  readonly partition: number;
  readonly names: readonly string[];
}

/** By oid of the table, the keys of its partitions alone; each is over some of the table's rows (isPartial). Throws QUERY_FAILED. */
export async function readPartitionKeys(
  client: pg.ClientBase,
  tables: readonly number[],
): Promise<ReadonlyMap<number, readonly CatalogIndex[]>> {
  const found = await runQuery<PartitionRow>(client, 'reading the keys of partitions', sql, [tables]);
  const byPartition = new Map(found.map((row) => [row.partition, row]));
  const keys = new Map<number, CatalogIndex[]>();
  for (const { table, ...index } of await readIndexes(client, [...byPartition.keys()])) {
    const row = byPartition.get(table);
    if (row?.names.includes(index.name) !== true) continue;
    keys.set(row.root, [...(keys.get(row.root) ?? []), { ...index, isPartial: true }]);
  }
  return keys;
}
