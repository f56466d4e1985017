// The joint model the whole way: a small production whose columns, degrees, parents, times and heap all depend on each other is sampled,
// calibrated and generated, and plain SQL measures both. The same spec without its marginals shows that columns by themselves would fail.
import type pg from 'pg';
import { withClient } from '../postgres/connect.ts';
import { policySchema } from '../spec/policy.ts';
import type { Spec } from '../spec/spec.ts';
import { withDatabase } from './support/database.ts';
import { calibrateDatabase, fillDatabase, readSpec } from './support/pipeline.ts';

const SCHEMA = `
create table public.users (
  id bigint primary key,
  reputation int not null,
  joined timestamptz not null,
  about text
);
create table public.posts (
  id bigint primary key,
  owner bigint not null references public.users (id),
  editor bigint references public.users (id),
  kind text not null,
  score int not null,
  body text not null,
  written timestamptz not null
);
create table public.comments (
  id bigint primary key,
  post bigint not null references public.posts (id),
  author bigint not null references public.users (id),
  score int not null,
  written timestamptz not null
);
create index on public.posts (owner);
create index on public.posts (written);
create index on public.comments (post);
create index on public.comments (author);
`;

/** A number in [0, 1) from a text and a number, the same on every run. */
const CHANCE = `create function pg_temp.chance(text, bigint) returns float8 language sql
  as 'select (hashtextextended($1 || $2, 0) & 1048575) / 1048576.0'`;

// Some write much and others hardly: user 1 + 1237 n mod 3000, so that it does not follow the heap. Reputation follows posts, a post's score its
// owner's reputation, its kind its length. Comments come minutes after their posts, by those who also write posts.
const ROWS = `
${CHANCE};
create temp table writers as
select
  n as post,
  1 + (floor(3000 * pg_temp.chance('owner', n) ^ 2.5)::int * 1237) % 3000 as owner,
  timestamptz '2024-01-01' + n * interval '45 minutes' + pg_temp.chance('minute', n) * interval '30 minutes' as written
from generate_series(1, 10000) as n;
insert into public.users
select
  u,
  1 + floor(12 * coalesce(posts, 0) * (0.6 + 0.8 * pg_temp.chance('reputation', u)) + 5 * pg_temp.chance('rest', u))::int,
  timestamptz '2023-01-01' + u * interval '3 hours',
  case when pg_temp.chance('about', u) < 0.1 + least(0.8, coalesce(posts, 0) / 12.0) then repeat('x', 20 + (u % 60)::int) end
from generate_series(1, 3000) as u left join (select owner, count(*) as posts from writers group by owner) as w on w.owner = u
order by u;
insert into public.posts
select
  post,
  owner,
  case
    when pg_temp.chance('edited', post) < 0.4 then case
      when pg_temp.chance('self', post) < 0.7 then owner
      else 1 + floor(3000 * pg_temp.chance('editor', post))::int
    end
  end,
  case when length < 120 then 'note' when length < 400 then 'answer' else 'question' end,
  floor(ln(reputation) * 3 + 4 * pg_temp.chance('score', post))::int - 4,
  repeat('y', length),
  written
from (
  select w.*, u.reputation, (40 + 900 * pg_temp.chance('length', post) ^ 3 * case when reputation > 100 then 1 else 0.6 end)::int as length
  from writers as w join public.users as u on u.id = w.owner
) as made
order by post;
insert into public.comments
select
  row_number() over (order by written),
  post,
  author,
  score,
  written
from (
  select
    post,
    1 + (floor(3000 * pg_temp.chance('author', n) ^ 2.5)::int * 1237) % 3000 as author,
    floor(pg_temp.chance('comment', n) ^ 3 * 8)::int as score,
    p.written + (60 + 7000 * pg_temp.chance('later', n) ^ 3) * interval '1 second' as written
  from (select n, 1 + floor(10000 * pg_temp.chance('post', n))::int as post from generate_series(1, 8000) as n) as c
  join writers as p using (post)
) as made
order by written;
`;

