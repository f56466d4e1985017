// The built-in chat as production, synced by both committed examples: whole, its references valid, and verify-shadow passes with the source
// and with the digests alone. A mail column that is kept fails it by name, and a column that nobody has decided about stops the sync.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createBench, type TestBench } from '../cli/test-context.ts';

const bin = process.env.SYSTEM_PG_BIN ?? '';
const examples = path.resolve(import.meta.dirname, '../../sync/examples');
const urlOf = (database: string) => `postgresql://${process.env.PGUSER}@${process.env.PGHOST}:${process.env.PGPORT}/${database}`;
const tool = (name: string, argv: readonly string[], input = '') =>
  execFileSync(path.join(bin, name), argv, { encoding: 'utf8', input });
const ask = (database: string, sql: string) =>
  tool('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', database], sql).trim();

const KEY = '7f3a9c51e2d84b06a1c7f5e93d20b86417ce5a9f03bd6e128c44f7a0951be3d2';
const DATABASES = ['chat_app', 'chat_shadow'] as const;
const VALID_KEYS = `select count(*) filter (where convalidated), count(*) from pg_constraint where contype = 'f'`;
const ROWS = `select string_agg(rows::text, ' ' order by name) from (
  select relname as name, (xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %s', oid::regclass), false, true, '')))[1] as rows
  from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace) as counted`;

let bench: TestBench;
const run = (argv: readonly string[], settings: Record<string, string> = {}) =>
  bench.run([...argv], {
    SHAPECAST_EVIDENCE: 'on',
    PROD_REPLICA_URL: urlOf('chat_app'),
    SHADOW_DATABASE_URL: urlOf('chat_shadow'),
    MASKING_KEY: KEY,
    ...settings,
  });
const sync = () => run(['sync', '--rules', 'rules.yaml', '--tools', bin]);
const verify = (settings: Record<string, string> = {}) => run(['verify-shadow', '--rules', 'rules.yaml'], settings);
const writeRules = (text: string) => fs.writeFileSync(path.join(bench.folder, 'rules.yaml'), text);
const readExample = (name: string) => fs.readFileSync(path.join(examples, name), 'utf8');

beforeAll(async () => {
  bench = createBench();
  for (const database of DATABASES) tool('createdb', [database]);
  const made = await bench.run(['generate', '--seed', 'chat', '--scale', '0.002', '--target', urlOf('chat_app')]);
  expect(made.status).toBe(0);
});
afterAll(() => {
  for (const database of DATABASES) tool('dropdb', ['--force', '--if-exists', database]);
  bench.remove();
});

test.each(['chat-sql.yaml', 'chat-fake.yaml'])('%s: every row, valid references, and a shadow that passes', async (example) => {
  writeRules(readExample(example));

  const synced = await sync();
  const bySource = await verify();
  const byDigests = await verify({ PROD_REPLICA_URL: '' });

  expect([synced.status, bySource.status, byDigests.status]).toEqual([0, 0, 0]);
  expect(ask('chat_shadow', ROWS)).toBe(ask('chat_app', ROWS));
  expect(ask('chat_shadow', VALID_KEYS)).toBe(ask('chat_app', VALID_KEYS));
  const mails = `select count(*) from public.users where email not like '%@example.com'`;
  expect(ask('chat_shadow', mails)).toBe('0');
});

test('a mail column that is kept fails verify-shadow by its name, without a value', async () => {
  writeRules(readExample('chat-fake.yaml').replace('email: { kind: fake, of: mail }', 'email: keep'));

  const synced = await sync();
  const verified = await verify();

  expect([synced.status, verified.status]).toEqual([0, 1]);
  expect(verified.stdout).toContain('public.users.email');
  const mail = ask('chat_app', 'select email from public.users order by id limit 1');
  expect(`${synced.stdout}${synced.stderr}${verified.stdout}${verified.stderr}`).not.toContain(mail);
});

test('a column that was added to the source stops the sync before any row, and the shadow stays as it was', async () => {
  const before = ask('chat_shadow', `${ROWS}; select run_id, state from shapecast.shadow`);
  ask('chat_app', 'alter table public.users add column passport text');

  const stopped = await sync();

  expect(stopped.status).toBe(2);
  expect(stopped.stderr).toContain('public.users.passport');
  expect(ask('chat_shadow', `${ROWS}; select run_id, state from shapecast.shadow`)).toBe(before);
});
