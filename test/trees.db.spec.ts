// Trees from end to end: a table that points at itself is measured, calibrated and generated, at its own size and at five times.
import type pg from 'pg';
import { generate } from '../generator/generate.ts';
import { calibrate } from '../spec/calibrate.ts';
import { comparePacks } from '../spec/compare.ts';
import type { Pack } from '../spec/pack.ts';
import { parseSpec } from '../spec/spec.ts';
import { formatSpec } from '../spec/spec-text.ts';
import { finest, marginalOf, sampleOf } from './sampler/measure/sampling.ts';
import { withDatabase } from './support/database.ts';

/** Threads: roots are NULL. Places: roots point at themselves, and nothing may be NULL. Staff: one root, and depth by rank. */
const SCHEMA = `
create table public.comments (
  id bigint primary key,
  "replyTo" bigint references public.comments (id),
  score int not null
);
create table public.places (
  code text primary key,
  within text not null references public.places (code)
);
create table public.staff (
  id uuid primary key,
  boss uuid references public.staff (id),
  "mentor" uuid references public.staff (id)
);
`;

/** A number in [0, 1) from two texts. */
const CHANCE = `create function pg_temp.chance(text, int) returns float8 language sql
  as 'select (hashtextextended($1 || $2, 0) & 1048575) / 1048576.0'`;

const ROWS = `
${CHANCE};
insert into public.comments
select
  n,
  case when pg_temp.chance('root', n) < 0.3 or n = 1 then null else 1 + floor((n - 1) * pg_temp.chance('reply', n) ^ 0.8) end,
  n % 7
from generate_series(1, 6000) as n;
insert into public.places
select
  'place ' || n,
  'place ' || case when n <= 40 then n else 1 + floor((n - 1) * pg_temp.chance('within', n) ^ 2) end
from generate_series(1, 4000) as n;
insert into public.staff
select
  md5('staff ' || n)::uuid,
  case when n > 1 then md5('staff ' || (2 + (n - 2 + 6) / 8 - 1))::uuid end,
  case when pg_temp.chance('mentor', n) < 0.2 and n > 1 then md5('staff ' || (n - 1))::uuid end
from generate_series(1, 3000) as n;
analyze;
`;

const TREES = [
  { table: 'comments', id: 'id', parent: 'replyTo' },
  { table: 'places', id: 'code', parent: 'within' },
  { table: 'staff', id: 'id', parent: 'boss' },
  { table: 'staff', id: 'id', parent: 'mentor' },
];

/** depth -> rows, by a walk from the roots. */
async function depthsInSql(client: pg.Client, { table, id, parent }: (typeof TREES)[number]): Promise<Map<number, number>> {
  const { rows } = await client.query<{ depth: number; count: string }>(`
    with recursive walk as (
      select "${id}" as node, 0 as depth from public.${table} where "${parent}" is null or "${parent}" = "${id}"
      union all
      select c."${id}", w.depth + 1 from walk w join public.${table} c on c."${parent}" = w.node and c."${parent}" <> c."${id}"
    )
    select depth, count(*) from walk group by depth order by depth`);
  return new Map(rows.map(({ depth, count }) => [depth, Number(count)]));
}

