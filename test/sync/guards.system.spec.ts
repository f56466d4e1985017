// Guards of sync beside those of sync.system.spec.ts (NODE_ENV, hosts, URLs, the marker, keys, literals, large objects, a second run): each is
// met on purpose, and afterwards the shadow is what it was before.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { withClient } from '../../postgres/connect.ts';
import { type EmbeddedServer, startEmbeddedServer } from '../../postgres/embedded-server.ts';
import { createBench, type TestBench } from '../cli/test-context.ts';

const bin = process.env.SYSTEM_PG_BIN ?? '';
const urlOf = (database: string, role = process.env.PGUSER) =>
  `postgresql://${role}@${process.env.PGHOST}:${process.env.PGPORT}/${database}`;
const ask = (database: string, sql: string) =>
  execFileSync(path.join(bin, 'psql'), ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', database], {
    encoding: 'utf8',
    input: sql,
    stdio: 'pipe',
  }).trim();

const RULES = 'tables: { public.notes: { columns: { id: keep, body: token } } }';
const SHADOW = 'guard_shadow';
const TABLES = `select string_agg(nspname || '.' || relname, ' ' order by 1) from pg_class c join pg_namespace n on n.oid = relnamespace
  where relkind = 'r' and nspname !~ '^(pg_|information_schema)'`;

let bench: TestBench;
let embedded: EmbeddedServer;

beforeAll(async () => {
  embedded = await startEmbeddedServer();
  await embedded.createDatabase('other');
  ask('postgres', 'create role guard_reader login; create role guard_owner login');
});
afterAll(async () => {
  await embedded.stop();
  ask('postgres', 'drop role guard_reader; drop role guard_owner');
});
beforeEach(() => {
  bench = createBench();
  ask('postgres', 'create database guard_source');
  ask('postgres', `create database ${SHADOW}`);
  ask(
    'guard_source',
    `create table public.notes (id int primary key, body text not null); insert into public.notes select i, 'real ' || i from generate_series(1, 50) as i`,
  );
});
afterEach(() => {
  bench.remove();
  ask('postgres', 'drop database guard_source with (force)');
  ask('postgres', `drop database ${SHADOW} with (force)`);
});

function run(given: { rules?: string; argv?: readonly string[]; environment?: NodeJS.ProcessEnv } = {}) {
  fs.writeFileSync(path.join(bench.folder, 'rules.yaml'), given.rules ?? RULES);
  const argv = given.argv ?? [];
  const tools = argv.includes('--tools') ? [] : ['--tools', bin];
  return bench.run(['sync', '--rules', 'rules.yaml', ...tools, ...argv], {
    PROD_REPLICA_URL: urlOf('guard_source'),
    SHADOW_DATABASE_URL: urlOf(SHADOW),
    SHAPECAST_EVIDENCE: 'off',
    ...given.environment,
  });
}

/** Programs that say a version and nothing else. */
function fakeTools(major: number): string {
  const folder = path.join(bench.folder, `tools${major}`);
  fs.mkdirSync(folder);
  for (const name of ['pg_dump', 'psql'])
    fs.writeFileSync(path.join(folder, name), `#!/bin/sh\necho "${name} (PostgreSQL) ${major}.1"\n`, { mode: 0o755 });
  return folder;
}

test('whoever has not named both databases, or has no place for log and evidence, gets nowhere', async () => {
  const nowhere = path.join(bench.folder, 'a-file');
  fs.writeFileSync(nowhere, '');

  const noSource = await run({ environment: { PROD_REPLICA_URL: '', PGHOST: process.env.PGHOST, PGDATABASE: 'guard_source' } });
  const noEvidence = await run({ environment: { SHAPECAST_EVIDENCE: 'on', SHAPECAST_EVIDENCE_DIR: nowhere } });
  fs.writeFileSync(path.join(bench.folder, 'logs'), '');
  const noLog = await run();

  expect(noSource).toMatchObject({ status: 2, stderr: expect.stringContaining('URL_MISSING') });
  expect(noEvidence).toMatchObject({ status: 3, stderr: expect.stringContaining('FILE_UNWRITABLE') });
  expect(noLog).toMatchObject({ status: 3, stderr: expect.stringContaining('FILE_UNWRITABLE') });
  expect(ask(SHADOW, TABLES)).toBe('');
});

