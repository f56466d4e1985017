// The few parents with very many children, on a real database: their pairs of siblings are counted and leave only where nobody stands out,
// and rows whose undeclared key no parent has are not taken for children of those few.
import type pg from 'pg';
import { placeOfBin } from '../sampler/protect/place-of-bin.ts';
import { binningOf } from '../spec/axis.ts';
import { calibrate } from '../spec/calibrate.ts';
import type { Marginal } from '../spec/pack.ts';
import type { Policy } from '../spec/policy.ts';
import { stepOfPairs } from '../spec/sibling-pairs.ts';
import { binOf } from '../stats/binning.ts';
import { marginalOf, sampleOf } from './sampler/measure/sampling.ts';
import { withDatabase } from './support/database.ts';

/** Person p has 20000 / (p + 5) visits; of the posts in a room nine of ten are by one writer; of ten notes six have a room that is not there. */
const ROWS = `
create table public.people (id int primary key);
create table public.rooms (id int primary key);
create table public.visits (id int primary key, person int references public.people);
create table public.posts (id int primary key, writer int references public.people, room int references public.rooms);
create table public.notes (id int primary key, room int);
insert into public.people select generate_series(1, 400);
insert into public.rooms select generate_series(1, 600);
insert into public.visits
select row_number() over (), p from generate_series(1, 400) as p, generate_series(1, (20000 / (p + 5))::int) as n;
insert into public.posts
select row_number() over (), case when n % 10 = 0 then 1 + (r * 7 + n * 11) % 400 else 1 end, r
from generate_series(1, 600) as r, generate_series(1, (3000 / (r + 10))::int) as n;
insert into public.notes
select n, case when n % 10 < 3 then n % 600 + 1 when n % 10 < 4 then null else 100000 + n end from generate_series(1, 5000) as n;
analyze;
`;

const POLICY: Partial<Policy> = {
  schemas: ['public'],
  subjects: ['public.people'],
  publicTables: ['public.rooms'],
  attribution: [
    { table: 'public.visits', columns: ['person'] },
    { table: 'public.posts', columns: ['writer'] },
  ],
  relationships: [{ table: 'public.notes', columns: ['room'], references: 'public.rooms', referencedColumns: ['id'] }],
};

/** Of the people whose number of visits no released cell holds. */
async function hiddenPairs(client: pg.Client, { axes, cells }: Marginal): Promise<number> {
  const [axis] = axes;
  if (axis === undefined) throw new Error('no axis');
  const placeOf = placeOfBin(binningOf(axis), cells);
  const { rows } = await client.query<{ n: number }>('select count(*)::int as n from public.visits group by person');
  return rows
    .filter(({ n }) => placeOf(binOf(binningOf(axis), 0, n)) === null)
    .reduce((sum, { n }) => sum + (n * (n - 1)) / 2, 0);
}

describe('the tail of degrees', () => {
  test('leaves as pairs of siblings, and orphans are no part of it', async () => {
    await withDatabase([ROWS], async (url, client) => {
      const pack = await sampleOf(url, POLICY);

      const visits = marginalOf(pack, 'public.people', 'degree', 'public.visits(person)');
      expect(visits.other).toBeGreaterThan(20);
      expect(visits.siblingPairs).toBe(stepOfPairs(await hiddenPairs(client, visits)));
      const posts = marginalOf(pack, 'public.rooms', 'degree', 'public.posts(room)');
      expect(posts.siblingPairs).toBeUndefined();
      const spec = calibrate(pack, { name: 'test', now: new Date('2024-06-15T10:00:00Z') });
      const [notes] = Object.values(spec.tables['public.notes']?.references ?? {});
      expect(notes?.nullFraction).toBeGreaterThan(0.65);
      expect(notes?.nullFraction).toBeLessThan(0.75);
    });
  });
});
