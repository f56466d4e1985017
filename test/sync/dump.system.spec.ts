// A masked dump is what a sync with the same key makes, as a file: psql restores it to the same database. No canary is in a byte of it, and
// whatever breaks leaves nothing that could be taken for a whole one.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { listRecords } from '../../evidence/show-log.ts';
import { readDumpHeader } from '../../spec/dump-header.ts';
import { createBench, type TestBench } from '../cli/test-context.ts';

const bin = process.env.SYSTEM_PG_BIN ?? '';
const root = path.resolve(import.meta.dirname, '../..');
const urlOf = (database: string) => `postgresql://${process.env.PGUSER}@${process.env.PGHOST}:${process.env.PGPORT}/${database}`;
const DATABASES = ['dump_source', 'dump_shadow', 'dump_restored', 'dump_other'];
const CANARY = 'Kanarie5Qw';

const SCHEMA = `
  create table public.people (
    id int generated always as identity primary key, mail text not null unique, bio text, settings jsonb, seen timestamptz, letters int generated always as (length(mail)) stored
  );
  create table public.notes (id bigserial primary key, person int not null references public.people, body text, took interval, raw bytea);
  create table public."evil
\\\\! touch evil" ("a ""b""" text);
  create table public.parts (id int, body text) partition by range (id);
  create table public.parts_low partition of public.parts for values from (0) to (1000);
  create table public.bare ();
  create view public.seen as select id, seen from public.people;
  insert into public.people (mail, bio, settings, seen) select '${CANARY}' || i || '@real.org', E'${CANARY}\\\\.\\n\\\\.\\n\\t' || i,
    jsonb_build_object('mail', '${CANARY}', 'size', i), timestamptz '2024-05-01 12:00:00.123456+02' + i * interval '1 hour' from generate_series(1, 300) as i;
  insert into public.notes (person, body, took, raw) select 1 + i % 300, case when i % 3 = 0 then null else '${CANARY}' || i end, i * interval '1 month 2 days', '\\\\x00ff0a5c' from generate_series(1, 2000) as i;
  insert into public."evil
\\\\! touch evil" values ('${CANARY}');
  insert into public.parts select i, '${CANARY}' from generate_series(1, 500) as i;
  insert into public.bare default values;
`.replaceAll('\\\\', '\\');

const RULES = String.raw`
tables:
  public.people:
    columns:
      id: token
      mail: { kind: fake, of: mail }
      bio: { kind: replace, pattern: 'K[a-z]+5Qw', with: someone }
      settings: { kind: json, paths: { mail: { kind: fake, of: mail }, size: keep } }
      seen: { kind: jitter, days: 30, subject: id }
  public.notes: { columns: { id: keep, person: token, body: { kind: template, text: 'note {seq}' }, took: keep, raw: keep } }
  "public.\"evil\n\\! touch evil\"": { columns: { 'a "b"': token } }
  public.parts: { columns: { id: keep, body: 'null' } }
  public.bare: { rows: none }
`;

let bench: TestBench;
let dumps: string;
const tool = (name: string, argv: readonly string[], input?: string) =>
  execFileSync(path.join(bin, name), argv, { encoding: 'utf8', cwd: bench.folder, ...(input === undefined ? {} : { input }) });
const psql = (database: string, sql: string) =>
  tool('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', database], sql);
const environment = () => ({
  PROD_REPLICA_URL: urlOf('dump_source'),
  SHADOW_DATABASE_URL: urlOf('dump_shadow'),
  MASKING_KEY: '7f3a9c51e2d84b06a1c7f5e93d20b86417ce5a9f03bd6e128c44f7a0951be3d2',
  TMPDIR: bench.folder,
});
const sync = (...argv: string[]) => bench.run(['sync', '--rules', 'rules.yaml', '--tools', bin, ...argv], environment());
const content = (database: string) =>
  ['people', 'notes', 'evil\n\\! touch evil', 'parts']
    .map((table) =>
      psql(
        database,
        `copy (select * from public."${table}" order by 1, 2) to stdout`.replace(', 2', table.startsWith('e') ? '' : ', 2'),
      ),
    )
    .join('\n--\n');
const schemaOf = (database: string) =>
  tool('pg_dump', ['--schema-only', '-O', '-x', '-t', 'public.*', '-d', database]).replaceAll(/^\\(un)?restrict .*$/gm, '');

