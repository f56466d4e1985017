// A table with a column of every type, the whole way: sampled, calibrated, generated, loaded and compared. The source is written by
// SQL alone, so nothing of the generator is in it.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { generate } from '../../../generator/generate.ts';
import { load } from '../../../loader/load.ts';
import { calibrate } from '../../../spec/calibrate.ts';
import { comparePacks } from '../../../spec/compare.ts';
import { parseSpec, type Spec } from '../../../spec/spec.ts';
import { formatSpec } from '../../../spec/spec-text.ts';
import { sampleOf } from '../../sampler/measure/sampling.ts';
import { withDatabase } from '../../support/database.ts';

const SIZE = 4000;
const KEY = 'public.everything';

const schema = `
create extension citext with schema public;
create type public.mood as enum ('ok', 'bad');
create domain public.tags as text[];
create domain public.duration as interval check (value > interval '-1 day');
create table public.everything (
  id text primary key,
  "nano" varchar(30) not null unique,
  "code" char(8) not null unique,
  "time ordered" uuid not null unique,
  random uuid,
  opens time,
  at_zone timetz not null,
  lasts interval not null,
  waits duration,
  picture bytea,
  digest bytea not null,
  "doc" jsonb not null,
  raw json,
  ints int4[] not null,
  amounts numeric(8,2)[],
  doubles float8[],
  singles float4[],
  flags bool[] not null,
  words text[],
  tags tags,
  moods mood[],
  days date[],
  keys uuid[],
  codes varchar(4)[],
  amount numeric(12,3) not null,
  big numeric(30,0),
  thousands numeric(5,-3),
  free numeric,
  ratio float8,
  single float4,
  fixed char(9),
  who name not null,
  letter "char" not null,
  mail public.citext not null unique,
  slug public.citext unique,
  address inet,
  price money not null,
  search tsvector not null,
  place point,
  reach int4range
);
`;

const rows = `
insert into public.everything
select
  '01' || upper(lpad(to_hex(n), 8, '0')) || upper(substr(md5(n::text), 1, 16)),
  left(translate(encode(sha256(n::text::bytea), 'base64'), '+/=', '-_x'), 21),
  lpad((n * 7919 % 99999989)::text, 8, '0'),
  ('018f0000-' || lpad(to_hex(n), 4, '0') || '-7' || substr(md5(n::text), 1, 3) || '-8' || substr(md5(n::text), 4, 3) || '-' || substr(md5(n::text), 7, 12))::uuid,
  case when n % 10 > 0 then gen_random_uuid() end,
  case when n % 4 > 0 then time '00:00' + (n * 37 % 96) * interval '15 minutes' end,
  timetz '00:00+00' + (n * 7919 % 86400) * interval '1 second',
  make_interval(days => n % 2, secs => sqrt(n) * 1.2345678),
  case when n % 2 = 0 then (n % 50) * interval '1 day' end,
  case when n % 5 > 0 then decode(repeat(md5(n::text), n % 7), 'hex') end,
  sha256(n::text::bytea),
  case n % 10
    when 0 then to_jsonb(n)
    when 1 then jsonb_build_array(n, md5(n::text))
    else (select jsonb_object_agg('key' || k, md5((k + n)::text)) from generate_series(1, 1 + n % 6) as k)
  end,
  case n % 8
    when 0 then null
    when 1 then '{"\\u0000": "\\ud800", "b": 1}'
    when 2 then '[{"a": 1}]'
    when 3 then 'null'
    when 4 then '{"a":1,"a":2,"c":"\\\\u0000"}'
    else json_build_object('a', n, 'b', repeat('x', n % 90))
  end,
  array(select k from generate_series(1, n % 6) as k),
  case when n % 2 = 0 then array(select k * 1.5 from generate_series(1, n % 4) as k) end,
  array[n / 7.0, 1e-9],
  array[n / 7.0],
  array[n % 2 = 0],
  case when n % 3 > 0 then array[md5(n::text), null, 'null', 'a "quoted", one'] end,
  array['x'],
  array['ok', 'bad']::mood[],
  array[date '2024-01-01' + n],
  array[[gen_random_uuid(), gen_random_uuid()], [gen_random_uuid(), gen_random_uuid()]],
  array['abcd', 'ab'],
  (n * 7919 % 1000000) / 1000.0,
  case when n % 100 = 0 then 123456789012345678901234567890 else n * 1000 end,
  n % 900 * 1000,
  n / 3.0,
  sqrt(n),
  n / 8.0,
  left(md5(n::text), 1 + n % 9),
  'role_' || n % 100,
  chr(97 + n % 5)::"char",
  'Person' || n || '@example.org',
  md5(n::text)::citext,
  '10.0.0.1',
  12.5,
  to_tsvector('simple', 'some words'),
  point(1, 2),
  int4range(1, n + 2)
from generate_series(1, ${SIZE}) as n;
analyze public.everything;
`;