test("a marker that is somebody else's, or generate's, is no shadow's", async () => {
  ask(
    SHADOW,
    `create schema shapecast; create table shapecast.shadow (state text); insert into shapecast.shadow values ('complete')`,
  );
  const foreign = await run();
  ask(
    SHADOW,
    `comment on schema shapecast is 'made by shapecast'; drop table shapecast.shadow; create table shapecast.runs (id int)`,
  );
  const generated = await run();

  expect(foreign).toMatchObject({ status: 2, stderr: expect.stringContaining('SYNC_SHADOW_UNMARKED') });
  expect(generated).toMatchObject({ status: 2, stderr: expect.stringContaining('SYNC_SHADOW_UNMARKED') });
  expect(ask(SHADOW, TABLES)).toBe('shapecast.runs');
});

test('what the servers and tools cannot do is refused by name before the shadow is touched', async () => {
  const older = await run({ argv: ['--tools', fakeTools(12)] });
  const olderShadow = await run({ argv: ['--tools', fakeTools(18)], environment: { PROD_REPLICA_URL: embedded.url('other') } });
  ask('guard_source', 'create extension adminpack');
  const extension = await run({ environment: { SHADOW_DATABASE_URL: embedded.url('other') } });
  ask('guard_source', 'drop extension adminpack; create extension postgres_fdw');
  ask(
    'guard_source',
    `create server away foreign data wrapper postgres_fdw; create user mapping for public server away options (password 'real-secret-7')`,
  );
  const mapping = await run();
  ask('guard_source', 'drop extension postgres_fdw cascade');
  ask(
    'guard_source',
    `create table public.secrets (id int); create sequence public.own_numbers;
     create table public.policed (id int); alter table public.policed enable row level security; create policy few on public.policed using (id > 1);
     grant select on public.notes, public.policed to guard_reader`,
  );
  const all = `tables: { public.notes: { columns: { id: keep, body: token } }, public.secrets: { rows: none }, public.policed: { columns: { id: keep } } }`;
  const unreadable = await run({ rules: all, environment: { PROD_REPLICA_URL: urlOf('guard_source', 'guard_reader') } });

  expect(older).toMatchObject({ status: 2, stderr: expect.stringContaining('it is of version 12 and the source of version 15') });
  expect(olderShadow).toMatchObject({ status: 2, stderr: expect.stringContaining('SYNC_SHADOW_OLDER') });
  expect(extension).toMatchObject({ status: 2, stderr: expect.stringMatching(/SYNC_EXTENSIONS_MISSING: .*: adminpack\./) });
  expect(mapping).toMatchObject({ status: 1, stderr: expect.stringContaining('a user mapping may hold a password') });
  expect(mapping.stderr + mapping.stdout).not.toContain('real-secret-7');
  expect(unreadable).toMatchObject({ status: 2, stderr: expect.stringContaining('SYNC_SOURCE_UNREADABLE') });
  expect(unreadable.stderr).toMatch(
    /public\.own_numbers: the role lacks SELECT on it\n.*public\.policed: row security .*\n.*public\.secrets: the role lacks SELECT/,
  );
  expect(ask(SHADOW, TABLES)).toBe('');
});

