// The ordinary and partitioned tables of some schemas. Partitions are not tables of their own here: see leaves.ts.
import type pg from 'pg';
import { runQuery } from '../query.ts';

const sql = `
select
  c.oid,
  n.nspname::text as schema,
  c.relname::text as name,
  c.relkind = 'p' as "isPartitioned",
  -- the marker's comment on a table that we made
  coalesce(pg_catalog.obj_description(c.oid, 'pg_class') = 'made by shapecast', false) as "hasMarkerComment"
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.oid = any ($1::oid[])
  and c.relkind in ('r', 'p')
  and not c.relispartition
  and c.relpersistence <> 't'
  -- tables of an extension are its code, not the user's data
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
      and d.objid = c.oid
      and d.deptype = 'e'
  )
order by n.nspname, c.relname`;

export interface TableRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly isPartitioned: boolean;
  readonly hasMarkerComment: boolean;
}

/** The tables of the schemas with these oids, by schema and name. */
export function readTables(client: pg.ClientBase, schemas: readonly number[]): Promise<TableRow[]> {
  return runQuery(client, 'reading the tables', sql, [schemas]);
}
