// Before the first row: the target has the spec's tables (created here if asked), they are empty or ours, and what would slow
// the load down is set aside with its definition recorded.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { formatTableKey } from '../core/identifiers.ts';
import type { Catalog, CatalogTable } from '../postgres/catalog/catalog.ts';
import { readCatalog } from '../postgres/catalog/read-catalog.ts';
import { createClaimed } from '../postgres/create-claimed.ts';
import { claimTables, ensureMarker, readChunks, type StoredChunk } from '../postgres/marker.ts';
import { runQuery } from '../postgres/query.ts';
import { setAside } from '../postgres/set-aside.ts';
import { type Plan, planId } from '../spec/plan.ts';
import type { Spec } from '../spec/spec.ts';
import { listTasks } from './work.ts';

/** The target's structure once all tables of the spec are there. */
export interface TargetTables {
  readonly catalog: Catalog;
  /** Keys of the tables that were created just now. */
  readonly created: ReadonlySet<string>;
}

/** Reads the catalog, after running `createSql` when none of the spec's tables exists. Throws CREATE_INCOMPLETE when only some do. */
export async function provideTables(client: pg.Client, spec: Spec, createSql: string | undefined): Promise<TargetTables> {
  const before = await readCatalog(client);
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

/**
 * Claims the plan's tables and sets their foreign keys and plain indexes aside. Returns the chunks that an interrupted run of
 * the same plan left. Throws TARGET_NOT_EMPTY for rows of somebody else, TARGET_OTHER_RUN for rows of another plan.
 */
export async function claimTarget(client: pg.Client, plan: Plan, target: TargetTables): Promise<StoredChunk[]> {
  const id = planId(plan);
  await ensureMarker(client);
  await refuseOtherRun(client, id);
  const tables = plannedTables(plan, target.catalog);
  await claimTables(
    client,
    tables.map((table) => ({
      table,
      origin: target.created.has(formatTableKey(table)) ? ('created' as const) : ('found' as const),
    })),
  );
  const chunks = await readChunks(client, id);
  // A repeated run, or shard, of a dataset that is all there changes nothing.
  if (chunks.length < listTasks(plan).length) await setAside(client, tables);
  return chunks;
}

/** The catalog's tables that the plan fills. */
export function plannedTables(plan: Plan, catalog: Catalog): CatalogTable[] {
  const planned = new Set(plan.tables.map((table) => table.name));
  return catalog.tables.filter((table) => planned.has(formatTableKey(table)));
}

async function refuseOtherRun(client: pg.Client, id: string): Promise<void> {
  const [other] = await runQuery<{ planId: string }>(
    client,
    'reading the chunk ledger',
    'select plan_id as "planId" from shapecast.chunks where plan_id <> $1 limit 1',
    [id],
  );
  if (other !== undefined) throw new ShapecastError('TARGET_OTHER_RUN', { planId: other.planId });
}
