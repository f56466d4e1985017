// The role of replica-setup.sql on a real standby: it can do what sample and sync need, and nothing else; check-replica says so, and says what
// is wrong with other roles and servers.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { replicaCheckSchema } from '../../spec/replica-check.ts';
import { createBench, type TestBench } from '../cli/test-context.ts';
import { type SystemCluster, startStandby, startSystemCluster } from '../support/system-cluster.ts';

const bin = process.env.SYSTEM_PG_BIN ?? '';
const root = path.resolve(import.meta.dirname, '../..');
const setupFile = path.join(root, 'sync/replica-setup.sql');
const shadowUrl = `postgresql://${process.env.PGUSER}@${process.env.PGHOST}:${process.env.PGPORT}/replica_shadow`;
const onShadow = (name: string, argv: readonly string[]) =>
  execFileSync(path.join(bin, name), argv, { encoding: 'utf8', stdio: 'pipe' });

const SALT = '7f3a9c51e2d84b06a1c7f5e93d20b86417ce5a9f03bd6e128c44f7a0951be3d2';

let bench: TestBench;
let primary: SystemCluster;
let standby: SystemCluster;

const setUp = (...variables: readonly string[]) => {
  const given = variables.flatMap((variable) => ['-v', variable]);
  const argv = ['-Xq', '-h', primary.folder, '-p', '5432', '-U', 'postgres', '-d', 'app', ...given, '-f', setupFile];
  execFileSync(path.join(bin, 'psql'), argv, { stdio: 'pipe' });
};
const untilReplayed = () => {
  const target = primary.ask('postgres', 'select pg_current_wal_lsn()');
  for (let attempt = 0; attempt < 500; attempt += 1)
    if (standby.ask('postgres', `select pg_last_wal_replay_lsn() >= '${target}'; select pg_sleep(0.01)`).startsWith('t')) return;
  throw new Error('the standby does not follow');
};
const check = async (url: string, tools = bin) => {
  const result = await bench.run(['check-replica', '--source', url, '--tools', tools, '--json'], {
    SHAPECAST_EVIDENCE: 'off',
  });
  const { answers } = replicaCheckSchema.parse(JSON.parse(result.stdout));
  const of = (verdict: string) => answers.filter((answer) => answer.verdict === verdict).map((answer) => answer.check);
  return {
    ...result,
    answers,
    failed: of('fail'),
    warned: of('warn'),
    found: (name: string) => answers.find((answer) => answer.check === name)?.found,
  };
};

beforeAll(() => {
  primary = startSystemCluster(['wal_level=replica']);
  primary.ask('postgres', 'create database app');
  primary.ask(
    'app',
    `create schema "Odd, ""Name""";
     create table public.users (id bigserial primary key, mail text not null);
     create table "Odd, ""Name""".notes (id int primary key, body text);
     insert into public.users (mail) select 'anna' || i || '@real.org' from generate_series(1, 200) as i; analyze`,
  );
  setUp();
  // Again, and a second role of other rights.
  setUp();
  setUp(`role=Odd "Reader"`, 'schemas=public', 'connections=3', 'bypassrls=on');
  standby = startStandby(primary, ['hot_standby_feedback=on']);
  onShadow('createdb', ['replica_shadow']);
});
afterAll(() => {
  // Also where beforeAll broke off between the two.
  for (const cluster of [standby, primary]) cluster?.remove();
  onShadow('dropdb', ['--force', 'replica_shadow']);
});
beforeEach(() => {
  bench = createBench();
});
afterEach(() => bench.remove());