beforeEach(() => {
  bench = createBench();
  dumps = path.join(bench.folder, 'shapecast-dumps');
  for (const database of DATABASES) tool('createdb', [database]);
  psql('dump_source', SCHEMA);
  fs.writeFileSync(path.join(bench.folder, 'rules.yaml'), RULES);
});
afterEach(() => {
  for (const database of DATABASES) tool('dropdb', ['--force', database]);
  bench.remove();
});

test('psql restores a dump to what a sync with the same key makes, plain and compressed, and no byte of it is unmasked', async () => {
  const synced = await sync();
  const dumped = await sync('--to-file', '--expires-in-days', '7', '--json');
  const packed = await sync('--to-file', 'other.sql.gz');
  const [name = ''] = fs.readdirSync(dumps);
  const file = path.join(dumps, name);
  const text = fs.readFileSync(file);
  const unpacked = gunzipSync(fs.readFileSync(path.join(bench.folder, 'other.sql.gz')));
  const printed = tool('psql', ['-X', '-q', '-d', 'dump_restored', '-f', file]);
  const again = spawnTool(['-X', '-q', '-d', 'dump_restored', '-f', file]);
  tool('psql', ['-X', '-q', '-d', 'dump_other', '-f', '-'], unpacked.toString('utf8'));
  const restored = { ...environment(), PROD_REPLICA_URL: '', SHADOW_DATABASE_URL: urlOf('dump_restored') };
  const verified = await bench.run(['verify-shadow', '--rules', 'rules.yaml'], restored);

  expect([synced.status, dumped.status, packed.status]).toEqual([0, 0, 0]);
  expect(packed.stdout).toContain("gunzip -c '");
  expect(packed.stderr).toContain('public.people: about');
  expect(printed).toBe('');
  expect(JSON.parse(dumped.stdout)).toMatchObject({
    status: 'complete',
    rules: { state: 'outside' },
    dump: { file: fs.realpathSync(file), bytes: text.length, expiresAt: '2026-02-07T12:00:00.000Z' },
  });
  expect(content('dump_restored')).toBe(content('dump_shadow'));
  expect(content('dump_other')).toBe(content('dump_shadow'));
  expect(content('dump_restored').split('\n').length).toBeGreaterThan(2800);
  expect(schemaOf('dump_restored')).toBe(schemaOf('dump_shadow'));
  const origin = 'select source_sha256 from shapecast.shadow';
  expect(psql('dump_restored', origin)).toMatch(/^[0-9a-f]{64}$/m);
  expect(psql('dump_restored', origin)).toBe(psql('dump_shadow', origin));
  expect(psql('dump_restored', `select nextval('public.notes_id_seq'), (select state from shapecast.shadow)`)).toBe(
    '2001|complete\n',
  );
  expect(
    psql('dump_restored', `select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()`),
  ).toContain('complete');
  // Verified by the digest set that the dump left, without the source.
  expect(verified).toMatchObject({ status: 0, stdout: expect.stringContaining('compared with the digest set of its sync') });
  // A database that holds something is not restored over.
  expect(again).not.toBe(0);
  expect(text.includes(CANARY)).toBe(false);
  expect(unpacked.includes(CANARY)).toBe(false);
  expect(text.includes('@example.com')).toBe(true);
  expect(fs.existsSync(path.join(bench.folder, 'evil'))).toBe(false);
  expect([fs.statSync(dumps).mode & 0o777, fs.statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
  expect(readDumpHeader(text)).toMatchObject({ expiresAt: '2026-02-07T12:00:00.000Z' });
  const records = listRecords(path.join(bench.folder, '.shapecast/evidence'));
  expect(records.map(({ facts }) => facts.hashes?.dump).filter(Boolean)).toHaveLength(2);
});

test('git work trees, long lives, taken names, foreign folders and production are refused, and a failed run leaves no file', async () => {
  const tree = path.join(bench.folder, 'team');
  fs.mkdirSync(path.join(tree, '.git'), { recursive: true });
  fs.symlinkSync(tree, path.join(bench.folder, 'link'));
  fs.symlinkSync(path.join(bench.folder, 'gone.sql'), path.join(bench.folder, 'dangling.sql'));
  const refusals = [
    await sync('--to-file', 'team/masked.sql'),
    await sync('--to-file', 'link/masked.sql'),
    await sync('--to-file', 'x.sql', '--expires-in-days', '31'),
    await sync('--to-file', 'dangling.sql'),
    await sync('--to-file', 'masked.dump'),
    await sync('--to-file', 'x.sql', '--replace', 'dump_shadow'),
  ];
  fs.mkdirSync(dumps, { mode: 0o755 });
  const shared = await sync('--to-file');
  const production = await bench.run(['sync', '--rules', 'rules.yaml', '--to-file', 'x.sql'], {
    ...environment(),
    NODE_ENV: 'production',
  });
  const dry = await sync('--to-file', 'x.sql', '--dry-run');
  fs.writeFileSync(
    path.join(bench.folder, 'rules.yaml'),
    RULES.replace("body: 'null'", "body: { kind: sql, expression: 'body::int::text' }"),
  );
  const broken = await sync('--to-file', 'x.sql');
  const brokenPacked = await sync('--to-file', 'x.sql.gz');
  psql('dump_source', 'alter table public.people add column secret text');
  const added = await sync('--to-file', 'x.sql');

  expect(refusals.map(({ status, stderr }) => `${status} ${/error (\w+)/.exec(stderr)?.[1]}`)).toEqual([
    '2 DUMP_IN_GIT',
    '2 DUMP_IN_GIT',
    '2 OPTION_INVALID',
    '2 OPTION_INVALID',
    '2 OPTION_INVALID',
    '2 OPTION_INVALID',
  ]);
  expect(shared.stderr).toContain('DUMP_FOLDER_UNSAFE');
  expect(production.stderr).toContain('PRODUCTION_REFUSED');
  expect(dry).toMatchObject({ status: 0, stdout: expect.stringContaining('dry run') });
  expect(broken).toMatchObject({ status: 3, stderr: expect.stringContaining('SYNC_COPY_FAILED') });
  expect(brokenPacked).toMatchObject({ status: 3, stderr: expect.stringContaining('SYNC_COPY_FAILED') });
  expect(broken.stderr + brokenPacked.stderr).not.toContain(CANARY);
  expect(added.stderr).toContain('public.people.secret');
  expect(fs.readdirSync(bench.folder).filter((name) => name.startsWith('x.sql'))).toEqual([]);
});

test('Ctrl-C removes what was written; a killed run leaves a partial file that purge knows, with no canary in it', async () => {
  psql('dump_source', `insert into public.parts select i % 1000, '${CANARY}' from generate_series(1, 400000) as i`);
  const stopped = start();
  await growing();
  stopped.kill('SIGINT');
  const [status] = (await once(stopped, 'exit')) as [number];
  const afterStop = fs.readdirSync(dumps);
  const killed = start();
  await growing();
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  const left = fs.readdirSync(dumps);
  const partial = fs.readFileSync(path.join(dumps, left[0] ?? ''));

  expect(status).toBe(3);
  expect(afterStop).toEqual([]);
  expect(left).toEqual([expect.stringMatching(/^masked-.*\.sql\.[0-9a-f]{8}\.partial$/)]);
  expect(partial.includes(CANARY)).toBe(false);
  expect(readDumpHeader(partial)).toMatchObject({ processId: killed.pid });
});

function spawnTool(argv: readonly string[]): number {
  try {
    tool('psql', argv);
    return 0;
  } catch {
    return 1;
  }
}

function start(): ChildProcess {
  const argv = [path.join(root, 'bin/shapecast.js'), 'sync', '--rules', 'rules.yaml', '--tools', bin, '--to-file'];
  return spawn(process.execPath, argv, {
    cwd: bench.folder,
    env: { ...process.env, ...environment(), SHAPECAST_EVIDENCE: 'off' },
    stdio: 'ignore',
  });
}

/** Waits until rows are being written. */
async function growing(): Promise<void> {
  for (let attempt = 0; attempt < 2000; attempt += 1) {
    const files = fs.existsSync(dumps) ? fs.readdirSync(dumps) : [];
    if (files.some((name) => fs.statSync(path.join(dumps, name)).size > 20_000)) return;
    await sleep(5);
  }
}
