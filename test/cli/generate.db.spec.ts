// generate, load and teardown as a user runs them, in one process, on a database of the test server.
import fs from 'node:fs';
import path from 'node:path';
import { withDatabase } from '../support/database.ts';
import { shopSpec, shopSql } from './shop.ts';
import { createBench, type TestBench } from './test-context.ts';

let bench: TestBench;
beforeEach(() => {
  bench = createBench();
  fs.writeFileSync(path.join(bench.folder, 'shop.yaml'), shopSpec);
  fs.writeFileSync(path.join(bench.folder, 'shop.sql'), shopSql);
});
afterEach(() => bench.remove());

const generate = ['generate', '--spec', 'shop.yaml', '--create', 'shop.sql', '--workers', '1'];
const reportName = 'report_dev_20260131T120000Z.json';

function readReport(): { fingerprint: string; rowsLoaded: number; tables: { name: string; rows: number }[] } {
  return JSON.parse(fs.readFileSync(path.join(bench.folder, reportName), 'utf8'));
}

test('generate, load and teardown work on a database without tables, and leave nothing', async () => {
  await withDatabase('', async (url, client) => {
    const environment = { DATABASE_URL: url };
    const statistics = '    statistics: [{ name: who_where, columns: [name, country], because: names differ by country }]';
    fs.writeFileSync(path.join(bench.folder, 'shop.yaml'), shopSpec.replace('  orders:\n', `${statistics}\n  orders:\n`));

    const generated = await bench.run([...generate, '--seed', 'a', '--archive-seed'], environment);
    const mixed = await bench.run(['load', '--prewarm', 'none', '--prewarm', 'orders'], environment);
    const loaded = await bench.run(['load', '--prewarm', 'orders', '--prewarm', 'orders_pkey'], environment);
    const kinds = await client.query(`select stxkind::text as kinds from pg_statistic_ext where stxname = 'who_where'`);
    const removed = await bench.run(['teardown', '--force', '--no-confirm'], environment);

    expect(generated).toMatchObject({ status: 0, stdout: expect.stringContaining('3,500') });
    expect(fs.readFileSync(path.join(bench.folder, 'seeds/dev_20260131.txt'), 'utf8')).toBe('a\n');
    expect(loaded).toMatchObject({ status: 0, stdout: expect.stringContaining('[Metadata] ✓ Saved to') });
    expect(fs.readdirSync(path.join(bench.folder, 'docs/perf-data'))).toContain('latest_run.json');
    expect(mixed).toMatchObject({ status: 2, stderr: expect.stringContaining('--prewarm: none stands alone') });
    expect(loaded.stdout).toContain('[Prewarm] ✓ 2 relations, ');
    expect(loaded.stdout).toContain('[Statistics] ✓ 1 extended statistics in place, 1 of them made now');
    expect(kinds.rows).toEqual([{ kinds: '{d,f,m}' }]);
    expect(removed.status).toBe(0);
    const left = await client.query(`select from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`);
    expect(left.rowCount).toBe(0);
  });
});

test('load ends with 1 when a row is missing', async () => {
  await withDatabase('', async (url, client) => {
    const environment = { DATABASE_URL: url };
    await bench.run([...generate, '--seed', 'a'], environment);
    await client.query('delete from public.orders where id = 1');

    const loaded = await bench.run(['load', '--config', reportName, '--json'], environment);

    expect(loaded.status).toBe(1);
    expect(JSON.parse(loaded.stdout)).toMatchObject({ format: 'shapecast-run', status: 'failed' });
  });
});

test('load without any report says so', async () => {
  await withDatabase('', async (url) => {
    expect(await bench.run(['load', '--target', url])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('REPORT_MISSING'),
    });
  });
});

test('--rows and --scale change the counts, and --to null writes no row', async () => {
  await withDatabase(shopSql, async (url, client) => {
    const argv = [...generate, '--seed', 'a', '--target', url, '--to', 'null', '--scale', '2', '--rows', 'customers=7'];

    expect((await bench.run(argv)).status).toBe(0);

    const counts = Object.fromEntries(readReport().tables.map(({ name, rows }) => [name, rows]));
    expect(counts).toEqual({ 'public.customers': 7, 'public.orders': 6000 });
    expect((await client.query('select from public.customers')).rowCount).toBe(0);
  });
});

