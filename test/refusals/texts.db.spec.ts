// Refusals that only a server can provoke, with their texts.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { proveRemoval } from '../../teardown/prove.ts';
import { shopSpec, shopSql } from '../cli/shop.ts';
import { createBench, type TestBench } from '../cli/test-context.ts';
import { withDatabase } from '../support/database.ts';

let bench: TestBench;
beforeEach(() => {
  bench = createBench();
  fs.writeFileSync(path.join(bench.folder, 'shop.yaml'), shopSpec);
  fs.writeFileSync(path.join(bench.folder, 'shop.sql'), shopSql);
});
afterEach(() => bench.remove());

const generate = ['generate', '--spec', 'shop.yaml', '--create', 'shop.sql', '--workers', '1', '--seed', 'a'];
const salt = { ANONYMIZATION_SALT: randomBytes(32).toString('hex') };

test('CREATE_INCOMPLETE', async () => {
  await withDatabase('create table public.customers (id int)', async (url) => {
    const { status, stderr } = await bench.run([...generate, '--target', url]);

    expect(status).toBe(2);
    expect(stderr).toContain("Some of the spec's tables exist in the target (public.customers) and some do not (public.orders).");
  });
});

test('TEARDOWN_INCOMPLETE', async () => {
  await withDatabase('create table public.orders (id int)', async (_url, client) => {
    const [table] = (await readCatalog(client)).tables;
    if (table === undefined) throw new Error('no table');
    const plan = {
      drop: [{ ...table, origin: 'created' as const }],
      empty: [],
      kept: [],
      objects: [],
      sequences: [],
      running: [],
      added: [],
      rows: new Map(),
    };

    await expect(
      proveRemoval(client, { plan: plan as unknown as Parameters<typeof proveRemoval>[1]['plan'], stillUsed: [] }, () => {}),
    ).rejects.toThrow('The removal was committed, but these are there or hold rows again: public.orders.');
  });
});

test('PLAN_IMPOSSIBLE: a dry run names rows of somebody else beside every other problem, and prints the sizes', async () => {
  await withDatabase([shopSql, `insert into public.customers values (1, 'x', null, now())`], async (url, client) => {
    const argv = [...generate, '--target', url, '--dry-run', '--rows', 'public.nobody=1'];

    const { status, stdout, stderr } = await bench.run(argv);
    const asJson = await bench.run([...argv, '--json']);

    expect(status).toBe(2);
    expect(stdout).toContain('generate would refuse this');
    expect(stdout).toMatch(/disk {4}about .* for tables and indexes; .* free$/m);
    expect(stderr).toContain('error PLAN_IMPOSSIBLE');
    expect(stderr).toContain('--rows: the spec has no table public.nobody: name one of its tables');
    expect(stderr).toContain('target.public.customers: holds rows that shapecast did not make (TARGET_NOT_EMPTY)');
    expect(asJson.status).toBe(2);
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      format: 'shapecast-preflight',
      problems: [{ path: '--rows' }, { path: 'target.public.customers' }],
    });
    expect((await client.query(`select from pg_namespace where nspname = 'shapecast'`)).rowCount).toBe(0);
  });
});

test('POLICY_MISMATCH: a window without a time column', async () => {
  await withDatabase(shopSql, async (url) => {
    const policy = (text: string) => fs.writeFileSync(path.join(bench.folder, 'policy.yaml'), text);
    const sample = ['sample', '--policy', 'policy.yaml', '--window-days', '7', '--source', url];
    policy('version: 1\n');
    const none = await bench.run(sample, salt);
    policy('version: 1\nexcludedTables: [customers]\ntimeColumns: [{ table: customers, column: createdAt }]\n');
    const excluded = await bench.run(sample, salt);

    expect(none).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(
        'timeColumns: is empty, so --window-days would cut nothing: name {table, column} for each table to cut',
      ),
    });
    expect(excluded).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('timeColumns: names only tables that are excluded, so --window-days would cut nothing'),
    });
  });
});

test('FILE_EXISTS: sample overwrites an earlier pack only with --force, and connects to nothing before', async () => {
  await withDatabase(shopSql, async (url) => {
    fs.writeFileSync(path.join(bench.folder, 'p.json'), 'an earlier pack');
    const argv = ['sample', '--output', 'p.json', '--source'];

    const refused = await bench.run([...argv, 'postgresql://localhost:1/nowhere'], salt);
    const forced = await bench.run([...argv, url, '--force'], salt);

    expect(refused).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('p.json exists already and would be overwritten'),
    });
    expect(forced.status).toBe(0);
  });
});

describe('load', () => {
  const verdictOf = (stdout: string) =>
    (JSON.parse(stdout) as { verdicts: { question: string; passed: boolean; found: string }[] }).verdicts.find(
      ({ question }) => question === 'marker',
    );

  test('finds that a target has no marker, and does not analyse it', async () => {
    await withDatabase('', async (url, client) => {
      await bench.run([...generate, '--target', url]);
      await client.query('drop schema shapecast cascade');
      // By hand: the server's own autovacuum may analyse at any moment.
      const analysed = `select sum(analyze_count)::int as times from pg_stat_user_tables where schemaname = 'public'`;
      const before = (await client.query(analysed)).rows;

      const { status, stdout } = await bench.run(['load', '--target', url, '--json']);

      expect(status).toBe(1);
      expect(verdictOf(stdout)).toMatchObject({ passed: false, found: 'no marker' });
      expect((await client.query(analysed)).rows).toEqual(before);
    });
  });

  test('finds that the marker names another plan than the report', async () => {
    await withDatabase('', async (url, client) => {
      await bench.run([...generate, '--target', url]);
      const passed = await bench.run(['load', '--target', url, '--json']);
      await client.query(`update shapecast.runs set plan_id = repeat('0', 64)`);

      const { status, stdout, stderr } = await bench.run(['load', '--target', url, '--json']);

      expect(verdictOf(passed.stdout)).toMatchObject({ passed: true });
      expect(status).toBe(1);
      expect(verdictOf(stdout)).toMatchObject({ passed: false, found: '0'.repeat(64) });
      expect(stderr).toContain('[Marker] ✗ the target was filled by another plan than the report');
    });
  });
});

test('compare tells how the target differs from the pack before it measures', async () => {
  await withDatabase(shopSql, async (url, client) => {
    await bench.run(['sample', '--output', 'p.json', '--source', url], salt);
    await client.query('alter table public.orders add column added text; create table public.more (id int)');

    const { status, stdout, stderr } = await bench.run(['compare', '--pack', 'p.json', '--target', url, '--json']);

    expect(status).toBe(0);
    expect(stderr).toContain('drift: structure.tables.public.orders.columns.added: is new in the target: text');
    expect((JSON.parse(stdout) as { drift: { path: string }[] }).drift.map(({ path: at }) => at)).toEqual([
      'structure.tables.public.orders.columns.added',
      'structure.tables.public.more',
    ]);
  });
});