function sum(counts: Map<number, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

async function samplePacks(url: string): Promise<Pack> {
  return sampleOf(url, {}, {});
}

describe('depths', () => {
  test('are counted for every row, whatever the roots look like', async () => {
    await withDatabase([SCHEMA, ROWS], async (url, client) => {
      const pack = await sampleOf(url, {}, { withoutThreshold: true });

      for (const tree of TREES) {
        const depths = marginalOf(pack, `public.${tree.table}`, 'depth', tree.parent);
        expect(finest(depths)).toEqual(await depthsInSql(client, tree));
        expect(depths.other).toBe(0);
      }
    });
  });

  test('leave rows in circles and what hangs on them in other, and end', async () => {
    const circles = `
      create table t (id int primary key, up int references t (id), person int not null);
      insert into t select n, null, n from generate_series(1, 50) as n;
      insert into t select 100 + n, n, n from generate_series(1, 30) as n;
      insert into t values (201, null, 1), (202, 201, 1), (203, 202, 1);
      update t set up = 203 where id = 201;
      insert into t values (204, 203, 1);
    `;
    await withDatabase(circles, async (url) => {
      const depths = marginalOf(await sampleOf(url, {}, { withoutThreshold: true }), 'public.t', 'depth', 'up');

      expect(finest(depths)).toEqual(
        new Map([
          [0, 50],
          [1, 30],
        ]),
      );
      expect({ other: depths.other, total: depths.total }).toEqual({ other: 4, total: 84 });
    });
  });

  test('are walked inside the window only: below a parent that is too old a row has none', async () => {
    const old = `
      create table t (id int primary key, up int references t (id), at timestamptz not null);
      insert into t select n, null, '2024-06-01' from generate_series(1, 40) as n;
      insert into t select 100 + n, n, '2024-06-02' from generate_series(1, 30) as n;
      insert into t select 200 + n, null, '2020-01-01' from generate_series(1, 25) as n;
      insert into t select 300 + n, 200 + n, '2024-06-03' from generate_series(1, 25) as n;
    `;
    const timeColumns = [{ table: 'public.t', column: 'at' }];
    await withDatabase(old, async (url) => {
      const pack = await sampleOf(url, { timeColumns }, { withoutThreshold: true, windowDays: 30 });
      const depths = marginalOf(pack, 'public.t', 'depth', 'up');

      expect(finest(depths)).toEqual(
        new Map([
          [0, 40],
          [1, 30],
        ]),
      );
      expect({ other: depths.other, total: depths.total }).toEqual({ other: 25, total: 95 });
    });
  });

  test('of fewer than k people are folded', async () => {
    const people = `
      create table person (id int primary key);
      create table note (id int primary key, up int references note (id), person_id int not null references person (id));
      insert into person select generate_series(1, 60);
      insert into note select n, null, n from generate_series(1, 60) as n;
      insert into note select 100 + n, n, n from generate_series(1, 60) as n;
      insert into note select 200 + n, 100 + n, 1 + n % 3 from generate_series(1, 60) as n;
    `;
    await withDatabase(people, async (url) => {
      const pack = await sampleOf(url, { subjects: ['public.person'] });
      const depths = marginalOf(pack, 'public.note', 'depth', 'up');

      expect(depths.cells.filter(([, bin]) => bin === 2)).toEqual([]);
      expect(depths.total).toBe(180);
    });
  });

  test('of a virtual reference follow sentinels, and count a row that several parents share once', async () => {
    const virtual = `
      create table t (id int not null, up int not null);
      insert into t select n, 0 from generate_series(1, 40) as n;
      insert into t select n, 0 from generate_series(1, 5) as n;
      insert into t select 100 + n, n from generate_series(1, 30) as n;
    `;
    const relationships = [{ table: 'public.t', columns: ['up'], references: 'public.t', referencedColumns: ['id'] }];
    const sentinels = [{ table: 'public.t', column: 'up', value: 0 as const }];
    await withDatabase(virtual, async (url) => {
      const pack = await sampleOf(url, { relationships, sentinels }, { withoutThreshold: true });
      const depths = marginalOf(pack, 'public.t', 'depth', 'up');

      expect(finest(depths)).toEqual(
        new Map([
          [0, 45],
          [1, 30],
        ]),
      );
    });
  });
});

describe('a generated tree', () => {
  test.each([1, 5])('has the depth and the branching of its production, and no circle, at x%d', async (scale) => {
    const pack = await withDatabase([SCHEMA, ROWS], samplePacks);
    const text = formatSpec(calibrate(pack, { name: 'trees', now: new Date('2024-06-15T00:00:00Z') }));

    await withDatabase('', async (url, client) => {
      const report = await generate({
        spec: parseSpec(text, 'trees.yaml'),
        band: 'dev',
        seed: 'trees',
        scale,
        target: { kind: 'postgres', url },
        createSql: SCHEMA,
        workers: 1,
        operator: 'test',
      });
      const comparison = comparePacks(pack, await sampleOf(url, {}, { shape: pack }));

      const rows = new Map(report.tables.map((table) => [table.name, table.rows]));
      expect(rows).toEqual(
        new Map([
          ['public.comments', 6000 * scale],
          ['public.places', 4000 * scale],
          ['public.staff', 3000 * scale],
        ]),
      );
      for (const tree of TREES) expect(sum(await depthsInSql(client, tree))).toBe(rows.get(`public.${tree.table}`));
      const figures = comparison.marginals.filter(({ axis }) => axis.startsWith('depth') || axis.startsWith('degree'));
      expect(figures.map(({ table, axis }) => `${table} ${axis}`)).toHaveLength(2 * TREES.length);
      for (const { table, axis, totalVariation } of figures)
        expect({ table, axis, totalVariation: totalVariation <= 0.05 ? 'small' : totalVariation }).toEqual({
          table,
          axis,
          totalVariation: 'small',
        });
      const roots = await client.query('select count(*)::int as n from public.staff where boss is null');
      expect(roots.rows).toEqual([{ n: scale }]);
      const { rowCount } = await client.query(`select from pg_constraint where contype = 'f' and convalidated`);
      expect(rowCount).toBe(TREES.length);
    });
  });
});
