// What a row costs here and now: some blocks of each table are made, copied into a table of a schema of their own, and their keys and indexes
// made, in a transaction that is rolled back. Seconds for any size and any number of tables; nothing is left of it but dead rows of the catalog,
// and what the server logged. Temporary tables would not do: they are not written to that log, which is half of what a COPY costs.
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { formatTableKey, quoteIdentifier } from '../core/identifiers.ts';
import type { Catalog, CatalogTable } from '../postgres/catalog/catalog.ts';
import { readStoredTypes } from '../postgres/catalog/stored-types.ts';
import { copyFromStdin } from '../postgres/copy-streams.ts';
import { runQuery, wrapQueryError } from '../postgres/query.ts';
import { chunkCount, type Plan, type PlanTable } from '../spec/plan.ts';
import { ColumnKernels } from './columns/column-kernels.ts';
import { makeTextPool } from './columns/text-pool.ts';
import { type CostPlace, LEAST_MEMORY, prepareCostPlace } from './cost-place.ts';
import { type CostSample, makeSample } from './cost-sample.ts';
import type { KeyCost, TableCost } from './estimate-time.ts';
import { Parents } from './keys/parents.ts';
import { rowBytes } from './plan/resolve-plan.ts';
import { scaleKeyCost, scaleTableCost } from './scale-costs.ts';

const WHAT = 'measuring what a row costs';
/** For the tables of a plan, and again for its keys: hundreds of them take no longer than a few. */
const BUDGET_MS = 6000;

export interface CostOptions {
  /** The tables will be unlogged. */
  readonly unlogged?: boolean | undefined;
  /** The time for tables, and for keys; one table is measured in any case. */
  readonly budgetMs?: number;
}

type Costs = (TableCost & { readonly keys: KeyCost[] })[];

/**
 * The cost of each table of the plan that gets rows, the largest first. Makes a schema in a transaction that is rolled back, and waits for nobody's
 * lock. Throws QUERY_FAILED and CONNECT_FAILED.
 */
export async function measureCosts(
  client: pg.Client,
  plan: Plan,
  catalog: Catalog,
  { budgetMs = BUDGET_MS, unlogged }: CostOptions = {},
): Promise<TableCost[]> {
  await runQuery(client, WHAT, 'begin');
  try {
    const place = await prepareCostPlace(client, WHAT, unlogged === true);
    const targets = listTargets(plan, catalog);
    const { costs, sampled } = await measureTables(client, { plan, place, targets }, budgetMs);
    await addKeys(client, { plan, place, targets, sampled }, costs, budgetMs);
    return costs;
  } finally {
    // A connection that is gone has rolled back by itself.
    await client.query('rollback').catch(() => undefined);
  }
}

interface Target {
  readonly table: PlanTable;
  readonly index: number;
  readonly target: CatalogTable;
  /** Over COPY. */
  readonly bytes: number;
}

interface Work {
  readonly plan: Plan;
  readonly place: CostPlace;
  readonly targets: readonly Target[];
}

/** The largest first. */
function listTargets(plan: Plan, catalog: Catalog): Target[] {
  const found = new Map(catalog.tables.map((table) => [formatTableKey(table), table]));
  const targets = plan.tables.flatMap((table, index) => {
    const target = found.get(table.name);
    if (target === undefined || table.rows === 0) return [];
    return [{ table, index, target, bytes: table.rows * rowBytes(table.columns) }];
  });
  return targets.sort((left, right) => right.bytes - left.bytes);
}

/** Table by table until the time is over, the others by those. `sampled`: tables in the place that have rows for measuring keys. */
async function measureTables(
  client: pg.Client,
  { plan, place, targets }: Work,
  budgetMs: number,
): Promise<{ readonly costs: Costs; readonly sampled: ReadonlySet<string> }> {
  const kernels = new ColumnKernels(plan, new Parents(plan), makeTextPool(plan.textKey));
  const beganMs = performance.now();
  const costs: Costs = [];
  const sampled = new Set<string>();
  for (const { index, table, target } of targets) {
    if (costs.length > 0 && performance.now() - beganMs >= budgetMs) break;
    const sample = makeSample(table, index, kernels);
    const name = sampleName(place, index);
    const { sendMs, copyMs } = await measureCopy(client, place, { table, target, sample, name });
    const indexMs = await measureIndexes(client, table, target, name);
    sampled.add(name);
    const makeMs = sample.makeMs + sendMs;
    costs.push({ table: table.name, rows: table.rows, sampleRows: sample.rows, makeMs, copyMs, indexMs, keys: [] });
  }
  const bytesOf = new Map(targets.map(({ bytes, table }) => [table.name, bytes / table.rows]));
  const rest = targets.slice(costs.length).map(({ bytes, table, target }) => {
    const { name, rows } = table;
    const own = { table: name, rows, bytes, indexes: target.indexes.length };
    return scaleTableCost(own, costs, (key) => bytesOf.get(key) ?? 0);
  });
  return { costs: [...costs, ...rest], sampled };
}
interface Sampled {
  readonly table: PlanTable;
  readonly target: CatalogTable;
  readonly sample: CostSample;
  readonly name: string;
}

