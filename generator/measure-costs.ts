// What a row costs here and now: some blocks of each table are made, copied into a temporary table, and their keys and indexes made, in a transaction that is
// rolled back. A second or two for any size; nothing is left of it.
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { formatTableKey, quoteIdentifier } from '../core/identifiers.ts';
import type { Catalog, CatalogTable } from '../postgres/catalog/catalog.ts';
import { readStoredTypes } from '../postgres/catalog/stored-types.ts';
import { copyFromStdin } from '../postgres/copy-streams.ts';
import { BINARY_HEADER, BINARY_TRAILER } from '../postgres/encode-binary.ts';
import { runQuery } from '../postgres/query.ts';
import { BLOCK_ROWS, type Plan, type PlanTable } from '../spec/plan.ts';
import { digestBlock } from './block-digest.ts';
import { ColumnKernels } from './columns/column-kernels.ts';
import { makeTextPool } from './columns/text-pool.ts';
import type { TableCost } from './estimate-time.ts';
import { Parents } from './keys/parents.ts';
import { TableKernel } from './table-kernel.ts';

const WHAT = 'measuring what a row costs';
/** Of a table; enough that fixed costs hardly count, few enough that a large row takes no long time. */
const MOST_BLOCKS = 12;
const LEAST_BLOCKS = 2;
const WARM_BLOCKS = 6;
const MAKE_MS = 250;

interface Sample {
  readonly rows: number;
  readonly data: Buffer;
  readonly makeMs: number;
}

/** The cost of each table of the plan that gets rows. Throws QUERY_FAILED. */
export async function measureCosts(client: pg.Client, plan: Plan, catalog: Catalog): Promise<TableCost[]> {
  const found = new Map(catalog.tables.map((table) => [formatTableKey(table), table]));
  const kernels = new ColumnKernels(plan, new Parents(plan), makeTextPool(plan.textKey));
  const costs: (TableCost & { readonly keyMs: number[] })[] = [];
  await runQuery(client, WHAT, 'begin');
  try {
    for (const [index, table] of plan.tables.entries()) {
      const target = found.get(table.name);
      if (target === undefined || table.rows === 0) continue;
      const sample = makeSample(table, index, kernels);
      costs.push(await measureTable(client, table, target, sample, sampleName(index)));
    }
    // Once every table has its sample.
    for (const cost of costs) {
      const index = plan.tables.findIndex(({ name }) => name === cost.table);
      cost.keyMs.push(...(await measureKeys(client, plan, index, found.get(cost.table)?.foreignKeys ?? [])));
    }
  } finally {
    // A connection that is gone has rolled back by itself.
    await client.query('rollback').catch(() => undefined);
  }
  return costs;
}

/**
 * Blocks from the whole table. The first ones are made before the clock starts: the engine compiles what it runs often. The median stands for
 * all, so that another process's turn does not count.
 */
function makeSample(table: PlanTable, index: number, kernels: ColumnKernels): Sample {
  const kernel = new TableKernel(table, index, kernels);
  const blocks = Math.ceil(table.rows / BLOCK_ROWS);
  const wanted = Math.min(MOST_BLOCKS, blocks);
  const sum = { high: 0, low: 0 };
  const make = (at: number) => {
    const block = wanted < 2 ? 0 : Math.floor(((at % wanted) * (blocks - 1)) / (wanted - 1));
    const data = kernel.encodeBlock(block, sum);
    const rows = Math.min(BLOCK_ROWS, table.rows - block * BLOCK_ROWS);
    digestBlock(kernel.rowHashes, rows, data.length);
    return { data, rows };
  };
  for (let at = 0; at < WARM_BLOCKS; at += 1) make(at);
  const pieces: Buffer[] = [];
  const msPerRow: number[] = [];
  let rows = 0;
  const startedMs = performance.now();
  for (let at = 0; at < wanted && (at < LEAST_BLOCKS || performance.now() - startedMs < MAKE_MS); at += 1) {
    const beganMs = performance.now();
    const made = make(at);
    msPerRow.push((performance.now() - beganMs) / made.rows);
    pieces.push(Buffer.from(made.data));
    rows += made.rows;
  }
  const median = [...msPerRow].sort((left, right) => left - right)[Math.floor(msPerRow.length / 2)] ?? 0;
  const isBinary = table.format === 'binary';
  const data = Buffer.concat(isBinary ? [BINARY_HEADER, ...pieces, BINARY_TRAILER] : pieces);
  return { rows, makeMs: median * rows, data };
}

