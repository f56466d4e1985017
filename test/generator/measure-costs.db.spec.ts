// The costs of a plan's rows are measured in the target, and nothing of it stays there; the estimate is told before the first row.
import type pg from 'pg';
import { generateShard, planOnly } from '../../generator/generate.ts';
import type { GenerateOptions } from '../../generator/generate-options.ts';
import { measureCosts } from '../../generator/measure-costs.ts';
import { preflight } from '../../generator/preflight.ts';
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

test('a schema of any name, and the open transaction of another session, are not in the way', async () => {
  await withDatabase([parcelsSql, 'create schema shapecast_cost'], async (url, client) => {
    const { plan } = await planOnly(optionsOf(url));
    const catalog = await readCatalog(client);
    const isSchema = (sql: string) => sql.startsWith('create schema');

    const names = [
      ...(await statementsOf(client, () => measureCosts(client, plan, catalog, { budgetMs: 0 }))),
      ...(await statementsOf(client, () => measureCosts(client, plan, catalog, { budgetMs: 0 }))),
    ].filter(isSchema);

    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^create schema shapecast_cost_\d+_[0-9a-f]{8}$/);
    const limits = await client.query(
      `select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as own`,
    );
    expect(limits.rows).toEqual([{ lock: '0', own: '0' }]);
  });
});

test('when the time is over, the largest table stands for all others and their keys', async () => {
  await withDatabase(parcelsSql, async (url, client) => {
    const { plan } = await planOnly(optionsOf(url));
    const catalog = await readCatalog(client);
    let costs: Awaited<ReturnType<typeof measureCosts>> = [];

    const sent = await statementsOf(client, async () => {
      costs = await measureCosts(client, plan, catalog, { budgetMs: 0 });
    });

    expect(sent.filter((sql) => sql.startsWith('create  table'))).toHaveLength(1);
    const shapes = costs.map(({ table, rows, indexMs, keys }) => [table, rows, indexMs.length, keys.length]);
    expect(shapes).toEqual(
      expect.arrayContaining([
        ['public.hubs', 40, 1, 0],
        ['public.events', 12_000, 2, 1],
        ['public.parcels', 9000, 2, 1],
      ]),
    );
    expect(costs).toHaveLength(plan.tables.length);
    expect(costs.every(({ makeMs, copyMs }) => makeMs > 0 && copyMs > 0)).toBe(true);
    expect(costs.flatMap(({ keys }) => keys).every(({ ms }) => ms > 0)).toBe(true);
  });
});

// As a rule of the server that nobody thought of: a row that is copied into a sample breaks a check.
const refusing = `
  create function refuse_rows() returns event_trigger language plpgsql as $$
  declare made record;
  begin
    for made in select * from pg_event_trigger_ddl_commands() where schema_name like 'shapecast_cost%' loop
      execute format('alter table %s add check (false)', made.object_identity);
    end loop;
  end $$;
  create event trigger refuse_rows on ddl_command_end when tag in ('CREATE TABLE') execute function refuse_rows();`;

test('what the server refuses is a reason without a row, and ends neither a run nor a dry run', async () => {
  await withDatabase([parcelsSql, refusing], async (url, client) => {
    const { plan } = await planOnly(optionsOf(url));
    const failure = measureCosts(client, plan, await readCatalog(client));
    await expect(failure).rejects.toMatchObject({ code: 'QUERY_FAILED', data: { sqlState: '23514' } });

    const found = await preflight(optionsOf(url), { isTarget: true, diskUrl: null });
    expect(found).toMatchObject({ time: null, problems: [] });
    expect(found.warnings).toEqual([{ path: 'time', message: expect.stringMatching(/^no estimate of the time: .*check/) }]);

    expect(await toldOfMillion(url)).toEqual([expect.stringMatching(/on disk, no estimate of the time: The server refused/)]);
  });
});

test('a shard tells bytes and does not measure', async () => {
  await withDatabase(parcelsSql, async (url) => {
    expect(await toldOfMillion(url, { shard: { index: 0, of: 2 } })).toEqual([
      expect.stringMatching(/^estimate of all shards: 1,009,847 rows, .* on disk \(--dry-run tells the time\)$/),
    ]);
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
    expect(await toldOfMillion(url)).toEqual([
      expect.stringMatching(
        /^estimate: 1,009,847 rows, \d+\.\d MB over COPY, \d+\.\d MB of tables and indexes on disk, about .* \(rows .*, keys and indexes .*\)$/,
      ),
    ]);
  });
});

/** What a run tells before its first row; then it is given up. */
async function toldOfMillion(url: string, change: Partial<GenerateOptions> = {}): Promise<string[]> {
  const told: string[] = [];
  const abort = new AbortController();
  const run = generateShard({
    ...optionsOf(url),
    rows: new Map([['public.events', 1_000_000]]),
    target: { kind: 'postgres', url },
    signal: abort.signal,
    warn: (line) => {
      told.push(line);
      abort.abort();
    },
    ...change,
  });

  await expect(run).rejects.toMatchObject({ code: 'INTERRUPTED' });
  return told;
}

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