test('--dry-run prints the size, and leaves no table, marker or report', async () => {
  await withDatabase('', async (url, client) => {
    const { status, stdout } = await bench.run([...generate, '--seed', 'a', '--target', url, '--dry-run']);

    expect(status).toBe(0);
    expect(stdout).toMatch(/public\.orders +3,000 rows/);
    expect(fs.readdirSync(bench.folder).sort()).toEqual(['.shapecast', 'shop.sql', 'shop.yaml']);
    expect(fs.readdirSync(path.join(bench.folder, '.shapecast'))).toEqual(['evidence']);
    const schemas = await client.query(`select nspname from pg_namespace where nspname = 'shapecast'`);
    expect(schemas.rowCount).toBe(0);
  });
});

test('an unmarked table with a row in it is refused', async () => {
  await withDatabase(shopSql, async (url, client) => {
    await client.query(`insert into public.customers values (1, 'x', null, now())`);

    const { status, stderr } = await bench.run([...generate, '--seed', 'a', '--target', url]);

    expect(status).toBe(2);
    expect(stderr).toContain('TARGET_NOT_EMPTY');
    expect((await client.query('select from public.orders')).rowCount).toBe(0);
  });
});

test('teardown removes nothing when nobody says yes', async () => {
  await withDatabase('', async (url, client) => {
    await bench.run([...generate, '--seed', 'a', '--target', url]);

    const { status } = await bench.run(['teardown', '--target', url]);

    expect(status).toBe(1);
    expect((await client.query('select from public.customers')).rowCount).toBe(500);
  });
});

describe('the guards of a target', () => {
  test.each([
    ['generate', ['--seed', 'a']],
    ['load', ['--config', 'report.json']],
    ['teardown', ['--no-confirm']],
  ])('refuse %s with NODE_ENV=production, with and without a target', async (command, rest) => {
    fs.writeFileSync(path.join(bench.folder, 'report.json'), JSON.stringify(emptyReport));
    const environment = { NODE_ENV: 'production' };

    for (const target of [[], ['--target', 'postgresql://localhost/x']]) {
      const { status, stderr } = await bench.run([command, ...rest, ...target], environment);

      expect(status).toBe(2);
      expect(stderr).toContain('PRODUCTION_REFUSED');
    }
  });

  test('refuse a host that is not on the list', async () => {
    const { status, stderr } = await bench.run(['teardown', '--target', 'postgresql://me:hunter2@db.internal/x']);

    expect(status).toBe(2);
    expect(stderr).toContain('HOST_REFUSED');
    expect(stderr).not.toContain('hunter2');
  });
});

const emptyReport = {
  format: 'shapecast-report',
  version: 1,
  runId: 'run-1',
  tool: 'shapecast',
  commit: null,
  operator: 'me',
  spec: 'shop',
  band: 'dev',
  scale: 1,
  seed: 'a',
  planId: '0'.repeat(64),
  fingerprint: '0'.repeat(64),
  target: 'x',
  serverVersion: null,
  workers: 1,
  startedAt: '2026-01-01T00:00:00Z',
  completedAt: '2026-01-01T00:00:00Z',
  durationMs: 0,
  rowsLoaded: 0,
  rowsPerSecond: 0,
  tables: [],
  errors: [],
  status: 'completed',
};

test('without any target an embedded server in .shapecast/server keeps the rows between commands', async () => {
  // Under root the server runs as another user, who must get into the folder.
  fs.chmodSync(bench.folder, 0o755);

  const generated = await bench.run([...generate, '--seed', 'a']);
  const loaded = await bench.run(['load']);
  const removed = await bench.run(['teardown', '--no-confirm']);

  expect([generated.status, loaded.status, removed.status]).toEqual([0, 0, 0]);
  expect(loaded.stdout).toContain('✓ Load completed');
  expect(fs.existsSync(path.join(bench.folder, '.shapecast/server/data/postmaster.pid'))).toBe(false);
});
