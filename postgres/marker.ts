// The marker: the schema `shapecast` in a target says which tables are ours, which runs filled them, which chunks are in,
// and what we dropped to fill them faster. Nothing is emptied or dropped that it does not list.
import type pg from 'pg';
import { z } from 'zod';
import { ShapecastError } from '../core/errors.ts';
import type { QualifiedName } from '../core/identifiers.ts';
import { checkDocument } from '../spec/parse-document.ts';
import { MARKER_COMMENT, MARKER_STATEMENTS } from './marker-tables.ts';
import { inTransaction } from './marker-transaction.ts';
import { runQuery } from './query.ts';
import { SELECT_DEFINITIONS, type StoredDefinition, storedDefinition } from './stored-definitions.ts';

/** created: made by us, dropped by teardown. found: was there, emptied by teardown. */
export type TableOrigin = 'created' | 'found';

/** A table as the marker knows it: the name, and the oid that tells it from another one of that name. */
export interface IdentifiedTable extends QualifiedName {
  readonly oid: number;
}

export type RunStatus = 'running' | 'completed' | 'failed';

const runRow = z.strictObject({
  runId: z.string(),
  planId: z.string(),
  seed: z.string(),
  band: z.string(),
  specName: z.string(),
  toolVersion: z.string(),
  status: z.enum(['running', 'completed', 'failed']),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
});

const tableRow = z.strictObject({
  schema: z.string(),
  name: z.string(),
  oid: z.number(),
  origin: z.enum(['created', 'found']),
});

export type MarkerRun = z.output<typeof runRow>;
export type MarkerTable = z.output<typeof tableRow>;

export interface Marker {
  readonly runs: readonly MarkerRun[];
  readonly tables: readonly MarkerTable[];
  /** What we dropped and have not put back, in the order in which it is put back. */
  readonly definitions: readonly StoredDefinition[];
}

/** Makes the marker where it is missing; safe to repeat and to run from two sessions at once. Throws MARKER_FOREIGN. */
export async function ensureMarker(client: pg.Client): Promise<void> {
  await inTransaction(client, async () => {
    await runQuery(client, 'locking the marker', `select pg_advisory_xact_lock(hashtext('shapecast marker'))`);
    await hasMarker(client);
    await runQuery(client, 'quieting notices', 'set local client_min_messages = warning');
    for (const statement of MARKER_STATEMENTS) await runQuery(client, 'making the marker', statement);
  });
}

/** True when the target carries our marker. Throws MARKER_FOREIGN when the schema is somebody else's. */
export async function hasMarker(client: pg.Client): Promise<boolean> {
  const [found] = await runQuery<{ comment: string | null }>(
    client,
    'looking for the marker',
    `select obj_description(oid, 'pg_namespace') as comment from pg_catalog.pg_namespace where nspname = 'shapecast'`,
  );
  if (found === undefined) return false;
  if (found.comment !== MARKER_COMMENT) throw new ShapecastError('MARKER_FOREIGN', {});
  return true;
}

/** What the marker says, or null where there is none. Throws MARKER_FOREIGN. */
export async function readMarker(client: pg.Client): Promise<Marker | null> {
  if (!(await hasMarker(client))) return null;
  return {
    runs: checkRows(runRow, await runIfThere(client, 'runs', SELECT_RUNS)),
    tables: checkRows(tableRow, await runIfThere(client, 'tables', SELECT_TABLES)),
    definitions: checkRows(storedDefinition, await runIfThere(client, 'definitions', SELECT_DEFINITIONS, [null])),
  };
}

/** The tables that the marker lists; it must be there. */
export async function readTables(client: pg.ClientBase): Promise<MarkerTable[]> {
  return checkRows(tableRow, await runQuery(client, 'reading the marker', SELECT_TABLES));
}

/** One record of what we dropped, as it applies now; undefined when it is gone. */
export async function readDefinition(client: pg.Client, id: number): Promise<StoredDefinition | undefined> {
  const rows = await runQuery(client, 'reading the marker', SELECT_DEFINITIONS, [id]);
  return checkRows(storedDefinition, rows)[0];
}

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

const SELECT_RUNS = `
  select run_id as "runId", plan_id as "planId", seed, band, spec_name as "specName", tool_version as "toolVersion", status,
         to_char(started_at at time zone 'UTC', ${ISO}) as "startedAt",
         to_char(finished_at at time zone 'UTC', ${ISO}) as "finishedAt"
  from shapecast.runs
  order by shapecast.runs.started_at, run_id`;

const SELECT_TABLES = `
  select schema_name as schema, table_name as name, table_oid::int8::float8 as oid, origin
  from shapecast.tables
  order by schema_name collate "C", table_name collate "C"`;

/** Rows of the marker are outside input like any other: somebody may have edited them. */
function checkRows<Schema extends z.ZodType>(schema: Schema, rows: unknown[]): z.output<Schema>[] {
  return checkDocument(z.array(schema), rows, 'marker', 'the schema shapecast of the target');
}

/** A marker whose tables were partly dropped by hand reads as if the missing ones were empty. */
export async function runIfThere<Row extends pg.QueryResultRow>(
  client: pg.Client,
  table: string,
  select: string,
  parameters: unknown[] = [],
): Promise<Row[]> {
  const [found] = await runQuery<{ there: boolean }>(
    client,
    'reading the marker',
    'select to_regclass($1) is not null as there',
    [`shapecast.${table}`],
  );
  return found?.there === true ? runQuery<Row>(client, 'reading the marker', select, parameters) : [];
}
