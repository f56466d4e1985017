// What a row costs here and now: some blocks of each table are made, copied into a table of a schema of their own, and their keys and indexes
// made, in a transaction that is rolled back. A second or two for any size; nothing is left of it. Temporary tables would not do: they are not
// written to the server's log, which is half of what a COPY costs.
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { formatTableKey, quoteIdentifier } from '../core/identifiers.ts';
import type { Catalog, CatalogTable } from '../postgres/catalog/catalog.ts';
import { readStoredTypes } from '../postgres/catalog/stored-types.ts';
import { copyFromStdin } from '../postgres/copy-streams.ts';
import { runQuery } from '../postgres/query.ts';
import { chunkCount, type Plan, type PlanTable } from '../spec/plan.ts';
import { ColumnKernels } from './columns/column-kernels.ts';
import { makeTextPool } from './columns/text-pool.ts';
import { type CostSample, makeSample } from './cost-sample.ts';
import type { KeyCost, TableCost } from './estimate-time.ts';
import { Parents } from './keys/parents.ts';

const WHAT = 'measuring what a row costs';
const SCHEMA = 'shapecast_cost';
/** The least work_mem, in kilobytes. */
const LEAST_MEMORY = 64;

export interface CostOptions {
  /** The tables will be unlogged. */
  readonly unlogged?: boolean | undefined;
}

interface Place {
  readonly schema: string;
  readonly kind: 'temporary' | 'unlogged' | '';
  /** Logs nothing of tables that its transaction made. */
  readonly isMinimal: boolean;
  /** What the check of a foreign key may use. */
  readonly memoryKilobytes: number;
}

/** The cost of each table of the plan that gets rows. Throws QUERY_FAILED. */
export async function measureCosts(
  client: pg.Client,
  plan: Plan,
  catalog: Catalog,
  options: CostOptions = {},
): Promise<TableCost[]> {
  const found = new Map(catalog.tables.map((table) => [formatTableKey(table), table]));
  const kernels = new ColumnKernels(plan, new Parents(plan), makeTextPool(plan.textKey));
  const costs: (TableCost & { readonly keys: KeyCost[] })[] = [];
  await runQuery(client, WHAT, 'begin');
  try {
    const place = await preparePlace(client, options);
    for (const [index, table] of plan.tables.entries()) {
      const target = found.get(table.name);
      if (target === undefined || table.rows === 0) continue;
      const sample = makeSample(table, index, kernels);
      const name = sampleName(place, index);
      const { sendMs, copyMs } = await measureCopy(client, place, { table, target, sample, name });
      const indexMs = await measureIndexes(client, table, target, name);
      costs.push({
        table: table.name,
        rows: table.rows,
        sampleRows: sample.rows,
        makeMs: sample.makeMs + sendMs,
        copyMs,
        indexMs,
        keys: [],
      });
    }
    // Once every table has its sample.
    for (const cost of costs) {
      const foreignKeys = found.get(cost.table)?.foreignKeys ?? [];
      cost.keys.push(...(await measureKeys(client, { plan, place, costs }, cost, foreignKeys)));
    }
  } finally {
    // A connection that is gone has rolled back by itself.
    await client.query('rollback').catch(() => undefined);
  }
  return costs;
}

/** As keys and indexes are made, but each by one process: how many share one is for the estimate to say. */
async function preparePlace(client: pg.Client, { unlogged }: CostOptions): Promise<Place> {
  const [found] = await runQuery<{ mayMake: boolean; walLevel: string; memoryKilobytes: number }>(
    client,
    WHAT,
    `select has_database_privilege(current_database(), 'CREATE') as "mayMake",
            current_setting('wal_level') as "walLevel",
            (select setting::float8 from pg_settings where name = 'maintenance_work_mem') as "memoryKilobytes",
            set_config('max_parallel_maintenance_workers', '0', true),
            set_config('max_parallel_workers_per_gather', '0', true)`,
  );
  const memoryKilobytes = found?.memoryKilobytes ?? LEAST_MEMORY;
  if (found?.mayMake !== true) return { schema: 'pg_temp', kind: 'temporary', isMinimal: false, memoryKilobytes };
  await runQuery(client, WHAT, `create schema ${SCHEMA}`);
  const isUnlogged = unlogged === true;
  return {
    schema: SCHEMA,
    kind: isUnlogged ? 'unlogged' : '',
    isMinimal: !isUnlogged && found.walLevel === 'minimal',
    memoryKilobytes,
  };
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
  place: Place,
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
    await finished(stream);
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

interface Measured {
  readonly plan: Plan;
  readonly place: Place;
  readonly costs: readonly TableCost[];
}

/** As the server validates a foreign key: it looks for rows that refer to none, and reads both tables for that. */
async function measureKeys(
  client: pg.Client,
  { plan, place, costs }: Measured,
  child: TableCost,
  foreignKeys: CatalogTable['foreignKeys'],
): Promise<KeyCost[]> {
  const indexOf = (key: string) => plan.tables.findIndex(({ name }) => name === key);
  const found: KeyCost[] = [];
  for (const { columns, references, referencedColumns } of foreignKeys) {
    const [at, parentAt] = [indexOf(child.table), indexOf(formatTableKey(references))];
    const parent = costs.find(({ table }) => table === formatTableKey(references));
    if (parent === undefined || !hasColumns(plan.tables[at], columns)) continue;
    if (!hasColumns(plan.tables[parentAt], referencedColumns)) continue;
    const [own, other] = [columns.map(quoteIdentifier), referencedColumns.map(quoteIdentifier)];
    const pairs = own.map((column, part) => `c.${column} = p.${other[part]}`);
    const isAlone = `p.${other[0]} is null and ${own.map((column) => `c.${column} is not null`).join(' and ')}`;
    const from = `${sampleName(place, at)} c left join ${sampleName(place, parentAt)} p`;
    const sql = `select count(*) from ${from} on ${pairs.join(' and ')} where ${isAlone}`;
    // The sample's share, so that a join that leaves the memory does it here too.
    const memory = Math.max(LEAST_MEMORY, Math.floor((place.memoryKilobytes * parent.sampleRows) / parent.rows));
    await runQuery(client, WHAT, `set local work_mem = ${memory}`);
    const ms = await timed(() => runQuery(client, WHAT, sql));
    found.push({ ms, rows: child.rows + parent.rows, sampleRows: child.sampleRows + parent.sampleRows, parentRows: parent.rows });
  }
  return found;
}

function hasColumns(table: PlanTable | undefined, names: readonly string[]): boolean {
  return table !== undefined && names.every((name) => table.columns.some((column) => column.name === name));
}

function sampleName({ schema }: Place, index: number): string {
  return `${schema}.table_${index}`;
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await action();
  return performance.now() - startedMs;
}
