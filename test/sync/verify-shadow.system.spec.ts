// A shadow that sync made, checked: with the source, with the digest set alone, and by the printed SQL in psql. Then everything that may
// be wrong with one is planted, and each has to be named, by its place and never by its value.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { shadowVerificationSchema } from '../../spec/shadow-verification.ts';
import { createBench, type TestBench } from '../cli/test-context.ts';

const bin = process.env.SYSTEM_PG_BIN ?? '';
const urlOf = (database: string) => `postgresql://${process.env.PGUSER}@${process.env.PGHOST}:${process.env.PGPORT}/${database}`;
const KEY = '7f3a9c51e2d84b06a1c7f5e93d20b86417ce5a9f03bd6e128c44f7a0951be3d2';
const OTHER_KEY = 'c44f7a0951be3d27f3a9c51e2d84b06a1c7f5e93d20b86417ce5a9f03bd6e128';
/** A login of production that has the form of a token, so that only a comparison can tell it from one. */
const HEX_LOGIN = 'd41d8cd98f00b204e9800998ecf8427e';
const HEX_MEMBER = '0cc175b9c0f1b6a831c399e269772661';

const SCHEMA = `
  create type public.mood as enum ('calm', 'cross');
  create domain public.year as int check (value between 1900 and 2200);
  create table public.people (
    id int generated always as identity primary key,
    ref uuid not null unique default gen_random_uuid(),
    mail text not null unique,
    first_name varchar(6) not null,
    full_name text not null,
    login varchar(40) not null,
    phone char(13),
    street varchar(30),
    card text,
    bio text,
    title char(8) not null,
    born date,
    year public.year,
    mood public.mood not null,
    tags text[],
    picture bytea,
    settings jsonb not null,
    raw json,
    notes text,
    memo text not null default 'xx',
    words tsvector generated always as (to_tsvector('simple', coalesce(notes, ''))) stored
  );
  alter table public.people add constraint people_kind check (first_name not in ('', 'x'));
  create unique index people_login on public.people (lower(login));
  create table public."Odd "" Table" (
    "the ""person" int not null references public.people,
    "it's a \\ note" text,
    at timestamptz not null,
    amount numeric(8, 2),
    -- some tokens of ten digits are all digits, as phones are
    code varchar(10),
    primary key ("the ""person", at)
  ) partition by range (at);
  create table public.odd_first partition of public."Odd "" Table" for values from ('2024-01-01') to ('2024-07-01');
  create table public.odd_rest partition of public."Odd "" Table" default;
  create table public.visits (person int not null references public.people, at timestamptz not null, unique (person, at));
  create table public.odd_json (doc json);
  create table public.drafts (body text);
  create table public.unseen (id int primary key, person int);
  alter table public.unseen add foreign key (person) references public.people not valid;
  create view public.calm as select id, full_name from public.people where mood = 'calm';
  insert into public.people
      (mail, first_name, full_name, login, phone, street, card, bio, title, born, year, mood, tags, picture, settings, raw, notes)
    select 'person' || i || '@real.org', 'Anna' || i % 50, 'Anna Real' || i, case i when 7 then '${HEX_LOGIN}' else 'anna' || i end,
      '+4930' || 5550000 + i, i || ' Real Street', '4111' || i, 'call ' || 10000 + i || ' now', 'Dr', date '1990-01-01' + i, 1990, 'calm',
      array['a', 'b' || i], '\\x00ff', jsonb_build_object(
        'mail', 'person' || i || '@real.org', 'theme', 'dark', 'secret', i,
        'items', jsonb_build_array(jsonb_build_object('by', case i when 7 then '${HEX_MEMBER}' else 'anna' || i end, 'n', i), 5)),
      json_build_object('a', 'x'), 'note'
    from generate_series(1, 300) as i;
  update public.people set memo = case id % 3 when 0 then '' else 'said ' || id end where id % 3 < 2;
  insert into public."Odd "" Table" select 1 + i % 300, 'wrote ' || i, timestamptz '2024-05-01' + i * interval '1 hour', i, 'code ' || i
    from generate_series(1, 3000) as i;
  insert into public.visits select id, timestamptz '2024-05-01' + n * interval '1 hour' from public.people, generate_series(1, 3) as n;
  insert into public.odd_json values ('{"a": "anna", "b": "\\u0000"}');
  insert into public.drafts values ('x');
  insert into public.unseen values (1, 1);`;

