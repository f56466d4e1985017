// What the role of a session may do besides reading. A default of read-only transactions keeps nobody from switching it off, so what counts is
// what was granted.
import type pg from 'pg';
import { runQuery } from './query.ts';

const ATTRIBUTES = `
select
  r.rolname::text as name,
  r.rolsuper as "isSuperuser",
  r.rolcreatedb as "mayCreateDatabases",
  r.rolcreaterole as "mayCreateRoles",
  r.rolreplication as "mayReplicate",
  r.rolbypassrls as "bypassesPolicies",
  exists (
    select from pg_catalog.pg_roles m
    where pg_catalog.pg_has_role(m.oid, 'member')
      and pg_catalog.has_database_privilege(m.oid, pg_catalog.current_database()::text, 'create')
  ) as "mayCreateSchemas",
  r.rolconnlimit as "connectionLimit",
  -- what a session begins with, whatever this one has set since
  (select reset_val = 'on' from pg_catalog.pg_settings where name = 'default_transaction_read_only') as "isReadOnlyByDefault",
  (select reset_val <> '0' from pg_catalog.pg_settings where name = 'statement_timeout') as "hasStatementTimeout",
  -- programs and files of the server are a way around every grant
  array(
    select p.rolname::text from pg_catalog.pg_roles p
    where p.rolname in ('pg_write_all_data', 'pg_write_server_files', 'pg_execute_server_program', 'pg_maintain')
      and pg_catalog.pg_has_role(r.oid, p.oid, 'member')
    order by 1
  ) as "writingRoles"
from pg_catalog.pg_roles r
where r.rolname = current_user`;

// Rights of every role that it could become: those that it does not inherit are one SET ROLE away.
const WRITABLE = `
select n.nspname::text as schema, c.relname::text as name
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'f', 'v', 'S')
  and n.nspname !~ '^pg_'
  and n.nspname <> 'information_schema'
  and exists (
    select from pg_catalog.pg_roles m
    where pg_catalog.pg_has_role(m.oid, 'member')
      and case c.relkind
        when 'S' then pg_catalog.has_sequence_privilege(m.oid, c.oid, 'usage, update')
        else pg_catalog.has_table_privilege(m.oid, c.oid, 'insert, update, delete, truncate')
          or pg_catalog.has_any_column_privilege(m.oid, c.oid, 'insert, update')
      end
  )
order by 1, 2`;

const CREATABLE = `
select n.nspname::text as name
from pg_catalog.pg_namespace n
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and exists (
    select from pg_catalog.pg_roles m
    where pg_catalog.pg_has_role(m.oid, 'member') and pg_catalog.has_schema_privilege(m.oid, n.oid, 'create')
  )
order by 1`;

export interface ReadingRole {
  readonly name: string;
  readonly isSuperuser: boolean;
  readonly mayCreateDatabases: boolean;
  readonly mayCreateRoles: boolean;
  readonly mayReplicate: boolean;
  /** CREATE on the database. */
  readonly mayCreateSchemas: boolean;
  readonly bypassesPolicies: boolean;
  /** -1: none. */
  readonly connectionLimit: number;
  readonly isReadOnlyByDefault: boolean;
  readonly hasStatementTimeout: boolean;
  /** Predefined roles that it has and that write, or get at the server's files. */
  readonly writingRoles: readonly string[];
  /** Tables, views, foreign tables and sequences that it, or a role that it may become, may change, by grant or as their owner. */
  readonly writable: readonly { readonly schema: string; readonly name: string }[];
  /** Schemas that it may make objects in. */
  readonly creatable: readonly string[];
}

/** Of the session's current role. Reads the catalog alone. */
export async function readReadingRole(client: pg.ClientBase): Promise<ReadingRole | null> {
  type Attributes = Omit<ReadingRole, 'writable' | 'creatable'>;
  const [attributes] = await runQuery<Attributes>(client, 'reading the role', ATTRIBUTES);
  if (attributes === undefined) return null;
  const writable = await runQuery<{ schema: string; name: string }>(client, 'asking what the role may write', WRITABLE);
  const creatable = await runQuery<{ name: string }>(client, 'asking where the role may create', CREATABLE);
  return { ...attributes, writable, creatable: creatable.map(({ name }) => name) };
}

/** Whether it could change something on the server if it tried. Before PostgreSQL 16 CREATEROLE gives itself any role but a superuser's. */
export function mayWrite(role: ReadingRole): boolean {
  const attributes = role.isSuperuser || role.mayCreateDatabases || role.mayCreateRoles || role.mayCreateSchemas;
  return attributes || role.writingRoles.length > 0 || role.writable.length > 0 || role.creatable.length > 0;
}
