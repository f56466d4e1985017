// Indexes, valid ones only. The index of a partitioned table stands for those of its partitions.
import type pg from 'pg';
import { runQuery } from '../query.ts';
import type { CatalogIndex } from './catalog.ts';

const sql = `
select
  i.indrelid as "table",
  c.relname::text as name,
  array(
    select a.attname::text
    from unnest(i.indkey::int2[]) with ordinality as u(number, place)
    -- number 0 is an expression and finds no column
    left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.number and u.number <> 0
    where u.place <= i.indnkeyatts
    order by u.place
  ) as columns,
  m.amname::text as method,
  i.indisunique as "isUnique",
  i.indisprimary as "isPrimary",
  exists (
    select from pg_catalog.pg_constraint k
    where k.conindid = i.indexrelid
      and k.contype in ('p', 'u', 'x')
  ) as "isConstraint",
  i.indpred is not null as "isPartial",
  -- through JSON, because the column exists from 15 only
  coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) as "nullsNotDistinct",
  array(
    select pg_catalog.pg_get_indexdef(i.indexrelid, place, false)
    from generate_series(1, i.indnkeyatts) as place
    order by place
  ) as parts,
  -- pg_depend does not tell an expression's columns from the predicate's; the trees do, and strings in them are bytes, not text
  array(
    select a.attname::text
    from pg_catalog.pg_attribute a
    where a.attrelid = i.indrelid
      and a.attnum in (
        select found[1]::int from regexp_matches(i.indexprs::text, '\\{VAR :varno 1 :varattno (-?[0-9]+) ', 'g') as found
      )
    order by a.attnum
  ) as "expressionColumns",
  pg_catalog.pg_get_expr(i.indpred, i.indrelid) as predicate,
  array(
    select a.attname::text
    from pg_catalog.pg_attribute a
    where a.attrelid = i.indrelid
      and a.attnum in (
        select found[1]::int from regexp_matches(i.indpred::text, '\\{VAR :varno 1 :varattno (-?[0-9]+) ', 'g') as found
      )
    order by a.attnum
  ) as "predicateColumns",
  -- on a partitioned table the server writes ON ONLY, which would make an index without its partitions
  replace(
    pg_catalog.pg_get_indexdef(i.indexrelid),
    quote_ident(c.relname) || ' ON ONLY ',
    quote_ident(c.relname) || ' ON '
  ) as definition
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indexrelid
join pg_catalog.pg_am m on m.oid = c.relam
where i.indrelid = any ($1::oid[])
  and i.indisvalid
order by i.indrelid, c.relname`;

/** An index and the oid of its table. */
export type TableIndex = CatalogIndex & { readonly table: number };

/** The indexes of the tables with these oids, by name. */
export function readIndexes(client: pg.ClientBase, tables: readonly number[]): Promise<TableIndex[]> {
  return runQuery(client, 'reading the indexes', sql, [tables]);
}