const RULES = `
tables:
  public.people:
    columns:
      id: token
      ref: token
      mail: { kind: fake, of: mail }
      first_name: { kind: fake, of: firstName }
      full_name: { kind: fake, of: name, distinct: true }
      login: token
      phone: { kind: fake, of: phone }
      street: { kind: fake, of: address }
      card: { kind: keepLast, length: 2 }
      bio: { kind: replace, pattern: '[0-9]{5}', with: number }
      title: { kind: constant, value: Ms }
      born: { kind: jitter, days: 300, subject: id }
      year: { kind: sql, expression: 'year' }
      mood: keep
      tags: empty
      picture: 'null'
      settings: { kind: json, paths: { mail: { kind: fake, of: mail }, theme: keep, 'items.*.by': token } }
      raw: { kind: constant, value: { redacted: true } }
      notes: keep
      memo: { kind: sql, expression: "repeat('x', char_length(memo))" }
  public."Odd "" Table":
    columns:
      the "person: token
      "it's a \\\\ note": { kind: template, text: 'note {seq} (*)' }
      at: keep
      amount: shuffle
      code: token
  public.visits: { columns: { person: token, at: { kind: jitter, days: 30, subject: person } } }
  public.odd_json: { columns: { doc: { kind: json, paths: { a: token }, others: keep } } }
  public.drafts: { rows: none }
  public.unseen: { columns: { id: keep, person: token } }
`;

let bench: TestBench;
const tool = (name: string, argv: readonly string[], input?: string) =>
  execFileSync(path.join(bin, name), argv, { encoding: 'utf8', ...(input === undefined ? {} : { input }) });
const onDatabase = (database: string, sql: string) => tool('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', database], sql);
const psql = (database: string, script: string) =>
  spawnSync(path.join(bin, 'psql'), ['-X', '-q', '-d', database], { encoding: 'utf8', input: script });

const shared = { MASKING_KEY: KEY, SHAPECAST_EVIDENCE: 'off' };
const sync = (environment: NodeJS.ProcessEnv = {}) =>
  bench.run(['sync', '--rules', 'rules.yaml', '--tools', bin], {
    ...shared,
    PROD_REPLICA_URL: urlOf('verify_source'),
    SHADOW_DATABASE_URL: urlOf('verify_shadow'),
    ...environment,
  });
/** Without the source unless it is given. */
const verify = (argv: readonly string[] = [], environment: NodeJS.ProcessEnv = {}) =>
  bench.run(['verify-shadow', ...argv], { ...shared, SHADOW_DATABASE_URL: urlOf('verify_shadow'), ...environment });
const withSource = { PROD_REPLICA_URL: urlOf('verify_source') };
const writeRules = (text: string) => fs.writeFileSync(path.join(bench.folder, 'rules.yaml'), text);

beforeAll(async () => {
  bench = createBench();
  tool('createdb', ['verify_source']);
  tool('createdb', ['verify_shadow']);
  onDatabase('verify_source', SCHEMA);
  writeRules(RULES);
  const done = await sync();
  if (done.status !== 0) throw new Error(done.stderr);
});
afterAll(() => {
  bench.remove();
  for (const database of ['verify_source', 'verify_shadow', 'verify_planted', 'verify_other'])
    tool('dropdb', ['--force', '--if-exists', database]);
});

