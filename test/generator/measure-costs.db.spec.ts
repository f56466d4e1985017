// The costs of a plan's rows are measured in the target, and nothing of it stays there; the estimate is told before the first row.
import type pg from 'pg';
import { generate, planOnly } from '../../generator/generate.ts';
import type { GenerateOptions } from '../../generator/generate-options.ts';
import { measureCosts } from '../../generator/measure-costs.ts';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { parseSpec } from '../../spec/spec.ts';
import { withDatabase } from '../support/database.ts';
import { parcelsSpec, parcelsSql } from './sinks/parcels.ts';

const optionsOf = (url: string): GenerateOptions => ({
  spec: parseSpec(parcelsSpec, 'test'),
  band: 'dev',
  seed: 's',
  target: { kind: 'null', url },
  workers: 1,
  operator: 'test',
});

test('every table with rows has a cost, an index and a key each their own, and no table is left', async () => {
  await withDatabase(parcelsSql, async (url, client) => {
    const { plan } = await planOnly(optionsOf(url));

    const costs = await measureCosts(client, plan, await readCatalog(client));

    const shapes = costs.map(({ table, rows, indexMs, keys }) => [table, rows, indexMs.length, keys.length]);
    expect(shapes).toEqual(
      expect.arrayContaining([
        ['public.hubs', 40, 1, 0],
        ['public.events', 12_000, 2, 1],
        ['public.parcels', 9000, 2, 1],
      ]),
    );
    expect(costs.every(({ makeMs, copyMs }) => makeMs > 0 && copyMs > 0)).toBe(true);
    const left = await client.query(`select from pg_namespace where nspname like 'shapecast%'`);
    expect(left.rowCount).toBe(0);
  });
});

test('the rows of a sample are logged as those of a table in several chunks will be, but for unlogged ones', async () => {
  await withDatabase(parcelsSql, async (url, client) => {
    const { plan } = await planOnly({ ...optionsOf(url), rows: new Map([['public.events', 4_000_000]]) });
    const catalog = await readCatalog(client);
    const isLog = (sql: string) => sql.includes('pg_logical_emit_message');

    // The tests' server logs nothing of tables that are new.
    expect((await statementsOf(client, () => measureCosts(client, plan, catalog))).filter(isLog)).toHaveLength(1);
    const unlogged = await statementsOf(client, () => measureCosts(client, plan, catalog, { unlogged: true }));
    expect(unlogged.filter(isLog)).toEqual([]);
    expect(unlogged.filter((sql) => sql.startsWith('create unlogged table'))).toHaveLength(plan.tables.length);
  });
});

test('who may not make a schema measures on temporary tables', async () => {
  await withDatabase(parcelsSql, async (url, client) => {
    const { plan } = await planOnly(optionsOf(url));
    const catalog = await readCatalog(client);
    await client.query('create role nobody_cost');
    try {
      await client.query('set role nobody_cost');
      expect(await measureCosts(client, plan, catalog)).toHaveLength(plan.tables.length);
    } finally {
      await client.query('reset role; drop role nobody_cost');
    }
  });
});

test('a run of a million rows tells bytes and time first', async () => {
  await withDatabase(parcelsSql, async (url) => {
    const told: string[] = [];
    const abort = new AbortController();
    const run = generate({
      ...optionsOf(url),
      rows: new Map([['public.events', 1_000_000]]),
      target: { kind: 'postgres', url },
      signal: abort.signal,
      warn: (line) => {
        told.push(line);
        abort.abort();
      },
    });

    await expect(run).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(told).toEqual([
      expect.stringMatching(
        /^estimate: 1,009,847 rows, \d+\.\d MB over COPY, \d+\.\d MB of tables and indexes on disk, about .* \(rows .*, keys and indexes .*\)$/,
      ),
    ]);
  });
});

async function statementsOf(client: pg.Client, action: () => Promise<unknown>): Promise<string[]> {
  const told: string[] = [];
  const { query } = client;
  Reflect.set(client, 'query', (...given: unknown[]) => {
    told.push(String(given[0]));
    return Reflect.apply(query, client, given);
  });
  try {
    await action();
  } finally {
    Reflect.deleteProperty(client, 'query');
  }
  return told;
}