/** What it takes the server, and the processor time of this process for sending. */
async function measureCopy(
  client: pg.Client,
  place: CostPlace,
  { table, target, sample, name }: Sampled,
): Promise<{ readonly copyMs: number; readonly sendMs: number }> {
  const types = await readStoredTypes(client, target.oid);
  const columns = table.columns.map((column) => quoteIdentifier(column.name));
  const typed = table.columns.map((column, at) => `${columns[at]} ${types.get(column.name)}`);
  await runQuery(client, WHAT, `create ${place.kind} table ${name} (${typed.join(', ')})`);
  const before = process.cpuUsage();
  const copyMs = await timed(async () => {
    const stream = copyFromStdin(client, `copy ${name} (${columns.join(', ')}) from stdin with (format ${table.format})`);
    stream.end(sample.data);
    // The server's own words quote the row.
    await finished(stream).catch((error: unknown) => {
      throw wrapQueryError(error, WHAT);
    });
  });
  const { user, system } = process.cpuUsage(before);
  const sendMs = (user + system) / 1000;
  // A table in several chunks was there before its rows, and what is copied into it is logged.
  if (!place.isMinimal || chunkCount(table) === 1) return { copyMs, sendMs };
  const log = `select pg_logical_emit_message(false, 'shapecast', repeat('x', $1))`;
  const logMs = await timed(() => runQuery(client, WHAT, log, [sample.data.length]));
  return { copyMs: copyMs + logMs, sendMs };
}

/** B-trees over columns that we fill; other indexes are taken to cost as much as the dearest of these. */
async function measureIndexes(client: pg.Client, table: PlanTable, target: CatalogTable, name: string): Promise<number[]> {
  const made = new Set(table.columns.map((column) => column.name));
  const costs: number[] = [];
  for (const { columns, method } of target.indexes) {
    const known = columns.filter((column): column is string => column !== null && made.has(column));
    if (known.length < columns.length || method !== 'btree') continue;
    const parts = known.map(quoteIdentifier).join(', ');
    costs.push(await timed(() => runQuery(client, WHAT, `create index on ${name} (${parts})`)));
  }
  const dearest = Math.max(0, ...costs);
  return target.indexes.map((_, at) => costs[at] ?? dearest);
}

/** The checks of foreign keys between tables that have rows, as many as there is time for; the others by those. */
async function addKeys(
  client: pg.Client,
  { place, plan, sampled, targets }: Work & { readonly sampled: ReadonlySet<string> },
  costs: Costs,
  budgetMs: number,
): Promise<void> {
  const costOf = new Map(costs.map((cost) => [cost.table, cost]));
  const beganMs = performance.now();
  const measured: KeyCost[] = [];
  for (const { index: at, table, target } of targets) {
    const child = costOf.get(table.name);
    for (const { columns, references, referencedColumns } of target.foreignKeys) {
      const parentAt = plan.tables.findIndex(({ name }) => name === formatTableKey(references));
      const parent = costOf.get(formatTableKey(references));
      if (child === undefined || parent === undefined) continue;
      if (!hasColumns(table, columns) || !hasColumns(plan.tables[parentAt], referencedColumns)) continue;
      const tables = [sampleName(place, at), sampleName(place, parentAt)] as const;
      const isLate = measured.length > 0 && performance.now() - beganMs >= budgetMs;
      if (isLate || !tables.every((name) => sampled.has(name))) {
        child.keys.push(scaleKeyCost({ child, parent }, measured));
        continue;
      }
      const ms = await measureKey(client, place, { tables, columns, referencedColumns, parent });
      const key = {
        ms,
        rows: child.rows + parent.rows,
        sampleRows: child.sampleRows + parent.sampleRows,
        parentRows: parent.rows,
      };
      measured.push(key);
      child.keys.push(key);
    }
  }
}

interface SampledKey {
  /** Child and parent. */
  readonly tables: readonly [string, string];
  readonly columns: readonly string[];
  readonly referencedColumns: readonly string[];
  readonly parent: TableCost;
}

/** As the server validates a foreign key: it looks for rows that refer to none, and reads both tables for that. */
async function measureKey(
  client: pg.Client,
  place: CostPlace,
  { columns, parent, referencedColumns, tables }: SampledKey,
): Promise<number> {
  const [own, other] = [columns.map(quoteIdentifier), referencedColumns.map(quoteIdentifier)];
  const pairs = own.map((column, part) => `c.${column} = p.${other[part]}`);
  const isAlone = `p.${other[0]} is null and ${own.map((column) => `c.${column} is not null`).join(' and ')}`;
  const sql = `select count(*) from ${tables[0]} c left join ${tables[1]} p on ${pairs.join(' and ')} where ${isAlone}`;
  // The sample's share, so that a join that leaves the memory does it here too.
  const memory = Math.max(LEAST_MEMORY, Math.floor((place.memoryKilobytes * parent.sampleRows) / parent.rows));
  await runQuery(client, WHAT, `set local work_mem = ${memory}`);
  return timed(() => runQuery(client, WHAT, sql));
}

function hasColumns(table: PlanTable | undefined, names: readonly string[]): boolean {
  return table !== undefined && names.every((name) => table.columns.some((column) => column.name === name));
}

function sampleName({ schema }: CostPlace, index: number): string {
  return `${schema}.table_${index}`;
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await action();
  return performance.now() - startedMs;
}