test('a shadow of full rules passes: with the source, with the digests alone, and in psql', async () => {
  const compared = await verify(['--verbose'], { ...withSource, SHAPECAST_EVIDENCE: 'on' });
  const byDigests = await verify(['--json']);
  const unsure = await verify(['--no-compare'], { MASKING_KEY: '' });
  const printed = await verify(['--print-sql'], { MASKING_KEY: '', SHAPECAST_EVIDENCE: 'on' });
  const ran = psql('verify_shadow', printed.stdout);
  const unmarked = psql('verify_source', printed.stdout);
  const evidence = path.join(bench.folder, '.shapecast/evidence');
  const [digests = ''] = fs.readdirSync(evidence).filter((name) => name.startsWith('shadow-digests-'));

  expect(compared).toMatchObject({ status: 0, stdout: expect.stringContaining('compared with the source') });
  expect(compared.stdout).toContain('sql of 2 columns: the expression is');
  const log = fs.readFileSync(path.join(evidence, 'evidence.jsonl'), 'utf8');
  for (const verdict of ['passed, compared with source', 'SQL printed, nothing checked']) expect(log).toContain(verdict);
  const result = shadowVerificationSchema.parse(JSON.parse(byDigests.stdout));
  expect(result).toMatchObject({ status: 'passed', comparedWith: 'digests', findings: [], rows: 4202 });
  expect(result.compared.map(({ column, path: member }) => (member === null ? column : `${column} ${member}`))).toEqual(
    expect.arrayContaining(['id', 'ref', 'mail', 'login', 'settings mail', 'settings items.*.by']),
  );
  expect(result.compared.find(({ path: member }) => member === 'items.*.by')).toMatchObject({ sourceValues: 300, survivors: 0 });
  expect(result.notChecked).toContainEqual(
    expect.objectContaining({ stage: 'survivors', column: 'the "person', why: expect.stringContaining('public.people.id') }),
  );
  // A zero sign, which json may hold and jsonb may not.
  expect(compared.stdout).toContain('json of public.odd_json.doc: the server cannot read');
  expect(compared.stdout).toContain('public.odd_json.doc: a server cannot read its values as jsonb at a');
  expect(ran.stderr).toContain('public.odd_json.doc [json]');
  expect(unsure).toMatchObject({ status: 0, stdout: expect.stringContaining('NOT COMPARED') });
  expect(unsure.stdout).toMatch(
    /- survivors .*: not run: --no-compare\n {2}not told: 1 place; .*\n {2}form not checked: \d+ places; --verbose tells/,
  );
  expect(unsure.stdout).not.toContain('public.');
  // An empty text and one character over and over are in both, and say nothing of anybody.
  expect(result.compared).toContainEqual(expect.objectContaining({ column: 'memo', sourceValues: 100, survivors: 0 }));
  expect(compared.stdout).toContain(`  columns: ${result.compared.length} compared, `);
  expect(unmarked).toMatchObject({ status: 3, stderr: expect.stringContaining('carries no mark of sync') });
  expect(unmarked.stderr).not.toMatch(/does not exist|CONTEXT/);
  expect(fs.statSync(path.join(evidence, digests)).mode & 0o777).toBe(0o600);
  expect(ran).toMatchObject({ status: 0, stdout: expect.stringContaining('no finding') });
});

