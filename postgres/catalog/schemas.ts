// The schemas that hold the user's tables. Ours, PostgreSQL's own and every session's temporary ones are not among them.
import type pg from 'pg';
import { runQuery } from '../query.ts';

const sql = `
select
  n.oid,
  n.nspname::text as name
from pg_catalog.pg_namespace n
where n.nspname !~ '^pg_'
  and n.nspname not in ('information_schema', 'shapecast')
  -- $1: the wanted names, or null for all
  and ($1::text[] is null or n.nspname::text = any ($1::text[]))
order by n.nspname`;

export interface SchemaRow {
  readonly oid: number;
  readonly name: string;
}

/** The wanted user schemas (null: all), by name. */
export function readSchemas(client: pg.ClientBase, wanted: readonly string[] | null): Promise<SchemaRow[]> {
  return runQuery(client, 'reading the schemas', sql, [wanted]);
}
