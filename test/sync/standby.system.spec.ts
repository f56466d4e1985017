// A copy from a real standby, a base backup that follows its primary and gives way to replay at once. While a
// mask holds the copy back, the primary removes rows that the copy's snapshot still sees.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '../../postgres/connect.ts';
import { readStandby } from '../../postgres/standby.ts';
import { syncResultSchema } from '../../spec/sync-result.ts';
import { describeStandby } from '../../sync/standby.ts';
import { createBench, type TestBench } from '../cli/test-context.ts';
import { type SystemCluster, startStandby, startSystemCluster } from '../support/system-cluster.ts';

const bin = process.env.SYSTEM_PG_BIN ?? '';
const RULES = `
tables:
  public.people: { rows: { where: 'id <> 7' }, columns: { id: keep, name: { kind: sql, expression: '(select name from pg_sleep(0.008 + 0 * id))' } } }
  public.visits: { columns: { id: keep, person: keep } }
  public.places: { rows: referenced, columns: { id: keep } }
references: [{ table: visits, columns: [id], references: places, referencedColumns: [id] }]
`;

let bench: TestBench;
let primary: SystemCluster;
let standby: SystemCluster;

beforeAll(() => {
  bench = createBench();
  fs.writeFileSync(path.join(bench.folder, 'rules.yaml'), RULES);
  primary = startSystemCluster(['autovacuum=off']);
  primary.ask('postgres', 'create database app');
  primary.ask('postgres', 'create database shadow');
  primary.ask(
    'app',
    `create table public.people (id int primary key, name text);
    create table public.visits (id int primary key, person int references public.people);
    create table public.places (id int primary key);
    insert into public.people select i, 'Ann ' || i from generate_series(1, 300) as i;
    insert into public.visits select i, 1 + i % 10 from generate_series(1, 100) as i;
    insert into public.places select i from generate_series(1, 1000) as i`,
  );
  standby = startStandby(primary, ['max_standby_streaming_delay=0', 'hot_standby_feedback=off']);
}, 60_000);
afterAll(() => {
  for (const cluster of [standby, primary]) cluster.remove();
  bench.remove();
});

const run = (argv: readonly string[]) =>
  bench.run(['sync', '--rules', 'rules.yaml', '--tools', bin, ...argv], {
    PROD_REPLICA_URL: standby.url('app'),
    SHADOW_DATABASE_URL: primary.url('shadow'),
    SHAPECAST_EVIDENCE: 'off',
  });

/** Runs sync, and removes rows on the primary while they are copied from the standby. */
async function runDisturbed(argv: readonly string[], removed: string): ReturnType<typeof run> {
  const running = run(argv);
  const copying = `select count(*) from pg_stat_activity where query like 'copy (%pg_sleep%' and state = 'active'`;
  for (let attempt = 0; attempt < 300 && standby.ask('app', copying) === '0'; attempt += 1) await sleep(20);
  primary.ask('app', `delete from public.people where ${removed}`);
  primary.ask('app', 'vacuum public.people');
  return running;
}

test('a copy that the standby cancels starts over with a new snapshot, so often as is allowed', async () => {
  const broken = await runDisturbed(['--restarts', '0'], 'id between 11 and 30');
  const half = primary.ask('shadow', 'select state from shapecast.shadow');
  const done = await runDisturbed(['--json', '--jobs', '3'], 'id between 31 and 60');
  const people = primary.ask('shadow', 'select count(*), count(*) filter (where id = 7) from public.people');
  const places = primary.ask('shadow', 'select count(*) from public.places');
  const [log = ''] = fs
    .readdirSync(path.join(bench.folder, 'logs', 'data-sync'))
    .sort()
    .slice(-1);

  expect(broken).toMatchObject({ status: 3, stderr: expect.stringContaining('SYNC_STANDBY_CONFLICT') });
  expect(half).toBe('running');
  expect(done).toMatchObject({ status: 0, stderr: expect.stringContaining('the copy starts over') });
  expect(done.stderr).toContain('without hot_standby_feedback');
  const result = syncResultSchema.parse(JSON.parse(done.stdout));
  expect(result).toMatchObject({ status: 'complete', restarts: 1 });
  expect(result.tables.map(({ table, rowsRule, chosenRows, rows }) => [table, rowsRule, chosenRows, rows]).sort()).toEqual([
    ['public.people', 'where', 249, 249],
    ['public.places', 'referenced', 90, 90],
    ['public.visits', 'all', 90, 90],
  ]);
  expect(people).toBe('249|0');
  expect(places).toBe('90');
  expect(fs.readFileSync(path.join(bench.folder, 'logs', 'data-sync', log), 'utf8')).toContain(
    'starts over with a new one, 1 of at most 2',
  );
}, 60_000);

test('what the settings of a standby mean is said in words', async () => {
  const ask = (cluster: SystemCluster) => withClient(cluster.url('app'), { applicationName: 'shapecast test' }, readStandby);

  expect(await ask(standby)).toMatchObject({
    hasFeedback: false,
    maxDelayMs: 0,
    delaySetting: 'max_standby_streaming_delay',
    lagBytes: expect.any(Number),
  });
  expect(await ask(primary)).toBeNull();
  const noLag = { lagBytes: 0, lagSeconds: 0 };
  expect(describeStandby(null)).toContain('not a replica');
  expect(
    describeStandby({ hasFeedback: true, maxDelayMs: 30_000, delaySetting: 'max_standby_streaming_delay', ...noLag }),
  ).toContain('max_standby_streaming_delay is 30 s');
  expect(describeStandby({ hasFeedback: false, maxDelayMs: -1, delaySetting: 'max_standby_archive_delay', ...noLag })).toContain(
    'falls behind',
  );
});
