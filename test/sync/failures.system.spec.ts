// What breaks in the middle of a sync, each for real: a server that goes away, a disk that is full, Ctrl-C. Whatever it is, the shadow says
// that it is incomplete, the message says what to do, and the next run makes it whole.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSnapshot } from '../../postgres/read-only-snapshot.ts';
import { syncRulesSchema } from '../../spec/sync-rules.ts';
import { createKeyedHash } from '../../sync/masks/keyed-hash.ts';
import { planSource } from '../../sync/prepare-source.ts';
import { createBench, type RunResult, type TestBench } from '../cli/test-context.ts';
import { type SystemCluster, startSystemCluster } from '../support/system-cluster.ts';

const bin = process.env.SYSTEM_PG_BIN ?? '';
const root = path.resolve(import.meta.dirname, '../..');
const ROWS = 40_000;
/** 40,000 rows of 250 bytes that do not compress, and indexes that are larger than the table. */
const FILL = `
  create table public.people (id int primary key, mail text not null unique, note text);
  create table public.visits (id int primary key, person int not null references public.people);
  insert into public.people select i, 'anna' || i || '@real.org', (select string_agg(md5(i::text || j), '') from generate_series(1, 6) as j)
    from generate_series(1, ${ROWS}) as i;
  create index on public.people (note);
  create index on public.people ((note || mail));
  insert into public.visits select i, i from generate_series(1, 1000) as i;
  analyze;`;
const rulesWith = (note: string) => `
tables:
  public.people: { columns: { id: keep, mail: token, note: ${note} } }
  public.visits: { columns: { id: keep, person: keep } }
`;
const QUICK = rulesWith('keep');
/** Rows trickle, so that whatever happens happens in the middle. */
const SLOW = rulesWith(`{ kind: sql, expression: "case when id % 100 = 0 then note || pg_sleep(0.02)::text else note end" }`);

let bench: TestBench;
let one: SystemCluster;
let other: SystemCluster;

beforeAll(() => {
  one = startSystemCluster(['autovacuum=off']);
  other = startSystemCluster(['autovacuum=off']);
  one.ask('postgres', 'create database app');
  one.ask('app', FILL);
});
afterAll(() => {
  for (const cluster of [one, other]) cluster?.remove();
});
beforeEach(() => {
  bench = createBench();
  other.ask('postgres', 'create database shadow');
});
afterEach(() => {
  bench.remove();
  other.ask('postgres', 'drop database shadow with (force)');
});

const environment = (source: SystemCluster, shadow: SystemCluster) => ({
  PROD_REPLICA_URL: source.url('app'),
  SHADOW_DATABASE_URL: shadow.url('shadow'),
  SHAPECAST_EVIDENCE: 'off',
});
const argv = ['sync', '--rules', 'rules.yaml', '--tools', bin];

function run(rules: string, source: SystemCluster, shadow: SystemCluster): Promise<RunResult> {
  fs.writeFileSync(path.join(bench.folder, 'rules.yaml'), rules);
  return bench.run(argv, environment(source, shadow));
}

async function untilRowsFlow(shadow: SystemCluster): Promise<void> {
  const sql = `select exists (select from pg_stat_progress_copy where relid = 'public.people'::regclass and tuples_processed > 10)`;
  for (let attempt = 0; attempt < 300; attempt += 1) {
    try {
      if (shadow.ask('shadow', sql) === 't') return;
    } catch {
      // The table is not there yet.
    }
    await sleep(20);
  }
  throw new Error('no rows arrive');
}

const COMMENT = `select shobj_description(oid, 'pg_database') from pg_database where datname = 'shadow'`;
const KEYS = `select count(*) from pg_constraint where connamespace = 'public'::regnamespace and contype in ('p', 'u', 'f')`;

/** Nobody takes it for whole. */
function expectIncomplete(shadow: SystemCluster): void {
  expect(shadow.ask('shadow', 'select state from shapecast.shadow')).toBe('running');
  expect(shadow.ask('shadow', COMMENT)).toContain('INCOMPLETE');
}

