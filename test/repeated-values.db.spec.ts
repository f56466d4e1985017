// A table whose values repeat, from the sampler to the copy: as many different values, each in about as many rows.
import type pg from 'pg';
import { binOf, REPEAT_SUB_BITS } from '../stats/binning.ts';
import { createBench } from './cli/test-context.ts';
import { marginalOf, sampleOf } from './sampler/measure/sampling.ts';
import { withDatabase } from './support/database.ts';

const salt = { ANONYMIZATION_SALT: '3f4f3b8369027816d959d221fcc9e730d34145b64022c07f930b03577b164b2a' };
const TABLE = `create table orders (id serial primary key, total numeric(12, 2) not null, points int not null, batch timestamptz not null, day date not null, title text not null, tag text not null, device uuid not null)`;
// Prices of a few round values, points with gaps, hourly batches of unequal size, titles that many rows share.
const ROWS = `insert into orders (total, points, batch, day, title, tag, device)
select (array[99.99, 499.00, 1999.50, 24999.00])[1 + case when n % 10 < 6 then 0 when n % 10 < 8 then 1 when n % 10 < 9 then 2 else 3 end],
  10000 + 137 * (n % 40) * (n % 7), timestamptz '2024-01-01 00:00:07' + (n / (1 + n % 50)) / 20 * interval '1 hour', date '2024-03-01' + (n % 9) * 3,
  'title number ' || (sqrt(n)::int * 7919 % 100000), 'tag' || (n % 700), md5((n % 300)::text)::uuid
from generate_series(1, 6000) n`;
const COLUMNS = ['total', 'points', 'batch', 'day', 'title', 'tag', 'device'];

/** Rows of each value, the most frequent first. */
async function frequencies(client: pg.Client, column: string): Promise<number[]> {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int4 as n from public.orders group by ${column} order by 1 desc`,
  );
  return rows.map(({ n }) => n);
}

test('the copy has as many different values, and they are as frequent', async () => {
  const bench = createBench();
  const succeed = async (argv: readonly string[], environment: NodeJS.ProcessEnv = {}) => {
    const { status, stdout, stderr } = await bench.run(argv, environment);
    if (status !== 0) throw new Error(`${argv[0]} ended with ${status}: ${stdout} ${stderr}`);
    return stdout;
  };
  try {
    await withDatabase([TABLE, ROWS, 'analyze'], async (source, production) => {
      await succeed(['sample', '--source', source, '--output', 'pack.json', '--operator', 'me'], salt);
      await succeed(['calibrate', '--pack', 'pack.json', '--output', 'spec.yaml']);
      await withDatabase([TABLE], async (target, copy) => {
        await succeed(['generate', '--spec', 'spec.yaml', '--workers', '1', '--seed', 'a'], { DATABASE_URL: target });
        await succeed(['load'], { DATABASE_URL: target });
        for (const column of COLUMNS) {
          const real = await frequencies(production, column);
          const made = await frequencies(copy, column);
          expect([column, made.length / real.length]).toEqual([column, expect.closeTo(1, 1)]);
          expect(Math.abs(made.length / real.length - 1)).toBeLessThanOrEqual(0.05);
          const top = real.slice(0, 100);
          const difference = top.reduce((sum, n, rank) => sum + Math.abs(n - (made[rank] ?? 0)), 0) / 2 / 6000;
          expect([column, difference <= 0.02]).toEqual([column, true]);
        }
        const compared = JSON.parse(await succeed(['compare', '--pack', 'pack.json', '--target', target, '--json']));
        const repeats = compared.marginals.filter(({ axis }: { axis: string }) => axis.startsWith('repeat('));
        expect(repeats.map(({ axis }: { axis: string }) => axis).sort()).toEqual(COLUMNS.map((name) => `repeat(${name})`).sort());
      });
    });
  } finally {
    bench.remove();
  }
});

test('values that fewer than k units have are in no number of values', async () => {
  const setup = [
    'create table people (id int primary key)',
    'insert into people select generate_series(1, 300)',
    'create table visits (id serial primary key, person int not null references people, score int not null, note text)',
    // One person alone has the scores above a million, and the one note that repeats.
    `insert into visits (person, score, note) select n, n % 3, null from generate_series(1, 300) n`,
    `insert into visits (person, score, note) select 1, 1000000 + n % 5, 'mine' from generate_series(1, 400) n`,
  ];
  await withDatabase(setup, async (url) => {
    const pack = await sampleOf(url, { subjects: ['people'] });
    expect(marginalOf(pack, 'public.visits', 'repeat', 'score')).toMatchObject({
      total: 3,
      cells: [[0, binOf({ kind: 'count', subBits: REPEAT_SUB_BITS }, 0, 100), 3]],
      other: 0,
    });
    expect(marginalOf(pack, 'public.visits', 'number', 'score').distinct).toBeUndefined();
    expect(pack.marginals.some(({ axes: [axis] }) => axis?.kind === 'repeat' && axis.column === 'note')).toBe(false);
  });
});
