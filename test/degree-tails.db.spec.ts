// The few parents with very many children, on a real database: their pairs of siblings are counted and leave only where nobody stands out,
// and rows whose undeclared key no parent has are not taken for children of those few.
import type pg from 'pg';
import { calibrate } from '../spec/calibrate.ts';
import type { Policy } from '../spec/policy.ts';
import { stepOfPairs } from '../spec/sibling-pairs.ts';
import { marginalOf, sampleOf } from './sampler/measure/sampling.ts';
import { withDatabase } from './support/database.ts';

/** Room r has 3000 / r posts, by turns from 50 writers or, in `loud`, nine of ten from one. */
const ROWS = `
create table public.people (id int primary key);
create table public.rooms (id int primary key);
create table public.posts (id int primary key, writer int references public.people, room int references public.rooms);
create table public.loud (id int primary key, writer int references public.people, room int references public.rooms);
create table public.notes (id int primary key, room int);
insert into public.people select generate_series(1, 200);
insert into public.rooms select generate_series(1, 600);
insert into public.posts
select row_number() over (), 1 + (r * 7 + n * 11) % 200, r
from generate_series(1, 600) as r, generate_series(1, (3000 / (r + 10))::int) as n;
insert into public.loud select id, case when id % 10 = 0 then writer else 1 end, room from public.posts;
insert into public.notes
select n, case when n % 10 < 3 then n % 600 + 1 when n % 10 < 4 then null else 100000 + n end from generate_series(1, 5000) as n;
analyze;
`;

const POLICY: Partial<Policy> = {
  schemas: ['public'],
  subjects: ['public.people'],
  publicTables: ['public.rooms'],
  attribution: [
    { table: 'public.posts', columns: ['writer'] },
    { table: 'public.loud', columns: ['writer'] },
  ],
  relationships: [{ table: 'public.notes', columns: ['room'], references: 'public.rooms', referencedColumns: ['id'] }],
};

async function pairsAbove(client: pg.Client, least: number): Promise<number> {
  const { rows } = await client.query<{ pairs: string }>(
    `select sum(n * (n - 1) / 2) as pairs from (select count(*) as n from public.posts group by room having count(*) >= ${least}) as d`,
  );
  return Number(rows[0]?.pairs);
}

describe('the tail of degrees', () => {
  test('leaves as pairs of siblings, and orphans are no part of it', async () => {
    await withDatabase([ROWS], async ({ client, url }) => {
      const pack = await sampleOf(url, POLICY);

      const posts = marginalOf(pack, 'public.rooms', 'degree', 'public.posts(room)');
      const all = await pairsAbove(client, 0);
      expect(posts.other).toBeGreaterThanOrEqual(0);
      if (posts.siblingPairs !== undefined) {
        expect(stepOfPairs(posts.siblingPairs)).toBe(posts.siblingPairs);
        expect(posts.siblingPairs).toBeLessThanOrEqual(all);
      }
      const loud = marginalOf(pack, 'public.rooms', 'degree', 'public.loud(room)');
      expect(loud.siblingPairs).toBeUndefined();
      console.log(JSON.stringify([posts.other, posts.siblingPairs, all, loud.other, loud.cells.length]));
      const spec = calibrate(pack, { name: 'test', now: new Date('2024-06-15T10:00:00Z') });
      const notes = Object.values(spec.tables['public.notes']?.references ?? {})[0];
      console.log(JSON.stringify(notes));
      expect(notes?.nullFraction).toBeGreaterThan(0.65);
      expect(notes?.nullFraction).toBeLessThan(0.75);
    });
  });
});
