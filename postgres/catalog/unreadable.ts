// What this session could not read of the user's tables and sequences, and why: asked of the catalog, so that nobody finds out in the middle
// of a copy. pg_dump asks for a lock on every table, and the right to read a table is the right to that lock.
import type pg from 'pg';
import { runQuery } from '../query.ts';

const sql = `
select
  n.nspname::text as schema,
  c.relname::text as name,
  case
    when not pg_catalog.has_schema_privilege(n.oid, 'usage') then 'schema'
    when not pg_catalog.has_table_privilege(c.oid, 'select') then 'grant'
    -- true also where row_security is off and the session's role would be refused
    when pg_catalog.row_security_active(c.oid) then 'policy'
    -- a standby has no rows of them
    else 'unlogged'
  end as reason
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'S')
  and c.relpersistence <> 't'
  and n.nspname !~ '^pg_'
  and n.nspname not in ('information_schema', 'shapecast')
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
      and d.objid = c.oid
      and d.deptype = 'e'
  )
  and (
    not pg_catalog.has_schema_privilege(n.oid, 'usage')
    or not pg_catalog.has_table_privilege(c.oid, 'select')
    -- a policy counts for the table that is named, and partitions are read by their root
    or (pg_catalog.row_security_active(c.oid) and not c.relispartition)
    or (c.relpersistence = 'u' and pg_catalog.pg_is_in_recovery())
  )
order by 1, 2`;

/** schema: no USAGE. grant: no SELECT. policy: row security would refuse or filter. unlogged: not on a standby. */
export type UnreadableReason = 'schema' | 'grant' | 'policy' | 'unlogged';

export interface Unreadable {
  readonly schema: string;
  readonly name: string;
  readonly reason: UnreadableReason;
}

/** Tables, partitions and sequences, by schema and name; empty when all can be read. */
export function readUnreadable(client: pg.ClientBase): Promise<Unreadable[]> {
  return runQuery(client, 'asking what can be read', sql);
}