test("a rule's SQL cannot write to the source, and what was reviewed or left behind on purpose goes through", async () => {
  ask(
    'guard_source',
    `create function public.log_it(id int) returns text language sql volatile as 'insert into public.notes values (1000 + id, ''written''); select ''x''';
     alter table public.notes alter body set default 'ask anna.smith@real.org'; select lo_create(70)`,
  );
  const allowed = `{ version: 1, largeObjects: skip, reviewedStrings: [ask anna.smith@real.org], `;
  const withRule = (rule: string) => `${allowed}tables: { public.notes: { columns: { id: keep, body: ${rule} } } } }`;
  const writing = await run({ rules: withRule(`{ kind: sql, expression: 'public.log_it(id)' }`) });
  // Now nothing is asked of every row before the copy.
  ask('guard_source', 'alter table public.notes alter body drop not null');
  const unlocking = await run({
    rules: withRule(`{ kind: sql, expression: "set_config('transaction_read_only', 'off', false) || public.log_it(id)" }`),
  });
  const count = ask('guard_source', 'select count(*) from public.notes');
  const done = await run({ rules: withRule('token') });

  expect(writing).toMatchObject({ status: 2, stderr: expect.stringContaining('(SQLSTATE 25006)') });
  expect(unlocking).toMatchObject({ status: 3, stderr: expect.stringMatching(/SQLSTATE 25/) });
  expect(count).toBe('50');
  expect(done).toMatchObject({ status: 0, stdout: expect.stringContaining('50 rows') });
  expect(ask(SHADOW, `select count(*) from pg_largeobject_metadata`)).toBe('0');
  expect(ask(SHADOW, `insert into public.notes (id) values (99) returning body`)).toBe('ask anna.smith@real.org');
});

test("tables that the shadow's role may not make end the run: incomplete, and the next run works", async () => {
  ask('postgres', `alter database ${SHADOW} owner to guard_owner`);
  ask('guard_source', `create function public.absolute(int) returns int language internal immutable as 'int4abs'`);
  const environment = { SHADOW_DATABASE_URL: urlOf(SHADOW, 'guard_owner') };

  const failed = await run({ environment });
  const state = ask(SHADOW, 'select state from shapecast.shadow');
  ask('guard_source', 'drop function public.absolute');
  const done = await run({ environment });

  expect(failed).toMatchObject({
    status: 3,
    stderr: expect.stringMatching(/creating the tables: .*public\.absolute.*SQLSTATE 42501/),
  });
  expect(state).toBe('running');
  expect(done).toMatchObject({ status: 0, stdout: expect.stringContaining('50 rows') });
});

test('a run that cannot empty the shadow leaves it as it was, and saying so', async () => {
  const first = await run();
  const comment = `select shobj_description(oid, 'pg_database') from pg_database where datname = '${SHADOW}'`;
  // Of another owner: the role of the next run may not drop it.
  ask('postgres', `alter database ${SHADOW} owner to guard_owner`);
  ask(SHADOW, 'grant usage on schema shapecast to guard_owner; grant select on shapecast.shadow to guard_owner');

  const failed = await run({ environment: { SHADOW_DATABASE_URL: urlOf(SHADOW, 'guard_owner') } });

  expect(first.status).toBe(0);
  expect(failed).toMatchObject({ status: 3, stderr: expect.stringContaining('QUERY_FAILED') });
  expect(ask(SHADOW, `select state from shapecast.shadow; ${comment}; select count(*) from public.notes`)).toBe(
    'complete\nshapecast shadow: complete, masked rows\n50',
  );
});

test('a value of the source is in no line of the log, also not of a run that fails by it', async () => {
  ask('guard_source', `update public.notes set body = 'Canary9Qw ' || id; alter table public.notes alter body drop not null`);

  const failed = await run({ rules: RULES.replace('token', `{ kind: sql, expression: '(body::int)::text' }`) });

  expect(failed.status).toBe(3);
  const folder = path.join(bench.folder, 'logs/data-sync');
  const [log = ''] = fs.readdirSync(folder);
  const text = fs.readFileSync(path.join(folder, log), 'utf8');
  expect(text).toContain('failed: SYNC_COPY_FAILED');
  expect(text + failed.stderr).not.toContain('Canary9Qw');
  // The server quotes the value in its message: it was there to be told.
  const raw = await withClient(urlOf('guard_source'), { applicationName: 'shapecast test' }, async (client) =>
    client.query('select body::int from public.notes').catch((error: Error) => error.message),
  );
  expect(raw).toContain('Canary9Qw');
});