test('the role of replica-setup.sql passes check-replica on a standby, and sample and sync work with it', async () => {
  const source = standby.url('app', 'shapecast_reader');
  fs.writeFileSync(
    path.join(bench.folder, 'rules.yaml'),
    `tables: { public.users: { columns: { id: keep, mail: token } }, '"Odd, ""Name""".notes': { rows: none } }`,
  );
  const environment = { PROD_REPLICA_URL: source, SHADOW_DATABASE_URL: shadowUrl, SHAPECAST_EVIDENCE: 'off' };

  const checked = await check(source);
  const shown = await bench.run(['check-replica', '--tools', bin], environment);
  const sampled = await bench.run(['sample', '--output', 'shape.json'], { ...environment, ANONYMIZATION_SALT: SALT });
  const synced = await bench.run(['sync', '--rules', 'rules.yaml', '--tools', bin], environment);
  const itself = await bench.run(['sync', '--rules', 'rules.yaml', '--tools', bin, '--replace', 'app'], {
    ...environment,
    SHADOW_DATABASE_URL: primary.url('app'),
  });
  const write = () =>
    execFileSync(path.join(bin, 'psql'), ['-Xq', '-v', 'ON_ERROR_STOP=1', primary.url('app', 'shapecast_reader')], {
      input: `set default_transaction_read_only = off; insert into public.users (mail) values ('x')`,
      stdio: 'pipe',
    });

  expect(checked).toMatchObject({ status: 0, failed: [], warned: [] });
  expect(checked.found('long snapshot')).toContain('hot_standby_feedback is on');
  expect(checked.found('role')).toBe('no superuser, no BYPASSRLS, 10 connections');
  expect(shown).toMatchObject({ status: 0, stdout: expect.stringContaining('13 ok, 0 warnings, 0 failed') });
  expect(sampled.stderr).not.toContain('primary server');
  expect(sampled).toMatchObject({ status: 0, stdout: expect.stringContaining('shape.json') });
  expect(synced).toMatchObject({ status: 0, stdout: expect.stringContaining('200 rows in 1 tables') });
  expect(itself).toMatchObject({ status: 2, stderr: expect.stringContaining('SYNC_SAME_DATABASE') });
  // Also with the default switched off, and on the primary.
  expect(write).toThrow(/permission denied for table users/);
  expect(primary.ask('app', 'select count(*) from public.users')).toBe('200');
});

test('what is wrong with a role, its grants or the server is found, each with what to do', async () => {
  primary.ask(
    'app',
    `create role careless login createdb createrole; grant select, update (mail) on public.users to careless; grant create on schema public to careless;
     grant pg_execute_server_program to careless;
     alter table public.users enable row level security; create unlogged table public.scratch (id int); select lo_create(7)`,
  );
  untilReplayed();
  standby.stop('fast');
  standby.start(['hot_standby_feedback=off', 'max_standby_streaming_delay=45s']);

  const careless = await check(standby.url('app', 'careless'));
  const odd = await check(standby.url('app', encodeURIComponent('Odd "Reader"')));
  const onPrimary = await check(primary.url('app'), bench.folder);

  expect(careless).toMatchObject({
    status: 1,
    failed: ['role', 'writing', 'grants', 'hidden rows'],
    warned: ['long snapshot', 'defaults', 'large objects'],
  });
  expect(careless.found('long snapshot')).toMatch(/cancelled when it has held up replay for 45/);
  expect(careless.found('role')).toContain('CREATEDB, CREATEROLE');
  expect(careless.found('writing')).toMatch(
    /pg_execute_server_program; it may change public\.users; it may create in the schemas public/,
  );
  expect(careless.found('grants')).toContain('"Odd, ""Name""".notes, public.scratch');
  expect(careless.found('hidden rows')).toContain('public.users: row security');
  // BYPASSRLS sees the rows; the schemas that were not named stay closed; three connections are few.
  expect(odd).toMatchObject({ status: 1, failed: ['grants'], warned: ['long snapshot', 'role', 'hidden rows', 'large objects'] });
  expect(odd.found('grants')).toBe('it may not read "Odd, ""Name""".notes');
  expect(odd.found('hidden rows')).toContain('public.scratch: it is unlogged');
  expect(onPrimary).toMatchObject({ status: 1, failed: ['client tools', 'role', 'writing'] });
  expect(onPrimary.answers.every(({ verdict, advice }) => verdict === 'ok' || (advice ?? '').length > 10)).toBe(true);
});

