// Before the first row: the target has the spec's tables (created here if asked), they are empty or ours, and what would slow
// the load down is set aside with its definition recorded.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { formatTableKey } from '../core/identifiers.ts';
import type { Catalog, CatalogTable } from '../postgres/catalog/catalog.ts';
import { readCatalog } from '../postgres/catalog/read-catalog.ts';
import { readChunks, type StoredChunk } from '../postgres/chunk-ledger.ts';
import { claimTables, listFilled } from '../postgres/claim-tables.ts';
import { createClaimed } from '../postgres/create-claimed.ts';
import { storeHashedColumns } from '../postgres/hashed-columns.ts';
import { readKeptIndexes } from '../postgres/kept-indexes.ts';
import { ensureMarker } from '../postgres/marker.ts';
import type { RunStart } from '../postgres/marker-runs.ts';
import { makeUnlogged } from '../postgres/persistence.ts';
import { withRecordedStructure } from '../postgres/recorded-structure.ts';
import { endLeftovers } from '../postgres/run-lock.ts';
import { setAside } from '../postgres/set-aside.ts';
import { chunkCount, type Plan } from '../spec/plan.ts';
import type { Spec } from '../spec/spec.ts';
import type { GenerateOptions } from './generate-options.ts';
import { refuseOtherRun } from './refuse-other-run.ts';
import { hashedColumns, unhashedConstants } from './table-kernel.ts';

/** The target's structure once all tables of the spec are there. */
export interface TargetTables {
  readonly catalog: Catalog;
  /** Keys of the tables that were created just now. */
  readonly created: ReadonlySet<string>;
}

/** Reads the catalog, after running `createSql` when none of the spec's tables exists. Throws CREATE_INCOMPLETE when only some do. */
export async function provideTables(client: pg.Client, spec: Spec, createSql: string | undefined): Promise<TargetTables> {
  const before = await readTargetCatalog(client);
  const present = new Set(before.tables.map(formatTableKey));
  const wanted = Object.keys(spec.tables);
  const missing = wanted.filter((key) => !present.has(key));
  if (missing.length === 0 || createSql === undefined) return { catalog: before, created: new Set() };
  const found = wanted.filter((key) => present.has(key));
  if (found.length > 0) throw new ShapecastError('CREATE_INCOMPLETE', { present: found, missing });
  await ensureMarker(client);
  const made = await createClaimed(client, createSql);
  const catalog = await readCatalog(client);
  const created = new Set(catalog.tables.filter((table) => made.has(table.oid)).map(formatTableKey));
  return { catalog, created };
}

/** The catalog with the keys and indexes that an interrupted run has set aside, so that the same plan comes of it. */
export async function readTargetCatalog(client: pg.Client): Promise<Catalog> {
  return withRecordedStructure(client, await readCatalog(client));
}

export interface Claim {
  readonly plan: Plan;
  readonly target: TargetTables;
  readonly options: GenerateOptions;
  readonly run: RunStart;
}

/**
 * Claims the plan's tables and sets aside the keys and indexes of those that are not whole. Returns the chunks that an interrupted run of
 * the same plan left. Throws TARGET_NOT_EMPTY for rows of somebody else, TARGET_OTHER_RUN for rows of another plan.
 */
export async function claimTarget(client: pg.Client, { plan, target, options, run }: Claim): Promise<StoredChunk[]> {
  await ensureMarker(client);
  await endLeftovers(client);
  await refuseOtherRun(client, run);
  const tables = plannedTables(plan, target.catalog);
  if (options.unlogged === true) refuseUnlogged(tables);
  await claimTables(
    client,
    tables.map((table) => ({
      table,
      origin: target.created.has(formatTableKey(table)) ? ('created' as const) : ('found' as const),
    })),
  );
  await recordHashedColumns(client, plan);
  const filled = await listFilled(client, tables);
  const chunks = await readChunks(client, run.planId);
  refuseUncounted(filled, chunks);
  if (options.keepIndexes !== true) await setKeysAside(client, unfinished(plan, tables, chunks), tables, options);
  if (options.unlogged === true) await provideUnlogged(client, tables, chunks, options);
  return chunks;
}

async function setKeysAside(
  client: pg.Client,
  unfinished: readonly CatalogTable[],
  planned: readonly CatalogTable[],
  { warn }: GenerateOptions,
): Promise<void> {
  await setAside(client, unfinished, planned);
  if (warn === undefined) return;
  const oids = unfinished.map(({ oid }) => oid);
  for (const { table, name, reason } of await readKeptIndexes(client, oids)) {
    warn(`${table}: the index ${name} stays in place while rows go in, which is slower (${reason})`);
  }
}

function refuseUnlogged(tables: readonly CatalogTable[]): void {
  const refused = tables.filter((table) => table.isPartitioned && table.foreignKeys.length > 0).map(formatTableKey);
  if (refused.length > 0) throw new ShapecastError('UNLOGGED_IMPOSSIBLE', { tables: refused });
}

/** Rows that are there stay as they are: moving them would cost what the option saves. */
async function provideUnlogged(
  client: pg.Client,
  tables: readonly CatalogTable[],
  chunks: readonly StoredChunk[],
  options: GenerateOptions,
): Promise<void> {
  if (chunks.length === 0) await makeUnlogged(client, tables);
  else options.warn?.('--unlogged changes nothing where rows are in already: the tables stay as they are');
}

/**
 * Throws TARGET_NOT_EMPTY for rows of our tables that the ledger does not count: a crash empties that of unlogged tables, and those may be
 * logged by now. `filled` was seen before the ledger was read, so rows of another shard are counted when they are seen.
 */
function refuseUncounted(filled: readonly string[], chunks: readonly StoredChunk[]): void {
  const counted = new Set(chunks.map((chunk) => chunk.table));
  const others = filled.filter((table) => !counted.has(table));
  if (others.length > 0) throw new ShapecastError('TARGET_NOT_EMPTY', { tables: others });
}

/** A table whose chunks are all in may have its keys and indexes again; those stay. */
function unfinished(plan: Plan, tables: readonly CatalogTable[], chunks: readonly StoredChunk[]): CatalogTable[] {
  const missing = plan.tables.filter((table) => chunks.filter((chunk) => chunk.table === table.name).length < chunkCount(table));
  const names = new Set(missing.map(({ name }) => name));
  return tables.filter((table) => names.has(formatTableKey(table)));
}

/** The catalog's tables that the plan fills. */
export function plannedTables(plan: Plan, catalog: Catalog): CatalogTable[] {
  const planned = new Set(plan.tables.map((table) => table.name));
  return catalog.tables.filter((table) => planned.has(formatTableKey(table)));
}

async function recordHashedColumns(client: pg.Client, plan: Plan): Promise<void> {
  const tables = plan.tables.map((table) => ({
    schema: table.schema,
    name: table.relation,
    columns: hashedColumns(table).map(({ name }) => name),
    constants: unhashedConstants(table),
  }));
  await storeHashedColumns(client, tables);
}
