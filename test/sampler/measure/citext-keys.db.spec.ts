// Keys of a type that compares in its own way (citext): whoever is the same to the server's foreign key is the same to every measure.

import { withDatabase } from '../../support/database.ts';
import { finest, marginalOf, sampleOf } from './sampling.ts';

/** Two hundred people with a boss, three posts each, two comments a post; children spell their keys as `spelling` says. */
const schemaOf = (spelling: (key: string) => string) => `
create schema elsewhere;
create extension citext schema elsewhere;
create table public.people (
  mail elsewhere.citext primary key,
  boss elsewhere.citext references public.people,
  n int not null
);
create table public.posts (
  slug elsewhere.citext primary key,
  author elsewhere.citext references public.people,
  at timestamptz not null
);
create table public.comments (
  id int primary key,
  post elsewhere.citext not null references public.posts,
  words int not null
);
insert into public.people
select 'P' || n, ${spelling(`'P' || nullif(n / 4, 0)`)}, n % 10 from generate_series(1, 200) as n;
insert into public.posts
select 'S' || n, ${spelling(`'P' || (1 + n % 100)`)}, '2024-06-01 00:00+00'::timestamptz - n % 20 * interval '1 day'
from generate_series(1, 600) as n;
insert into public.comments
select n, ${spelling(`'S' || (1 + n % 600)`)}, n % 20 from generate_series(1, 1200) as n;
analyze;
`;

const policy = {
  subjects: ['public.people'],
  timeColumns: [{ table: 'public.posts', column: 'at' }],
  sentinels: [{ table: 'public.posts', column: 'author', value: '' as const }],
};

async function marginalsOf(spelling: (key: string) => string, windowDays: number | null) {
  return withDatabase(schemaOf(spelling), (url) => sampleOf(url, policy, { windowDays }));
}

test.each([null, 25])('keys in another case measure as the same keys, with a window of %s days', async (windowDays) => {
  const same = await marginalsOf((key) => key, windowDays);
  const other = await marginalsOf((key) => `case when n % 3 = 0 then lower(${key}) else ${key} end`, windowDays);

  const posts = finest(marginalOf(other, 'public.people', 'degree', 'public.posts(author)'));
  const depths = finest(marginalOf(other, 'public.people', 'depth', 'boss'));
  expect([...posts.keys()].some((degree) => degree > 2)).toBe(true);
  expect(depths.size).toBeGreaterThan(1);
  expect(other.structure).toEqual(same.structure);
  expect(other.marginals).toEqual(same.marginals);
});
