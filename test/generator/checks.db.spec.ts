// CHECKs of every understood form, on a real server that has them in place while the rows come in; and those that cannot be met.
import type pg from 'pg';
import { ShapecastError } from '../../core/errors.ts';
import { generate, planOnly } from '../../generator/generate.ts';
import type { GenerateOptions } from '../../generator/generate-options.ts';
import { parseSpec } from '../../spec/spec.ts';
import { withDatabase } from '../support/database.ts';

const tableSql = `
create type public.mood as enum ('sad', 'ok', 'happy');
create domain public.cents as numeric(12, 2) check (value >= 0 and value < 1000);
create domain public.good_mood as public.mood check (value <> 'sad');
create table public.t (
  id int primary key check (id > 0),
  amount public.cents not null,
  "Odd Name" int check ("Odd Name" between 3 and 9 or "Odd Name" in (20, 22)),
  ratio float8 check (ratio > 0 and ratio <= 1),
  status text check (status in ('open', 'clo''sed', 'late')),
  level varchar(10) not null check (level in ('low', 'mid', 'high')),
  feeling public.good_mood,
  name text check (length(name) between 5 and 8),
  title text check (title <> ''),
  flag boolean check (flag),
  must text check (must is not null),
  born date check (born >= '2023-01-10' and born < '2023-02-01'),
  start_at timestamptz, end_at timestamptz check (end_at > '2023-01-01 05:30:00+00'), closed_at timestamptz,
  low int check (low >= 10), middle int, high int check (high < 14),
  price numeric(10, 2), discount numeric(10, 2) check (discount >= 0),
  check (start_at < end_at and end_at <= closed_at),
  check (low < middle and middle < high),
  check (discount is null or price >= discount)
);
create table public.child (id int primary key, t_id int not null references public.t, seen_at timestamptz not null);
`;

const calendar = { kind: 'bins', bins: [['2022-12-01', '2023-03-01', 1]] };
const normal = (mean: number, standardDeviation: number) => ({ family: 'normal', mean, standardDeviation });
const columns = {
  id: { kind: 'sequence' },
  amount: { kind: 'number', decimals: 2, distribution: normal(0, 600) },
  'Odd Name': { kind: 'number', distribution: normal(5, 10), nullFraction: 0.1 },
  ratio: { kind: 'number', decimals: 4, distribution: normal(0.5, 1) },
  status: {
    kind: 'category',
    values: [
      { label: 'open', weight: 5 },
      { token: '0123456789abcdef', weight: 3 },
      { token: '1123456789abcdef', weight: 2 },
      { token: '2123456789abcdef', weight: 1 },
    ],
    other: { weight: 2, length: normal(6, 1) },
    nullFraction: 0.2,
  },
  level: { kind: 'text', length: normal(6, 2) },
  feeling: { kind: 'category', values: ['sad', 'ok', 'happy'].map((label) => ({ label, weight: 1 })) },
  name: { kind: 'text', length: normal(6, 5) },
  title: { kind: 'text', length: normal(0, 1) },
  flag: { kind: 'boolean', trueFraction: 0.5 },
  must: { kind: 'text', length: normal(9, 1), nullFraction: 0.5 },
  born: { kind: 'time', calendar },
  start_at: { kind: 'time', calendar, nullFraction: 0.1 },
  end_at: { kind: 'time', calendar, nullFraction: 0.1 },
  closed_at: { kind: 'time', calendar, resolution: 'day', nullFraction: 0.1 },
  low: { kind: 'number', distribution: normal(12, 4) },
  middle: { kind: 'number', distribution: normal(12, 4) },
  high: { kind: 'number', distribution: normal(12, 4) },
  price: { kind: 'number', decimals: 2, distribution: normal(10, 5) },
  discount: { kind: 'number', decimals: 2, distribution: normal(10, 5) },
};

const child = {
  rows: { follows: 'parent' },
  references: {
    parent: { columns: ['t_id'], table: 'public.t', to: ['id'], fanOut: { family: 'constant', value: 2 } },
  },
  columns: {
    id: { kind: 'sequence' },
    seen_at: { kind: 'delay', reference: 'parent', column: 'end_at', seconds: { family: 'constant', value: 60 } },
  },
};

function optionsFor(url: string, tables: Record<string, unknown>): GenerateOptions {
  const spec = { format: 'shapecast-spec', version: 1, name: 'checks', bands: { dev: { scale: 1 } }, tables };
  return {
    spec: parseSpec(JSON.stringify(spec), 'spec.yaml'),
    band: 'dev',
    seed: 'one',
    target: { kind: 'postgres', url },
    workers: 1,
    operator: 'test',
  };
}

async function one(client: pg.Client, sql: string): Promise<unknown> {
  const { rows } = await client.query<{ x: unknown }>(sql);
  return rows[0]?.x;
}

/** The faults that a dry run finds. */
async function faultsOf(sql: string, tables: Record<string, unknown>): Promise<string[]> {
  return withDatabase(sql, async (url, client) => {
    const error: unknown = await planOnly(optionsFor(url, tables)).catch((reason: unknown) => reason);
    const left = await client.query(`select from pg_class where relname = 'shapecast_sample'`);
    expect(left.rowCount).toBe(0);
    if (!(error instanceof ShapecastError)) throw error;
    expect(error.code).toBe('PLAN_IMPOSSIBLE');
    return (error.data as { problems: { path: string; message: string }[] }).problems.map(
      ({ path, message }) => `${path}: ${message}`,
    );
  });
}