const POLICY = policySchema.parse({
  subjects: ['public.users'],
  attribution: [
    { table: 'public.posts', columns: ['owner'] },
    { table: 'public.comments', columns: ['author'] },
  ],
  k: 10,
});

/** One number each. Ranks where a few large values would decide. */
const MEASURES = {
  reputationByPosts: `
    select corr(r, p) as value from (
      select rank() over (order by reputation) as r, rank() over (order by posts) as p
      from (select reputation, (select count(*) from public.posts where owner = u.id) as posts from public.users as u) as one
    ) as pairs`,
  scoreByReputation: `
    select corr(p.score, ln(u.reputation + 1)) as value from public.posts as p join public.users as u on u.id = p.owner`,
  postsByComments: `
    select corr(ln(1 + posts), ln(1 + comments)) as value from (
      select
        (select count(*) from public.posts where owner = u.id) as posts,
        (select count(*) from public.comments where author = u.id) as comments
      from public.users as u
    ) as pairs`,
  // Names of kinds do not leave production: the share of the lengths' spread that lies between kinds.
  lengthByKind: `
    select 1 - sum((length(body) - kind_mean) ^ 2) / sum((length(body) - mean) ^ 2) as value from (
      select body, avg(length(body)) over (partition by kind) as kind_mean, avg(length(body)) over () as mean from public.posts
    ) as p`,
  aboutByReputation: `
    select corr((about is not null)::int, ln(reputation + 1)) as value from public.users`,
  postsInHeap: `
    select corr(((ctid::text)::point)[0], extract(epoch from written)) as value from public.posts`,
  commentsInHeap: `
    select corr(((ctid::text)::point)[0], extract(epoch from written)) as value from public.comments`,
  commentsSoon: `
    select avg((c.written - p.written < interval '2 hours')::int) as value from public.comments as c join public.posts as p on p.id = c.post`,
};
type Measure = keyof typeof MEASURES;

/** How far from production a figure may be: twice what it was when this was written, and far less than independent columns miss it by. */
const TOLERANCES: Readonly<Record<Measure, number>> = {
  reputationByPosts: 0.15,
  scoreByReputation: 0.35,
  postsByComments: 0.15,
  lengthByKind: 0.15,
  aboutByReputation: 0.1,
  postsInHeap: 0.01,
  commentsInHeap: 0.1,
  commentsSoon: 0.3,
};
// Object.keys knows no names.
const NAMES = Object.keys(MEASURES) as Measure[];
/** What a spec without marginals has too: times stand in the order of rows. */
const BY_THEMSELVES: readonly Measure[] = ['postsInHeap', 'commentsInHeap'];

/** Figures that are too far from production's. */
function missed(figures: Record<Measure, number>, production: Record<Measure, number>): Measure[] {
  return NAMES.filter((name) => !(Math.abs(figures[name] - production[name]) <= TOLERANCES[name]));
}

async function numberOf(client: pg.Client, sql: string): Promise<number> {
  const { rows } = await client.query<{ value: string | null }>(sql);
  return Number(rows[0]?.value ?? Number.NaN);
}

async function measureAll(client: pg.Client): Promise<Record<Measure, number>> {
  const entries: [string, number][] = [];
  for (const name of NAMES) entries.push([name, await numberOf(client, MEASURES[name])]);
  return Object.fromEntries(entries) as Record<Measure, number>;
}

/** Children per parent, ascending: as many numbers as parents. */
async function degreesOf(client: pg.Client, child: string, key: string, parent: string): Promise<number[]> {
  const { rows } = await client.query<{ degree: string }>(
    `select count(c.id) as degree from public.${parent} as p left join public.${child} as c on c.${key} = p.id group by p.id order by 1`,
  );
  return rows.map(({ degree }) => Number(degree));
}

const REFERENCES = [
  ['posts', 'owner', 'users'],
  ['posts', 'editor', 'users'],
  ['comments', 'post', 'posts'],
  ['comments', 'author', 'users'],
] as const;

interface Made {
  readonly figures: Record<Measure, number>;
  readonly degrees: readonly number[][];
  readonly orphans: number;
  readonly early: number;
  readonly fingerprint: string;
}