async function expectNextRunWorks(source: SystemCluster, shadow: SystemCluster): Promise<void> {
  const again = await run(QUICK, source, shadow);

  expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining('41,000 rows') });
  expect(
    shadow.ask('shadow', `select state, count(*) from shapecast.shadow, public.people group by 1; ${KEYS}; ${COMMENT}`),
  ).toBe(`complete|${ROWS}\n4\nshapecast shadow: complete, masked rows`);
}

test.each([
  ['the source', 'source', () => one],
  ["the shadow's server", 'shadow', () => other],
])('%s goes away in the middle of the copy: incomplete, and the next run works', async (_, side, choose) => {
  const running = run(SLOW, one, other);
  await untilRowsFlow(other);
  choose().stop('immediate');
  const failed = await running;
  choose().start();

  expect(failed).toMatchObject({ status: 3, stdout: '' });
  // Whatever arrives first: the server's last word, or the end of the connection.
  expect(failed.stderr).toMatch(
    new RegExp(`SYNC_COPY_FAILED: Copying public\\.people failed: the (connection to the ${side} broke|${side}'s server says: )`),
  );
  expect(failed.stderr).toContain('run the command again: it starts clean');
  expectIncomplete(other);
  expect(other.ask('shadow', `${KEYS}; select count(*) from public.people`)).toBe('0\n0');
  await expectNextRunWorks(one, other);
});

test('a row that breaks an expression of the rules ends the copy, and its value is in no message and in no log of the shadow', async () => {
  one.ask(
    'app',
    `create schema spoilt; create table spoilt.cards (id int, card text);
    insert into spoilt.cards select i, case when i = 30000 then 'canary@real.org' else '7' end from generate_series(1, 40000) as i`,
  );
  const spoilt = `${QUICK}  spoilt.cards: { columns: { id: keep, card: { kind: sql, expression: "card::int" } } }`;

  const failed = await run(spoilt, one, other);
  one.ask('app', 'drop schema spoilt cascade');
  const log = fs.readFileSync(path.join(other.folder, 'log'), 'utf8');

  expect(failed.status).toBe(3);
  expect(failed.stderr).toContain("SYNC_COPY_FAILED: Copying spoilt.cards failed: the source's server says: ");
  expect(`${failed.stdout}${failed.stderr}${log}`).not.toContain('canary');
  expect(log).toContain('COPY from stdin failed: the copy was stopped');
  expectIncomplete(other);
});

test('a table that is truncated after the snapshot was taken is refused, not copied empty', async () => {
  one.ask('postgres', 'create database changing');
  one.ask('changing', 'create table public.people as select 1 as id');
  const snapshot = await openSnapshot(one.url('changing'), { readers: 2, statementTimeoutMs: 0, lockTimeoutMs: 1000 });
  try {
    one.ask('changing', 'truncate public.people');
    const planned = planSource(snapshot, {
      rules: syncRulesSchema.parse({ tables: { people: { columns: { id: 'keep' } } } }),
      hash: createKeyedHash(new Uint8Array(32)),
      toolFolder: bin,
      isFirst: true,
      log: () => undefined,
      tell: () => undefined,
      startProgress: () => ({ advance: () => undefined, finish: () => undefined }),
    });

    await expect(planned).rejects.toMatchObject({ code: 'SYNC_SOURCE_CHANGED', data: { tables: ['public.people'] } });
  } finally {
    await snapshot.close();
  }
});

test('more partitions than the source has locks for are refused as such, and the shadow stays as it was', async () => {
  one.stop('fast');
  one.start([
    'autovacuum=off',
    'max_locks_per_transaction=10',
    'max_connections=15',
    'max_wal_senders=0',
    'max_worker_processes=0',
  ]);
  try {
    one.ask('postgres', 'create database many');
    one.ask(
      'many',
      `create table public.parts (id int) partition by list (id);
       select format('create table public.part_%s partition of public.parts for values in (%s)', i, i) from generate_series(1, 1500) as i \\gexec`,
    );
    fs.writeFileSync(path.join(bench.folder, 'rules.yaml'), 'tables: { public.parts: { columns: { id: keep } } }\n');

    const refused = await bench.run(argv, { ...environment(one, other), PROD_REPLICA_URL: one.url('many') });

    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toContain('SYNC_LOCKS_EXCEEDED');
    expect(other.ask('shadow', `select to_regclass('shapecast.shadow') is null`)).toBe('t');
  } finally {
    one.stop('fast');
    one.start(['autovacuum=off']);
  }
});

