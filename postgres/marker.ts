// The marker: the schema `shapecast` in a target says which tables are ours, which runs filled them, which chunks are in,
// and what we dropped to fill them faster. Nothing is emptied or dropped that it does not list.
import type pg from 'pg';
import { z } from 'zod';
import { ShapecastError } from '../core/errors.ts';
import { formatTableKey, type QualifiedName, quoteQualified } from '../core/identifiers.ts';
import { checkDocument } from '../spec/parse-document.ts';
import { locateTable, MARKER_HOME } from './marker-home.ts';
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

/** A chunk of the chunk ledger; it commits together with the rows it counts. */
export interface StoredChunk {
  readonly planId: string;
  /** Table key, `public.users`. */
  readonly table: string;
  readonly chunk: number;
  readonly rows: number;
  readonly bytes: number;
  /** 16 hex digits. */
  readonly contentHash: string;
  /** SHA-256 of each block, 32 bytes each, in block order. */
  readonly blockDigests: Buffer;
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

/** One record of what we dropped, as it applies now; undefined when it is gone. */
export async function readDefinition(client: pg.Client, id: number): Promise<StoredDefinition | undefined> {
  const rows = await runQuery(client, 'reading the marker', SELECT_DEFINITIONS, [id]);
  return checkRows(storedDefinition, rows)[0];
}

/**
 * Records the tables as ours, all or none, and comments on the created ones. A table that the marker lists already keeps its
 * origin. Throws TARGET_NOT_EMPTY, naming every table that the marker does not list and that holds a row.
 */
export async function claimTables(
  client: pg.Client,
  tables: readonly { readonly table: IdentifiedTable; readonly origin: TableOrigin }[],
): Promise<void> {
  await inTransaction(client, () => recordTables(client, tables));
}

/** claimTables inside the caller's transaction. */
export async function recordTables(
  client: pg.ClientBase,
  tables: readonly { readonly table: IdentifiedTable; readonly origin: TableOrigin }[],
): Promise<void> {
  const listed = checkRows(tableRow, await runQuery(client, 'reading the marker', SELECT_TABLES));
  const unlisted = tables.filter(({ table }) => !listed.some((row) => row.oid === table.oid && isSameName(row, table)));
  await refuseMoved(client, unlisted);
  await refuseRows(client, unlisted);
  for (const { table, origin } of unlisted) await recordTable(client, table, origin);
}

/** The chunks that are in, by table and chunk. */
export async function readChunks(client: pg.Client, planId: string): Promise<StoredChunk[]> {
  return runQuery<StoredChunk>(client, 'reading the chunk ledger', `${SELECT_CHUNKS} order by table_key collate "C", chunk`, [
    planId,
  ]);
}

/**
 * Inside the transaction that is to copy a chunk: waits for any other session that copies it, and says whether it is in now. So the same
 * shard run twice at once makes no row twice.
 */
export async function claimChunk(
  client: pg.Client,
  { planId, table, chunk }: Pick<StoredChunk, 'planId' | 'table' | 'chunk'>,
): Promise<StoredChunk | null> {
  await runQuery(client, 'claiming a chunk', 'select pg_advisory_xact_lock(hashtext($1), $2)', [
    `shapecast ${planId} ${table}`,
    chunk,
  ]);
  const [found] = await runQuery<StoredChunk>(
    client,
    'reading the chunk ledger',
    `${SELECT_CHUNKS} and table_key = $2 and chunk = $3`,
    [planId, table, chunk],
  );
  return found ?? null;
}

/** How many chunks of a table are in. */
export async function countChunks(client: pg.Client, planId: string, table: string): Promise<number> {
  const [found] = await runQuery<{ count: number }>(
    client,
    'reading the chunk ledger',
    'select count(*)::int as count from shapecast.chunks where plan_id = $1 and table_key = $2',
    [planId, table],
  );
  return found?.count ?? 0;
}

/** Adds a chunk; call it inside the transaction that copies the chunk's rows, so that both are there or neither. */
export async function insertChunk(client: pg.Client, chunk: StoredChunk): Promise<void> {
  await runQuery(
    client,
    'recording a chunk',
    `insert into shapecast.chunks (plan_id, table_key, chunk, rows, bytes, content_hash, block_digests)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [chunk.planId, chunk.table, chunk.chunk, chunk.rows, chunk.bytes, chunk.contentHash, chunk.blockDigests],
  );
}

const SELECT_CHUNKS = `
  select plan_id as "planId", table_key as "table", chunk, rows::float8 as rows, bytes::float8 as bytes,
         content_hash as "contentHash", block_digests as "blockDigests"
  from shapecast.chunks
  where plan_id = $1`;

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
async function runIfThere<Row extends pg.QueryResultRow>(
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

async function refuseRows(client: pg.ClientBase, tables: readonly { readonly table: QualifiedName }[]): Promise<void> {
  const filled = await listFilled(
    client,
    tables.map(({ table }) => table),
  );
  if (filled.length > 0) throw new ShapecastError('TARGET_NOT_EMPTY', { tables: filled });
}

/** Tables with a row that the marker does not list: somebody else's. Changes nothing; the marker need not be there. Throws MARKER_FOREIGN. */
export async function findForeignRows(client: pg.Client, tables: readonly IdentifiedTable[]): Promise<string[]> {
  const listed = (await readMarker(client))?.tables ?? [];
  return listFilled(
    client,
    tables.filter((table) => !listed.some((row) => row.oid === table.oid && isSameName(row, table))),
  );
}

/** Plans whose chunks are in the target, but for this one. */
export async function findOtherPlans(client: pg.Client, planId: string): Promise<string[]> {
  if (!(await hasMarker(client))) return [];
  const rows = await runIfThere<{ planId: string }>(
    client,
    'chunks',
    'select distinct plan_id as "planId" from shapecast.chunks order by 1',
  );
  return rows.map((row) => row.planId).filter((other) => other !== planId);
}

/** Keys of the tables that have a row. */
export async function listFilled(client: pg.ClientBase, tables: readonly QualifiedName[]): Promise<string[]> {
  const filled: string[] = [];
  for (const table of tables) {
    const [found] = await runQuery<{ filled: boolean }>(
      client,
      `looking for rows in ${formatTableKey(table)}`,
      `select exists (select from ${quoteQualified(table)}) as filled`,
    );
    if (found?.filled === true) filled.push(formatTableKey(table));
  }
  return filled;
}

// The record of a table of ours that was renamed since may not be overwritten by that of a new one under its old name.
async function refuseMoved(client: pg.ClientBase, tables: readonly { readonly table: QualifiedName }[]): Promise<void> {
  const moved = await runQuery<QualifiedName & { nowSchema: string; nowName: string }>(
    client,
    'reading the marker',
    `select t.schema_name as schema, t.table_name as name, l.schema as "nowSchema", l.name as "nowName"
     from shapecast.tables t
     cross join lateral ${locateTable({ schema: 't.schema_name', name: 't.table_name', oid: 't.table_oid', home: 't.made_in' })} as l
     where (l.schema, l.name) <> (t.schema_name, t.table_name)`,
  );
  const wanted = moved.find((row) => tables.some(({ table }) => isSameName(row, table)));
  if (wanted === undefined) return;
  const now = formatTableKey({ schema: wanted.nowSchema, name: wanted.nowName });
  throw new ShapecastError('MARKER_MOVED', { table: formatTableKey(wanted), now });
}

async function recordTable(client: pg.ClientBase, table: IdentifiedTable, origin: TableOrigin): Promise<void> {
  await runQuery(
    client,
    'recording a table',
    `insert into shapecast.tables (schema_name, table_name, table_oid, origin, made_in)
     values ($1, $2, $3, $4, ${MARKER_HOME})
     on conflict (schema_name, table_name) do update
       set table_oid = excluded.table_oid, origin = excluded.origin, made_in = excluded.made_in`,
    [table.schema, table.name, table.oid, origin],
  );
  // The table is empty: chunks under its name were those of one that is gone, and a run would take them for done.
  await runQuery(client, 'clearing the chunk ledger', 'delete from shapecast.chunks where table_key = $1', [
    formatTableKey(table),
  ]);
  if (origin === 'found') return;
  await runQuery(
    client,
    `commenting on ${formatTableKey(table)}`,
    `comment on table ${quoteQualified(table)} is '${MARKER_COMMENT}'`,
  );
}

function isSameName(left: QualifiedName, right: QualifiedName): boolean {
  return left.schema === right.schema && left.name === right.name;
}
