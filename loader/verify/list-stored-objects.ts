// The indexes and the constraints of the tables, with what the catalog itself says against each; and the heaps behind them. Partitions count
// as their table.
import { z } from 'zod';
import { formatTableKey } from '../../core/identifiers.ts';
import { runQuery } from '../../postgres/query.ts';
import type { Verification } from '../target-tables.ts';

const indexRow = z
  .strictObject({
    oid: z.number(),
    schema: z.string(),
    name: z.string(),
    method: z.string(),
    /** false: the index of a partitioned table, which has no pages. */
    hasPages: z.boolean(),
    bytes: z.number(),
    /** Rows of the index's table: as ANALYZE estimated them, else as many as its bytes can hold. */
    rows: z.number(),
    fault: z.string().nullable(),
  })
  .transform((row) => ({ ...row, label: `index ${formatTableKey(row)}` }));

const constraintRow = z
  .strictObject({ schema: z.string(), table: z.string(), name: z.string(), fault: z.string().nullable() })
  .transform((row) => ({
    label: `constraint ${row.name} of ${formatTableKey({ schema: row.schema, name: row.table })}`,
    fault: row.fault,
  }));

const heapRow = z
  .strictObject({ oid: z.number(), schema: z.string(), name: z.string(), bytes: z.number() })
  .transform((row) => ({ ...row, label: `table ${formatTableKey(row)}` }));

export type IndexEntry = z.output<typeof indexRow>;
export type ConstraintEntry = z.output<typeof constraintRow>;
export type HeapEntry = z.output<typeof heapRow>;

/** What PostgreSQL keeps for the tables of a verification; `fault` is null where the catalog has nothing against it. */
export interface StoredObjects {
  readonly indexes: readonly IndexEntry[];
  readonly constraints: readonly ConstraintEntry[];
  readonly heaps: readonly HeapEntry[];
}

const TREE = `
  tree as (
    select t.oid from unnest($1::oid[]) as t(oid)
    union
    select p.relid from unnest($1::oid[]) as t(oid) cross join lateral pg_partition_tree(t.oid) as p
  )`;

// 40 bytes: no row is smaller, its line pointer included.
const LIST_INDEXES = `
  with ${TREE}
  select i.indexrelid::int8::float8 as oid, n.nspname as schema, c.relname as name, m.amname as method,
         c.relkind = 'i' as "hasPages", pg_relation_size(c.oid)::float8 as bytes,
         (case when h.reltuples < 0 then pg_relation_size(h.oid) / 40 else h.reltuples end)::float8 as rows,
         case
           when not i.indislive then 'being dropped'
           when not i.indisready then 'not ready: rows are written without it'
           when not i.indisvalid and c.relkind = 'I' then 'not valid: a partition lacks its part'
           when not i.indisvalid then 'not valid: no query uses it'
         end as fault
  from tree t
  join pg_index i on i.indrelid = t.oid
  join pg_class c on c.oid = i.indexrelid
  join pg_class h on h.oid = i.indrelid
  join pg_namespace n on n.oid = c.relnamespace
  join pg_am m on m.oid = c.relam
  order by n.nspname collate "C", c.relname collate "C"`;

// Not those of partitions that are part of their table's, and no constraint triggers, which a schema may switch off. NOT ENFORCED (server 18)
// is declared, and no fault; where it is declared, convalidated is false as well. A key's triggers are its own.
const LIST_CONSTRAINTS = `
  with ${TREE}
  select n.nspname as schema, c.relname as "table", k.conname as name,
         case
           when not k.convalidated and coalesce(to_jsonb(k) ->> 'conenforced', 'true') = 'true' then 'not validated (NOT VALID)'
           when exists (select from pg_trigger g where g.tgconstraint = k.oid and g.tgenabled = 'D')
             then 'its triggers are switched off'
         end as fault
  from tree t
  join pg_constraint k on k.conrelid = t.oid and k.conparentid = 0 and k.contype <> 't'
  join pg_class c on c.oid = t.oid
  join pg_namespace n on n.oid = c.relnamespace
  order by n.nspname collate "C", c.relname collate "C", k.conname collate "C"`;

// Only tables of the heap access method: amcheck knows no other.
const LIST_HEAPS = `
  with ${TREE}
  select c.oid::int8::float8 as oid, n.nspname as schema, c.relname as name, pg_relation_size(c.oid)::float8 as bytes
  from tree t
  join pg_class c on c.oid = t.oid and c.relkind = 'r'
  join pg_am m on m.oid = c.relam and m.amname = 'heap'
  join pg_namespace n on n.oid = c.relnamespace
  order by n.nspname collate "C", c.relname collate "C"`;

/** One look at the catalog. */
export async function listStoredObjects({ client, tables }: Verification): Promise<StoredObjects> {
  const oids = [tables.flatMap(({ found }) => (found === null ? [] : [found.oid]))];
  return {
    indexes: z.array(indexRow).parse(await runQuery(client, 'listing indexes', LIST_INDEXES, oids)),
    constraints: z.array(constraintRow).parse(await runQuery(client, 'listing constraints', LIST_CONSTRAINTS, oids)),
    heaps: z.array(heapRow).parse(await runQuery(client, 'listing tables', LIST_HEAPS, oids)),
  };
}