test('Ctrl-C in the middle of the copy: incomplete at once, no session is left, and the next run works', async () => {
  fs.writeFileSync(path.join(bench.folder, 'rules.yaml'), SLOW);
  const child = spawn(process.execPath, [path.join(root, 'bin/shapecast.js'), ...argv], {
    cwd: bench.folder,
    env: { ...process.env, ...environment(one, other) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.on('data', (data: Buffer) => {
    told += data.toString();
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  await untilRowsFlow(other);
  child.kill('SIGINT');

  expect(await ended).toBe(3);
  expect(told).toContain('INTERRUPTED');
  expectIncomplete(other);
  const sessions = `select count(*) from pg_stat_activity where application_name like 'shapecast%' and state <> 'idle'`;
  // A server notices the end of a connection at its next look at it.
  for (let attempt = 0; attempt < 100 && one.ask('app', sessions) + other.ask('shadow', sessions) !== '00'; attempt += 1)
    await sleep(50);
  expect([one.ask('app', sessions), other.ask('shadow', sessions)]).toEqual(['0', '0']);
  await expectNextRunWorks(one, other);
});

/** Whether a small disk can be had; where it cannot, the tests of a full one count as skipped. */
function mayMount(): boolean {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-mount-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  if (status === 0) spawnSync('umount', [folder]);
  fs.rmdirSync(folder);
  return status === 0;
}

/** A disk of the size for the shadow's database alone. */
function mountDisk(folder: string, megabytes: number): { resize: (megabytes: number) => void; remove: () => void } {
  fs.mkdirSync(folder);
  const { uid, gid } = fs.statSync(other.folder);
  const mount = (size: number, ...argv: readonly string[]) =>
    expect(spawnSync('mount', [...argv, '-o', `size=${size}m,mode=0700,uid=${uid},gid=${gid}`, folder]).status).toBe(0);
  mount(megabytes, '-t', 'tmpfs', 'tmpfs');
  return {
    resize: (size) => mount(size, '-o', 'remount'),
    // Also while something on it is open still.
    remove: () => spawnSync('umount', ['-l', folder]),
  };
}

const testWithDisk = mayMount() ? test : test.skip;

testWithDisk.each([
  // An empty database takes about 8 MB, the rows 11 MB, and each large index 10 MB.
  ['the copy', 14, "SYNC_COPY_FAILED: Copying public.people failed: the shadow's server says: the disk is full", 0],
  ['the making of indexes', 27, 'SYNC_TOOL_FAILED: psql failed at creating keys, indexes and references: ', null],
])(
  "the shadow's disk (a small one that was mounted for it) is full in %s: incomplete, and the next run works when there is space",
  async (_, megabytes, told, keys) => {
    const folder = path.join(other.folder, `disk${megabytes}`);
    const disk = mountDisk(folder, megabytes);
    try {
      other.ask('postgres', `create tablespace small location '${folder}'`);
      other.ask('postgres', 'alter database shadow set tablespace small');

      const failed = await run(QUICK, one, other);

      expect(failed.status).toBe(3);
      expect(failed.stderr).toContain(told);
      expect(failed.stderr).toContain('53100');
      expect(failed.stderr).toContain('Give the disk more space');
      expectIncomplete(other);
      if (keys !== null) expect(other.ask('shadow', KEYS)).toBe(String(keys));
      disk.resize(400);
      await expectNextRunWorks(one, other);
    } finally {
      try {
        other.ask('postgres', 'alter database shadow set tablespace pg_default');
        other.ask('postgres', 'drop tablespace if exists small');
      } finally {
        disk.remove();
      }
    }
  },
);