const EARLY = `select count(*) as value from public.comments as c join public.posts as p on p.id = c.post where c.written < p.written`;

async function examine(client: pg.Client, fingerprint: string): Promise<Made> {
  const degrees: number[][] = [];
  let orphans = 0;
  for (const [child, key, parent] of REFERENCES) {
    degrees.push(await degreesOf(client, child, key, parent));
    orphans += await numberOf(
      client,
      `select count(*) as value from public.${child} as c where ${key} is not null and not exists (select from public.${parent} as p where p.id = c.${key})`,
    );
  }
  return { figures: await measureAll(client), degrees, orphans, early: await numberOf(client, EARLY), fingerprint };
}

/** Generates into a database of its own. */
async function makeFrom(spec: Spec, options: { workers?: number; scale?: number; seed?: string } = {}): Promise<Made> {
  return withDatabase('', async (url) => {
    const { report } = await fillDatabase({ spec, url, createSql: SCHEMA, seed: 'joint', scale: 1, workers: 1, ...options });
    return withClient(url, { applicationName: 'test' }, (client) => examine(client, report.fingerprint));
  });
}

function withoutMarginals(spec: Spec): Spec {
  const tables = Object.entries(spec.tables).map(([name, { axes: _axes, marginals: _marginals, ...table }]) => [name, table]);
  return { ...spec, tables: Object.fromEntries(tables) };
}

/** The largest distance of the shares of parents with at most so many children. */
function distance(one: readonly number[], two: readonly number[]): number {
  const shareUpTo = (degrees: readonly number[], most: number) =>
    degrees.filter((degree) => degree <= most).length / degrees.length;
  return Math.max(
    ...[...one, ...two]
      .filter((degree) => degree < 40)
      .map((degree) => Math.abs(shareUpTo(one, degree) - shareUpTo(two, degree))),
  );
}

describe('the joint model', () => {
  let production: Record<Measure, number>;
  let productionDegrees: number[][];
  let spec: Spec;
  let joint: Made;
  let independent: Made;

  beforeAll(async () => {
    await withDatabase([SCHEMA, ROWS, 'analyze'], async (url, client) => {
      production = await measureAll(client);
      productionDegrees = [];
      for (const [child, key, parent] of REFERENCES) productionDegrees.push(await degreesOf(client, child, key, parent));
      spec = readSpec((await calibrateDatabase(url, POLICY, 'joint')).specText);
    });
    joint = await makeFrom(spec);
    independent = await makeFrom(withoutMarginals(spec));
  }, 400_000);

  test('production itself is not what chance would make', () => {
    expect(NAMES.filter((name) => !(production[name] > 0.3))).toEqual([]);
  });

  test('columns, degrees, parents, times and heap go together as they do in production', () => {
    expect(missed(joint.figures, production)).toEqual([]);
  });

  test('without marginals they do not: the same measures tell', () => {
    expect(missed(independent.figures, production)).toEqual(NAMES.filter((name) => !BY_THEMSELVES.includes(name)));
    expect(independent.early).toBeGreaterThan(1000);
  });

  test('every key has its parent, and no comment is before its post', () => {
    expect(joint.orphans).toBe(0);
    expect(joint.early).toBe(0);
  });

  test('parents have exactly as many children as without marginals, which is nearly as many as in production', () => {
    expect(joint.degrees).toEqual(independent.degrees);
    for (const [at, degrees] of joint.degrees.entries())
      expect(distance(degrees, productionDegrees[at] ?? [])).toBeLessThan(0.02);
  });

  test('two workers make what one makes', async () => {
    const other = await makeFrom(spec, { workers: 2 });

    expect(other.fingerprint).toBe(joint.fingerprint);
    expect(other.figures).toEqual(joint.figures);
  }, 400_000);

  test('holds at three times the size', async () => {
    const large = await makeFrom(spec, { scale: 3 });

    expect(missed(large.figures, production)).toEqual([]);
    expect(large.orphans).toBe(0);
    expect(large.early).toBe(0);
  }, 400_000);
});