test('whatever is planted is named, by its place and never by its value', async () => {
  tool('createdb', ['-T', 'verify_shadow', 'verify_planted']);
  const planted = { SHADOW_DATABASE_URL: urlOf('verify_planted') };
  const first = 'where id = (select min(id) from public.people)';
  onDatabase(
    'verify_planted',
    `update public.people set notes = 'ask zoe.canary@real.org' ${first};
     update public.people set login = '${HEX_LOGIN}', memo = 'said 1' ${first};`,
  );
  const printed = (await verify(['--print-sql'], planted)).stdout;
  const inPsql = psql('verify_planted', printed);
  onDatabase(
    'verify_planted',
    `update public.people set notes = null, settings = jsonb_set(settings, '{items,0,by}', '"${HEX_MEMBER}"') ${first}`,
  );
  const bySource = await verify([], { ...planted, ...withSource });
  const byDigests = await verify([], planted);
  onDatabase(
    'verify_planted',
    `update public.people set title = 'Dr', phone = '+4930555', tags = '{a}', picture = 'a', card = '41112', bio = '12345' ${first};
     update public.people set settings = settings || '{"more": 1}', full_name = 'Anna Canary', ref = gen_random_uuid(), street = 'x' ${first};
     update public.people set first_name = 'Canary', notes = E'x\\\\t+49 30 5550001' ${first};
     update public."Odd "" Table" set "it's a \\ note" = 'note (*)' where amount = 5;
     alter table public.people add column added text;
     create table shapecast.leftover as select 'zoe.canary@real.org' as mail;
     alter table public.people drop constraint people_kind, add constraint people_kind check (true);
     create materialized view public.filled as select 'zoe.canary@real.org' as mail;
     create foreign data wrapper nowhere; create server nowhere foreign data wrapper nowhere;
     create foreign table public.far (mail text) server nowhere;
     insert into public.drafts values ('x');
     alter table public."Odd "" Table" drop constraint "Odd "" Table_the ""person_fkey";`,
  );
  const fast = await verify(['--verbose'], planted);
  const all = await verify(['--all', '--json'], { ...planted, ...withSource });
  const again = psql('verify_planted', printed);

  expect(inPsql.status).toBe(3);
  expect(inPsql.stderr).toContain('public.people.notes [keep]: a mail address');
  for (const found of [bySource, byDigests]) {
    expect(found.status).toBe(1);
    expect(found.stdout).toContain('✗ public.people.login [token]: values of the source, where chance makes at most 0 (1)');
    expect(found.stdout).toContain('✗ public.people.settings [json token]: values of the source at items.*.by');
  }
  expect(fast.stdout).toContain('✗ public.people.added: a column without a rule');
  expect(fast.stdout).toMatch(/- forms .*: not run: an earlier stage found something; --all runs it/);
  expect(fast.stdout).toMatch(/\n✗ \d+ findings in .*\n {2}next: change the rule .*$/);
  expect(fast.stdout).toContain('✗ shapecast.leftover: a table beside the mark of sync');
  expect(fast.stdout).toContain('✗ public.people: the check people_kind is not what it is in the source');
  expect(fast.stdout).toContain('public.filled: a filled materialised view');
  expect(fast.stdout).toContain('public.far: a foreign table');
  expect(again.stderr).toContain('a table beside the mark of sync');
  const { findings } = shadowVerificationSchema.parse(JSON.parse(all.stdout));
  const named = findings.map(({ stage, table, column, count }) => `${stage} ${table} ${column} ${count}`);
  const forms = 'title phone tags picture card bio settings full_name ref street first_name'.split(' ');
  expect(named).toEqual(
    expect.arrayContaining([
      'structure public.drafts null null',
      'structure public."Odd "" Table" null null',
      ...forms.map((column) => `forms public.people ${column} 1`),
      `forms public."Odd "" Table" it's a \\ note 1`,
      'detectors public.people notes 1',
      'survivors public.people login 1',
      'survivors public.people memo 1',
    ]),
  );
  const told = [inPsql.stderr, bySource.stdout, byDigests.stdout, fast.stdout, all.stdout, all.stderr].join('\n');
  for (const value of ['zoe', 'Canary', HEX_LOGIN, HEX_MEMBER, '5550001']) expect(told).not.toContain(value);
});