test('console reads and cannot write, leaves who looked and no statement, and refuses a role that may write to a primary', async () => {
  const shapecast = (argv: readonly string[]) =>
    spawnSync(process.execPath, [path.join(root, 'bin/shapecast.js'), 'console', '--tools', bin, ...argv], {
      cwd: bench.folder,
      encoding: 'utf8',
      input: '',
    });
  const reader = primary.url('app', 'shapecast_reader');
  const owner = ['--source', primary.url('app')];
  const secretly = `set default_transaction_read_only = off; insert into public.users (mail) values ('Canary3Lk')`;

  // What the URL says is overruled.
  const undone = `${reader}&options=${encodeURIComponent('-c default_transaction_read_only=off')}`;
  const show = 'show transaction_read_only; show statement_timeout';
  const settings = shapecast(['--source', undone, '--command', show, '--statement-timeout', '7']);
  const forbidden = shapecast(['--source', reader, '--command', secretly]);
  const overridden = shapecast([...owner, '--allow-writing-role', '--command', `insert into public.users (mail) values ('x')`]);
  const refused = await bench.run(['console', '--tools', bin, ...owner, '--command', 'select 1']);
  // What it does not inherit is one SET ROLE away.
  primary.ask(
    'app',
    'create role app_writer; grant insert on public.users to app_writer; create role sleeper login noinherit in role app_writer',
  );
  const asleep = await bench.run(['console', '--tools', bin, '--source', primary.url('app', 'sleeper'), '--command', 'select 1']);
  const cutOff = shapecast(['--source', reader, '--command', 'select pg_terminate_backend(pg_backend_pid())']);
  const nobody = await bench.run(['console', '--tools', bin, '--source', reader]);
  const typed = spawnSync(
    'script',
    ['-qec', `${process.execPath} ${root}/bin/shapecast.js console --tools ${bin} --source '${reader}'`, '/dev/null'],
    {
      cwd: bench.folder,
      encoding: 'utf8',
      input: 'select 6 * 7 as answer \\g (pager=off)\n\\q\n',
      env: { ...process.env, PAGER: 'cat', HOME: bench.folder },
    },
  );

  expect(settings).toMatchObject({ status: 0, stdout: expect.stringMatching(/on\n[\s\S]*7s\n/) });
  expect(forbidden).toMatchObject({ status: 1, stderr: expect.stringContaining('permission denied for table users') });
  expect(refused).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('CONSOLE_ROLE_WRITES') });
  expect(asleep).toMatchObject({ status: 2, stderr: expect.stringContaining('CONSOLE_ROLE_WRITES') });
  expect(overridden).toMatchObject({ status: 1, stderr: expect.stringContaining('read-only transaction') });
  expect(cutOff).toMatchObject({ status: 3, stderr: expect.stringContaining('CONSOLE_CUT_OFF') });
  expect(nobody).toMatchObject({ status: 2, stderr: expect.stringContaining('CONSOLE_NO_TERMINAL') });
  expect(typed.stdout).toMatch(/\[READ ONLY\] shapecast_reader@[\s\S]*42/);
  expect(typed.status).toBe(0);
  expect(primary.ask('app', 'select count(*) from public.users')).toBe('200');
  // Two records of each run: who, where, and how it ended.
  const evidence = fs.readFileSync(path.join(bench.folder, '.shapecast/evidence/evidence.jsonl'), 'utf8');
  expect(evidence.match(/"command":"console"/g)).toHaveLength(16);
  expect(evidence).toContain('allow-writing-role');
  expect(evidence).toContain('"source":');
  expect(evidence).not.toMatch(/Canary3Lk|select|insert/);
  expect(fs.existsSync(path.join(bench.folder, '.psql_history'))).toBe(false);
});