async function measureTable(
  client: pg.Client,
  table: PlanTable,
  target: CatalogTable,
  sample: Sample,
  name: string,
): Promise<TableCost & { readonly keyMs: number[] }> {
  const types = await readStoredTypes(client, target.oid);
  const columns = table.columns.map((column) => quoteIdentifier(column.name));
  const typed = table.columns.map((column, at) => `${columns[at]} ${types.get(column.name)}`);
  await runQuery(client, WHAT, `create temporary table ${name} (${typed.join(', ')})`);
  const copy = async () => {
    await runQuery(client, WHAT, `truncate pg_temp.${name}`);
    const stream = copyFromStdin(client, `copy pg_temp.${name} (${columns.join(', ')}) from stdin with (format ${table.format})`);
    stream.end(sample.data);
    await finished(stream);
  };
  // The first one also makes the table's files known to the server.
  const copyMs = Math.min(await timed(copy), await timed(copy));
  return {
    table: table.name,
    rows: table.rows,
    sampleRows: sample.rows,
    makeMs: sample.makeMs,
    copyMs,
    indexMs: await measureIndexes(client, table, target, name),
    keyMs: [],
  };
}

/** B-trees over columns that we fill; other indexes are taken to cost as much as the dearest of these. */
async function measureIndexes(client: pg.Client, table: PlanTable, target: CatalogTable, name: string): Promise<number[]> {
  const made = new Set(table.columns.map((column) => column.name));
  const costs: number[] = [];
  for (const { columns, method } of target.indexes) {
    const known = columns.filter((column): column is string => column !== null && made.has(column));
    if (known.length < columns.length || method !== 'btree') continue;
    const parts = known.map(quoteIdentifier).join(', ');
    costs.push(await timed(() => runQuery(client, WHAT, `create index on pg_temp.${name} (${parts})`)));
  }
  const dearest = Math.max(0, ...costs);
  return target.indexes.map((_, at) => costs[at] ?? dearest);
}

/** As the server validates a foreign key: a join of the rows with those that they refer to. */
async function measureKeys(
  client: pg.Client,
  plan: Plan,
  index: number,
  foreignKeys: CatalogTable['foreignKeys'],
): Promise<number[]> {
  const costs: number[] = [];
  for (const { columns, references, referencedColumns } of foreignKeys) {
    const parentIndex = plan.tables.findIndex(({ name }) => name === formatTableKey(references));
    if (!hasColumns(plan.tables[index], columns) || !hasColumns(plan.tables[parentIndex], referencedColumns)) continue;
    const pairs = columns.map((column, at) => `c.${quoteIdentifier(column)} = p.${quoteIdentifier(referencedColumns[at] ?? '')}`);
    const [child, parent] = [sampleName(index), sampleName(parentIndex)];
    const sql = `select count(*) from pg_temp.${child} c left join pg_temp.${parent} p on ${pairs.join(' and ')} where p is null`;
    costs.push(await timed(() => runQuery(client, WHAT, sql)));
  }
  return costs;
}

function hasColumns(table: PlanTable | undefined, names: readonly string[]): boolean {
  return table !== undefined && table.rows > 0 && names.every((name) => table.columns.some((column) => column.name === name));
}

function sampleName(index: number): string {
  return `shapecast_cost_${index}`;
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await action();
  return performance.now() - startedMs;
}
