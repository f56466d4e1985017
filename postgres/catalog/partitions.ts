// How partitioned tables are cut: their strategy, key columns and direct partitions with the text of their bounds. Our connections
// run in UTC with ISO dates, so that a bound reads the same on every server.
import type pg from 'pg';
import { runQuery } from '../query.ts';
import type { CatalogPartitioning } from './catalog.ts';

const sql = `
select
  p.partrelid as "table",
  case p.partstrat when 'r' then 'range' when 'l' then 'list' else 'hash' end as strategy,
  array(
    select a.attname::text
    from unnest(p.partattrs::int2[], p.partclass::oid[], p.partcollation::oid[])
      with ordinality as u(number, operator_class, collation_oid, place)
    join pg_catalog.pg_opclass o on o.oid = u.operator_class
    left join pg_catalog.pg_collation l on l.oid = u.collation_oid
    -- number 0 is an expression; what is compared in a way of its own is as unknown to us as one
    left join pg_catalog.pg_attribute a
      on a.attrelid = p.partrelid
      and a.attnum = u.number
      and u.number <> 0
      and o.opcdefault
      and coalesce(l.collisdeterministic, true)
    order by u.place
  ) as columns,
  coalesce(
    (
      select
        json_agg(
          json_build_object(
            'schema', n.nspname,
            'name', c.relname,
            'bound', pg_catalog.pg_get_expr(c.relpartbound, c.oid),
            'isPartitioned', c.relkind = 'p'
          )
          order by n.nspname, c.relname
        )
      from pg_catalog.pg_inherits i
      join pg_catalog.pg_class c on c.oid = i.inhrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where i.inhparent = p.partrelid
        and not i.inhdetachpending
    ),
    '[]'
  ) as partitions
from pg_catalog.pg_partitioned_table p
where p.partrelid = any ($1::oid[])`;

/** The cut of a table and the oid of that table. */
export type TablePartitioning = CatalogPartitioning & { readonly table: number };

/** The partitioning of those of the tables with these oids that are partitioned. */
export function readPartitionings(client: pg.ClientBase, tables: readonly number[]): Promise<TablePartitioning[]> {
  return runQuery(client, 'reading how tables are partitioned', sql, [tables]);
}
