// Before the first row: the target's checks and its unique indexes over expressions are tried on sample rows, in a temporary table of a
// transaction that is rolled back. What was understood holds by construction; this names what does not, and never shows a value.
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { formatTableKey, quoteIdentifier } from '../core/identifiers.ts';
import type { CatalogIndex, CatalogTable } from '../postgres/catalog/catalog.ts';
import { readStoredTypes } from '../postgres/catalog/stored-types.ts';
import { copyFromStdin } from '../postgres/copy-streams.ts';
import { describeFailure, runQuery } from '../postgres/query.ts';
import type { Plan, PlanTable } from '../spec/plan.ts';
import type { Problems } from './plan/problems.ts';
import { RowSampler } from './sample-rows.ts';

const WHAT = 'trying the checks on sample rows';
const TABLE = 'pg_temp.shapecast_sample';

/** One count over the sample: rows that a check refuses, or rows that repeat a unique key. */
interface Trial {
  readonly path: string;
  readonly sql: string;
  readonly describe: (failed: number, rows: number) => string;
}

/** Adds a problem for each check and unique expression index that sample rows break. Throws QUERY_FAILED, CONNECT_FAILED. */
export async function trySampleRows(
  client: pg.Client,
  plan: Plan,
  catalog: readonly CatalogTable[],
  problems: Problems,
): Promise<void> {
  const byKey = new Map(catalog.map((table) => [formatTableKey(table), table]));
  let sampler: RowSampler | null = null;
  for (const [index, table] of plan.tables.entries()) {
    const target = byKey.get(table.name);
    const trials = target === undefined || table.rows === 0 ? [] : trialsOf(table, target);
    if (target === undefined || trials.length === 0) continue;
    sampler ??= new RowSampler(plan);
    await tryTable(client, table, target, trials, sampler.sample(index), problems);
  }
}

function trialsOf(table: PlanTable, target: CatalogTable): Trial[] {
  const made = new Set(table.columns.map((column) => column.name));
  const isMade = (columns: readonly (string | null)[]) => columns.every((column) => column === null || made.has(column));
  // What reads a column that the server fills can only be seen after the load.
  const checks = target.checks
    .filter((check) => isMade(check.columns))
    .map(
      (check): Trial => ({
        path: `tables.${table.name}.checks.${check.name}`,
        sql: `select count(*)::int from ${TABLE} where not (${check.expression})`,
        describe: (failed, rows) =>
          `${failed} of ${rows} sample rows break it (${describeColumns(check.columns)}): give a column a constant or another distribution in the spec, or drop the check before loading`,
      }),
    );
  const indexes = target.indexes
    .filter((index) => index.isUnique && index.columns.includes(null))
    .filter((index) => isMade([...index.columns, ...index.expressionColumns, ...index.predicateColumns]))
    .map(
      (index): Trial => ({
        path: `tables.${table.name}.indexes.${index.name}`,
        sql: repeatsSql(index),
        describe: (failed, rows) =>
          `${failed} of ${rows} sample rows repeat a value of this unique index (${describeColumns(index.expressionColumns)}): set isUnique for the column in the spec, or drop the index before loading`,
      }),
    );
  return [...checks, ...indexes];
}

function describeColumns(columns: readonly string[]): string {
  return `${columns.length === 1 ? 'column' : 'columns'} ${columns.join(', ')}`;
}

function repeatsSql(index: CatalogIndex): string {
  const conditions = [
    ...(index.predicate === null ? [] : [`(${index.predicate})`]),
    ...(index.nullsNotDistinct ? [] : index.parts.map((part) => `(${part}) is not null`)),
  ];
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  const groups = index.parts.map((part) => `(${part})`).join(', ');
  return `select coalesce(sum(n - 1), 0)::int from (select count(*) as n from ${TABLE}${where} group by ${groups}) as repeated`;
}

async function tryTable(
  client: pg.Client,
  table: PlanTable,
  target: CatalogTable,
  trials: readonly Trial[],
  sample: { readonly rows: number; readonly data: Buffer },
  problems: Problems,
): Promise<void> {
  const types = await readStoredTypes(client, target.oid);
  const columns = table.columns.map((column) => quoteIdentifier(column.name));
  const typed = table.columns.map((column, index) => `${columns[index]} ${types.get(column.name)}`);
  await runQuery(client, WHAT, 'begin');
  try {
    await runQuery(client, WHAT, `create temporary table shapecast_sample (${typed.join(', ')})`);
    const refusal = await copySample(
      client,
      `copy ${TABLE} (${columns.join(', ')}) from stdin with (format ${table.format})`,
      sample.data,
    );
    if (refusal !== null) problems.add(`tables.${table.name}`, `the server refuses its sample rows: ${refusal}`);
    else for (const trial of trials) await runTrial(client, trial, sample.rows, problems);
  } finally {
    // A connection that is gone has rolled back by itself.
    await client.query('rollback').catch(() => undefined);
  }
}

/** Null when the rows are in; else why the server refuses them. */
async function copySample(client: pg.Client, sql: string, data: Buffer): Promise<string | null> {
  const stream = copyFromStdin(client, sql);
  const ended = finished(stream);
  stream.end(data);
  return ended.then(
    () => null,
    (error: unknown) => describeFailure(error),
  );
}

/** A condition may fail to compute at all (a division by zero): the others are still tried. */
async function runTrial(client: pg.Client, trial: Trial, rows: number, problems: Problems): Promise<void> {
  await runQuery(client, WHAT, 'savepoint trial');
  try {
    const { rows: found } = await client.query<[number]>({ text: trial.sql, rowMode: 'array' });
    const failed = found[0]?.[0] ?? 0;
    if (failed > 0) problems.add(trial.path, trial.describe(failed, rows));
  } catch (error) {
    await runQuery(client, WHAT, 'rollback to savepoint trial');
    problems.add(trial.path, `cannot be computed for the sample rows: ${describeFailure(error)}`);
  }
}