test('rows meet every understood check, at two sizes, and a child sees the value that was put in order', async () => {
  for (const count of [40, 6000]) {
    await withDatabase(tableSql, async (url, client) => {
      const withoutEnd = { ...columns, end_at: { ...columns.end_at, nullFraction: 0 } };

      await generate(optionsFor(url, { 'public.t': { rows: { count }, columns: withoutEnd }, 'public.child': child }));

      expect(await one(client, 'select count(*)::int as x from public.t')).toBe(count);
      expect(
        await one(
          client,
          `select count(*)::int as x from public.child c join public.t on t.id = c.t_id where c.seen_at = t.end_at + interval '60 s'`,
        ),
      ).toBe(count * 2);
      const labels = await one(
        client,
        'select array_agg(distinct status order by status) as x from public.t where status is not null',
      );
      expect(labels).toEqual(["clo'sed", 'late', 'open']);
      expect(await one(client, 'select count(distinct amount) > 20 as x from public.t')).toBe(true);
      expect(await one(client, 'select count(distinct level)::int as x from public.t')).toBe(3);
    });
  }
});

test('nulls stay null and take no part in the order', async () => {
  await withDatabase(tableSql, async (url, client) => {
    await generate(optionsFor(url, { 'public.t': { rows: { count: 2000 }, columns } }));

    const found = await one(
      client,
      'select array[count(*) - count(start_at), count(*) - count(end_at), count(*) - count(must)]::int[] as x from public.t',
    );
    expect(found).toEqual([200, 200, 0]);
  });
});

test('names what cannot be met, with its columns and the way out, before any row', async () => {
  const sql = `create table public.t (id int primary key, a int not null, b int, s text, k text not null default 'x',
    constraint odd check (a % 2 = 1), constraint shape check (s ~ '^[0-9]+$'), constraint fine check (a + 0 < 1000),
    constraint computed check (10 / a > 0), constraint of_server check (k = 'never'));
    create unique index by_lower on public.t (lower(s), (b % 10)) where b is not null;`;
  const tables = {
    'public.t': {
      rows: { count: 5000 },
      columns: {
        id: { kind: 'sequence' },
        a: { kind: 'number', distribution: { family: 'uniform', min: 0, max: 9 } },
        b: { kind: 'number', isUnique: true, distribution: { family: 'uniform', min: 1, max: 5000 }, nullFraction: 0.5 },
        s: { kind: 'category', values: [{ label: 'secret', weight: 1 }] },
      },
    },
  };

  const faults = await faultsOf(sql, tables);

  expect(faults).toEqual([
    'tables.public.t.checks.computed: cannot be computed for the sample rows: a value does not fit its type',
    expect.stringMatching(
      /^tables\.public\.t\.checks\.odd: \d+ of 2000 sample rows break it \(column a\): give a column a constant or another distribution in the spec, or drop the check before loading$/,
    ),
    expect.stringMatching(/^tables\.public\.t\.checks\.shape: 2000 of 2000 sample rows break it \(column s\)/),
    expect.stringMatching(
      /^tables\.public\.t\.indexes\.by_lower: \d+ of 2000 sample rows repeat a value of this unique index \(columns b, s\): set isUnique for the column in the spec, or drop the index before loading$/,
    ),
  ]);
  expect(faults.join()).not.toContain('secret');
});

test('names checks that contradict each other, and keys and constants that a check refuses', async () => {
  const sql = `create table public.t (id int primary key constraint small check (id <= 10), a int constraint low check (a < 5),
    b int constraint high check (b > 9), c text constraint listed check (c in ('x', 'y')), d numeric(5, 2) constraint narrow check (d > 0 and d < 1),
    constraint ordered check (a > b))`;
  const tables = {
    'public.t': {
      rows: { count: 20 },
      columns: {
        id: { kind: 'sequence' },
        a: { kind: 'number', distribution: { family: 'constant', value: 1 } },
        b: { kind: 'number', distribution: { family: 'constant', value: 10 } },
        c: { kind: 'constant', value: 'z' },
        d: { kind: 'number', distribution: { family: 'constant', value: 1 } },
      },
    },
  };

  const faults = await faultsOf(sql, tables);

  expect(faults.filter((fault) => fault.includes('.checks.'))).toEqual([
    expect.stringMatching(
      /^tables\.public\.t\.checks\.ordered: with the other checks of the table it leaves no value for column [ab]: drop one/,
    ),
    expect.stringMatching(
      /^tables\.public\.t\.checks\.ordered: with the other checks of the table it leaves no value for column [ab]: drop one/,
    ),
  ]);
  expect(faults).toContain(
    "tables.public.t.columns.id: keys from 1 to 20 are not all allowed by the target's check small: change start or step",
  );
  expect(faults).toContain("tables.public.t.columns.c: the constant is not allowed by the target's check listed");
  expect(faults).toContain(
    "tables.public.t.columns.d: no value with 0 decimals is allowed by the target's check narrow: set other decimals",
  );
});