test('a shadow that is not complete, a key or a digest set that is not its own, and nothing to compare with are refused', async () => {
  const evidence = path.join(bench.folder, '.shapecast/evidence');
  const [name = ''] = fs.readdirSync(evidence).filter((file) => file.startsWith('shadow-digests-'));
  const text = fs.readFileSync(path.join(evidence, name), 'utf8');
  fs.writeFileSync(path.join(bench.folder, 'other.json'), text.replace(/"runId":"[^"]+"/, '"runId":"run-0"'));

  // What a server would say whose hashes are others.
  const otherHashes = text.replace(/"wordHash":"[^"]+"/, '"wordHash":"1"');
  fs.writeFileSync(path.join(bench.folder, 'hashes.json'), otherHashes);
  expect(otherHashes).not.toBe(text);
  const hashed = await verify(['--digests', 'hashes.json']);
  expect(hashed.stderr).toContain('SHADOW_HASHES_DIFFER');
  expect(hashed.status).not.toBe(0);

  const refused: readonly [string, readonly string[], NodeJS.ProcessEnv][] = [
    ['SHADOW_NOT_COMPARABLE', [], { MASKING_KEY: '' }],
    ['SHADOW_KEY_DIFFERS', [], { MASKING_KEY: OTHER_KEY }],
    ['SHADOW_NOT_COMPARABLE', ['--digests', 'other.json'], {}],
    ['SHADOW_NOT_COMPARABLE', [], { SHAPECAST_EVIDENCE_DIR: 'elsewhere' }],
    ['SHADOW_NOT_COMPLETE', [], { SHADOW_DATABASE_URL: urlOf('verify_source') }],
    ['SYNC_SAME_DATABASE', [], { PROD_REPLICA_URL: urlOf('verify_shadow') }],
    ['PRODUCTION_REFUSED', [], { NODE_ENV: 'production' }],
    ['HOST_REFUSED', [], { SHAPECAST_ALLOWED_HOSTS: 'elsewhere' }],
  ];
  for (const [code, argv, environment] of refused)
    expect(await verify(argv, environment)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(code) });
  onDatabase('verify_shadow', `update shapecast.shadow set state = 'running'`);
  const running = await verify();
  // Production with nobody in it: nothing of it could be found in any shadow.
  tool('createdb', ['verify_other']);
  const elsewhere = { SHADOW_DATABASE_URL: urlOf('verify_shadow'), PROD_REPLICA_URL: urlOf('verify_other') };
  onDatabase('verify_shadow', `update shapecast.shadow set state = 'complete'`);
  onDatabase('verify_other', SCHEMA.replaceAll(/insert into[^;]*;/g, ''));
  const other = await verify([], elsewhere);
  const onDemand = await verify(['--other-source', '--verbose'], elsewhere);
  onDatabase('verify_shadow', 'alter table shapecast.shadow drop column source_sha256');
  const old = await verify(['--verbose'], withSource);

  expect(running).toMatchObject({ status: 2, stderr: expect.stringContaining('SHADOW_NOT_COMPLETE') });
  expect(other).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('SHADOW_SOURCE_DIFFERS') });
  expect(onDemand).toMatchObject({ status: 0, stdout: expect.stringContaining('compared with ANOTHER DATABASE') });
  expect(onDemand.stdout).toContain('the source has no value to compare with');
  expect(old).toMatchObject({ status: 0, stdout: expect.stringContaining('made from is not known') });
});

test('a rule set to keep on a mail column fails naming the column, until somebody has reviewed it', async () => {
  const kept = RULES.replace('mail: { kind: fake, of: mail }', 'mail: keep');
  const review =
    'public.people:\n    reviewed: { mail: { finds: [mail], reason: made-up mails }, title: { finds: [form], reason: some have none } }';
  writeRules(`${RULES}\n`);
  const others = await verify(['--no-compare']);
  writeRules(kept);
  await sync({ MASKING_KEY: '' });
  const found = await verify([], withSource);
  const otherRules = kept.replace('public.people:', review);
  writeRules(otherRules.replace('reviewed: { mail:', 'reviewed: { male:'));
  const changed = await verify([], withSource);
  writeRules(otherRules);
  await sync({ MASKING_KEY: '' });
  const reviewed = await verify([], withSource);
  const printed = (await verify(['--print-sql'])).stdout;
  const inPsql = psql('verify_shadow', printed);
  onDatabase(
    'verify_shadow',
    `update public.people set title = case when mail like 'person1@%' then 'z@re.org' else 'Dr' end where mail ~ '^person[12]@'`,
  );
  const excused = await verify(['--all'], withSource);
  const excusedInPsql = psql('verify_shadow', printed);

  expect(others.stdout).toMatch(/^✗ structure .*\n✓ forms .*\n✓ detectors/);
  expect(found).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('✗ public.people.mail [keep]: a mail address (300)'),
  });
  expect(changed).toMatchObject({ status: 1, stdout: expect.stringContaining('made by other rules') });
  expect(changed.stdout).toContain('public.people.male: a reviewed column that is not in the shadow');
  expect(reviewed).toMatchObject({ status: 0, stdout: expect.stringContaining('reviewed: public.people.mail [keep]') });
  expect(inPsql.status).toBe(0);
  // What is excused from its form is looked at all the same.
  expect(excused.stdout).toContain(
    'reviewed: public.people.title [constant]: values that are not the constant (2): some have none',
  );
  expect(excused.stdout).toContain('✗ public.people.title [constant]: a mail address (1)');
  expect(excused.stdout).toContain('✗ public.people.title [constant]: values of the source');
  expect(excusedInPsql.stderr).toContain('public.people.title [constant]: a mail address');
});
