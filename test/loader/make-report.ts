// The report that generate would have written for what is in a database now. Degrees and quantiles are asked in another way
// than load asks them, so that a fault in load's own statements shows.
import type pg from 'pg';
import { formatTableKey, quoteIdentifier, quoteQualified } from '../../core/identifiers.ts';
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { hashTableInDatabase } from '../../postgres/content-hash.ts';
import type { Report, ReportTable } from '../../spec/report.ts';

interface Reference {
  readonly child: string;
  readonly columns: readonly string[];
  readonly parent: string;
  readonly to: readonly string[];
  readonly isVirtual: boolean;
}

/** `references` by table key; `measured`: columns by table key with what is measured of them. */
export async function makeReport(
  client: pg.Client,
  references: readonly Reference[],
  measured: Readonly<Record<string, Readonly<Record<string, 'value' | 'length'>>>> = {},
): Promise<Report> {
  const { tables } = await readCatalog(client);
  const reported: ReportTable[] = [];
  for (const table of tables) {
    const key = formatTableKey(table);
    const own = references.filter((reference) => reference.child === key);
    reported.push({
      name: key,
      rows: await askNumber(client, `select count(*) from ${quoteQualified(table)}`),
      bytes: 0,
      contentHash: await hashTableInDatabase(client, table, table.columns),
      hashedColumns: table.columns.map((column) => column.name),
      references: await Promise.all(own.map((reference) => describeReference(client, tables, table, reference))),
      columns: await describeColumns(client, table, measured[key] ?? {}),
    });
  }
  return { ...frame, tables: reported };
}

async function describeReference(
  client: pg.Client,
  tables: readonly CatalogTable[],
  child: CatalogTable,
  reference: Reference,
): Promise<ReportTable['references'][number]> {
  const parent = tables.find((table) => formatTableKey(table) === reference.parent);
  if (parent === undefined) throw new Error(`no table ${reference.parent}`);
  const on = reference.columns
    .map((column, index) => `c.${quoteIdentifier(column)} = p.${quoteIdentifier(reference.to[index] ?? '')}`)
    .join(' and ');
  const { rows } = await client.query<ReportTable['columns'][number]['quantiles']>(`
    with degrees as (
      select p.ctid, count(c.ctid)::float8 as degree
      from ${quoteQualified(parent)} p left join ${quoteQualified(child)} c on ${on}
      group by p.ctid
    )
    select ${quantiles('degree')} from degrees`);
  const { columns, parent: table, to, isVirtual } = reference;
  return { columns: [...columns], table, to: [...to], isVirtual, nulls: 0, degrees: rows[0] ?? null };
}

async function describeColumns(
  client: pg.Client,
  table: CatalogTable,
  measured: Readonly<Record<string, 'value' | 'length'>>,
): Promise<ReportTable['columns']> {
  const described: ReportTable['columns'] = [];
  for (const [name, measure] of Object.entries(measured)) {
    const column = quoteIdentifier(name);
    const value = measure === 'value' ? `${column}::float8` : `length(${column})::float8`;
    const sql = `select ${quantiles(value)} from ${quoteQualified(table)}`;
    const { rows } = await client.query<ReportTable['columns'][number]['quantiles']>(sql);
    const nulls = await askNumber(client, `select count(*) - count(${column}) from ${quoteQualified(table)}`);
    if (rows[0] !== undefined) described.push({ name, measure, nulls, quantiles: rows[0] });
  }
  return described;
}

function quantiles(value: string): string {
  const at = (probability: number) => `percentile_disc(${probability}) within group (order by ${value})`;
  return `${at(0.5)} as p50, ${at(0.95)} as p95, ${at(0.99)} as p99, max(${value}) as max`;
}

async function askNumber(client: pg.Client, sql: string): Promise<number> {
  const { rows } = await client.query<{ value: string }>(`select (${sql})::text as value`);
  return Number(rows[0]?.value);
}

const frame: Omit<Report, 'tables'> = {
  format: 'shapecast-report',
  version: 1,
  runId: 'run-0123456789abcdef',
  tool: 'shapecast 0.1.0',
  commit: null,
  operator: 'tester',
  spec: 'chat',
  band: 'dev',
  scale: 1,
  seed: 'seed',
  planId: 'a'.repeat(64),
  fingerprint: 'b'.repeat(64),
  target: 'localhost:5432/test',
  serverVersion: '18.4',
  workers: 1,
  startedAt: '2024-05-01T12:00:00.000Z',
  completedAt: '2024-05-01T12:00:01.000Z',
  durationMs: 1000,
  rowsLoaded: 1,
  rowsPerSecond: 1,
  errors: [],
  status: 'completed',
};