/** A constant for every type that no builder makes, as the refusal says. */
function withConstants(spec: Spec): Spec {
  const table = spec.tables[KEY];
  if (table === undefined) throw new Error('the spec has no such table');
  const constants: Record<string, string | null> = {
    price: '12.50',
    search: '',
    place: '(0,0)',
    address: '10.0.0.1',
    reach: '[1,5)',
  };
  const columns = Object.entries(table.columns).map(([name, column]) =>
    column.kind === 'unsupported' ? [name, { kind: 'constant', value: constants[name] ?? null }] : [name, column],
  );
  return { ...spec, tables: { [KEY]: { ...table, columns: Object.fromEntries(columns) } } };
}

function kindsOf(spec: Spec): Record<string, string> {
  return Object.fromEntries(Object.entries(spec.tables[KEY]?.columns ?? {}).map(([name, { kind }]) => [name, kind]));
}

test('every type comes out shaped like it went in, and holds in the server as generated', async () => {
  const pack = await withDatabase([schema, rows], (url) => sampleOf(url));
  const calibrated = calibrate(pack, { name: 'types', now: new Date('2026-01-01T00:00:00Z') });
  const spec = parseSpec(formatSpec(withConstants(calibrated)), 'spec.yaml');

  expect(kindsOf(calibrated)).toMatchObject({
    id: 'id',
    nano: 'id',
    code: 'id',
    'time ordered': 'uuid',
    random: 'uuid',
    opens: 'number',
    at_zone: 'number',
    lasts: 'number',
    waits: 'number',
    picture: 'bytes',
    doc: 'json',
    raw: 'json',
    ints: 'array',
    tags: 'array',
    moods: 'array',
    codes: 'array',
    who: 'category',
    letter: 'category',
    mail: 'text',
    slug: 'id',
    address: 'unsupported',
    price: 'unsupported',
    search: 'unsupported',
    place: 'unsupported',
    reach: 'unsupported',
  });
  expect(calibrated.tables[KEY]?.columns['time ordered']).toMatchObject({ version: 7 });
  expect(calibrated.tables[KEY]?.columns.id).toMatchObject({ prefix: '01', length: 26, order: 'row' });

  await withDatabase('', async (url, client) => {
    const options = {
      spec,
      band: 'dev',
      seed: 'types',
      target: { kind: 'postgres', url },
      workers: 1,
      operator: 'test',
    } as const;
    const unmade = { ...options, spec: calibrated, createSql: schema };
    await expect(generate(unmade)).rejects.toMatchObject({ code: 'PLAN_IMPOSSIBLE', data: { problems: { length: 5 } } });
    const report = await generate({ ...options, createSql: schema });
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'types-'));
    const record = await load({ url, report, schema: null, operator: 'test', print: () => {}, recordFolder: folder });
    fs.rmSync(folder, { recursive: true });
    const comparison = comparePacks(pack, await sampleOf(url, {}, { shape: pack }));

    expect(record.verdicts.filter(({ passed }) => !passed)).toEqual([]);
    expect(comparison.missing).toEqual([]);
    // How often values repeat is told and not judged (spec/compare.ts).
    const judged = comparison.marginals.filter(({ axis }) => !axis.startsWith('repeat('));
    expect(judged.filter(({ totalVariation, floor }) => totalVariation > 0.05 + floor)).toEqual([]);
    expect(comparison.tables[0]).toMatchObject({ candidateRows: SIZE, isOk: true });
    const { rows: found } = await client.query(`select
        bool_and(opens is null or extract(epoch from opens) % 60 = 0) as "wholeMinutes",
        bool_and(waits is null or extract(epoch from waits) % 86400 = 0) as "wholeDays",
        count(distinct search)::int as searches
      from public.everything`);
    expect(found[0]).toEqual({ wholeMinutes: true, wholeDays: true, searches: 1 });
  });
}, 120_000);
