// compare --plans on a real server: equal databases give the floors, and each way of being different shows in its own metric.
import fs from 'node:fs';
import path from 'node:path';
import { type Fidelity, fidelitySchema } from '../../spec/fidelity.ts';
import { withDatabase } from '../support/database.ts';
import { createBench, type TestBench } from './test-context.ts';

const TABLES = `
  create table users (id int primary key, name text, created_at timestamptz not null);
  create table posts (id int primary key, user_id int references users, score int, created_at timestamptz not null);
  create table badges (id int primary key, user_id int references users, given_at timestamptz not null);`;
const INDEXES = `
  create index posts_user on posts (user_id);
  create index badges_user on badges (user_id);
  create index posts_created on posts (created_at);`;
// The lower the user's number, the more posts and the more badges; one user has far more of both.
const skewed = (i: string) =>
  `case when ${i} % 10 = 0 then 471147 else 471100 + ((${i}::int8 * ${i}) % 9973 * ((${i} * 7) % 100) / 1000)::int end`;
const rows = (userOf: (i: string) => string, order: string) => `
  insert into users select 471100 + i, 'canary-' || i, timestamptz '2024-01-01' + i * interval '1 hour' from generate_series(0, 999) i;
  insert into posts select i, ${userOf('i')}, i % 50, timestamptz '2024-03-01' + i * interval '3 minutes' from generate_series(1, 20000) i order by ${order};
  insert into badges select i, ${userOf('i')}, timestamptz '2024-03-01' + i * interval '9 minutes' from generate_series(1, 6000) i;`;
const production = `${TABLES}${rows(skewed, 'i')}${INDEXES}`;
const variants = {
  equal: production,
  unindexed: `${production} drop index posts_user;`,
  shuffled: `${TABLES}${rows(skewed, 'md5(i::text)')}${INDEXES}`,
  uniform: `${TABLES}${rows((i) => `471100 + (${i} * 7919) % 1000`, 'i')}${INDEXES}`,
};

const WORKLOAD = `
  -- name: posts of a user
  -- :user = hot | p50 | cold of posts.user_id
  select * from posts where user_id = :user;
  -- name: newest posts of a user
  -- :user = hot | p50 of posts.user_id
  -- :score = quantile 0.5 of posts.score
  select id from posts where user_id = :user order by abs(score - :score) limit 5;
  -- name: posts of a period
  -- :since = quantile 0.5 of posts.created_at
  -- :until = quantile 0.53 of posts.created_at
  select score from posts where created_at between :since and :until;
  -- name: posts beside badges
  select count(*) from users u join posts p on p.user_id = u.id join badges b on b.user_id = u.id where u.name <> 'canary-5';
  -- name: a single table
  select count(*) from posts where score < 10;`;

let bench: TestBench;
beforeEach(() => {
  bench = createBench();
  fs.writeFileSync(path.join(bench.folder, 'workload.sql'), WORKLOAD);
});
afterEach(() => bench.remove());

interface Compared {
  readonly fidelity: Fidelity;
  readonly status: number;
  /** Everything that was printed or written. */
  readonly outputs: string;
}

async function compareWith(variant: string, workload = 'workload.sql', options: readonly string[] = []): Promise<Compared> {
  return withDatabase(production, async (source, sourceClient) =>
    withDatabase(variant, async (target, targetClient) => {
      await sourceClient.query('vacuum analyze');
      await targetClient.query('vacuum analyze');
      const argv = ['compare', '--plans', '--source', source, '--target', target, '--workload', workload, '--runs', '1'];
      const text = await bench.run([...argv, '--html', 'page.html', '--output', 'fidelity.json', ...options]);
      const { queries } = await readCounts(sourceClient);
      expect(queries).toBe(20000);
      const { rows: indexes } = await sourceClient.query("select from pg_indexes where schemaname = 'public'");
      expect(indexes).toHaveLength(6);
      const read = (name: string) => fs.readFileSync(path.join(bench.folder, name), 'utf8');
      const fidelity = fidelitySchema.parse(JSON.parse(read('fidelity.json')));
      return {
        fidelity,
        status: text.status,
        outputs: [text.stdout, text.stderr, read('page.html'), read('fidelity.json')].join('\n'),
      };
    }),
  );
}

async function readCounts(client: { query: (sql: string) => Promise<{ rows: { queries: number }[] }> }) {
  const { rows: found } = await client.query('select count(*)::int as queries from public.posts');
  return found[0] ?? { queries: 0 };
}

function figure({ metrics }: Fidelity, name: string): number | null {
  const metric = metrics.find((each) => each.name === name);
  if (metric === undefined) throw new Error(`no figure ${name}`);
  return metric.value;
}

describe('compare --plans', () => {
  test('two equal databases are at the floor in every figure but time', async () => {
    const { fidelity } = await compareWith(variants.equal);

    const off = fidelity.metrics.filter(({ number, verdict }) => number !== 5 && verdict === 'missed');
    expect(off).toEqual([]);
    expect(figure(fidelity, 'same plan, oltp')).toBe(1);
    expect(figure(fidelity, 'same plan, joins')).toBe(1);
    expect(figure(fidelity, 'actual rows of joins, mean')).toBe(1);
    expect(figure(fidelity, 'actual rows of single tables, p95')).toBe(1);
    expect(figure(fidelity, 'co-degree, sum of products')).toBe(1);
    expect(fidelity.queries).toHaveLength(8);
    expect(fidelity.queries.every(({ state }) => state === 'measured')).toBe(true);
  });

  test('no bound value and no literal is in any output', async () => {
    const { outputs } = await compareWith(variants.uniform);

    expect(outputs).not.toMatch(/4711\d\d|canary|2024-0/);
  });

  test('with --index-decisions each index is judged by what it saves, on both sides, and is there again afterwards', async () => {
    const { fidelity } = await compareWith(variants.equal, 'workload.sql', ['--index-decisions']);

    expect(figure(fidelity, 'index decisions')).toBe(1);
    expect(figure(fidelity, 'index sizes')).toBe(1);
    const decisions = fidelity.metrics.find(({ name }) => name === 'index decisions');
    expect(decisions?.places.map(({ place }) => place).sort()).toEqual([
      'public.badges_user',
      'public.posts_created',
      'public.posts_user',
    ]);
    expect(decisions?.remark).toMatch(/^[12] of 3 help on production/);
  });

  test('without --index-decisions no index is dropped, and the metric says so', async () => {
    const { fidelity } = await compareWith(variants.equal);

    expect(fidelity.metrics.find(({ name }) => name === 'index decisions')).toMatchObject({
      verdict: 'notMeasured',
      remark: expect.stringContaining('not asked for'),
    });
  });

  test('a missing index shows in the plans', async () => {
    const { fidelity, status } = await compareWith(variants.unindexed);

    expect(status).toBe(1);
    expect(figure(fidelity, 'same plan, oltp')).toBeLessThan(0.7);
    expect(figure(fidelity, 'scan and index per alias')).toBeLessThan(1);
    expect(figure(fidelity, 'actual rows of joins, mean')).toBe(1);
    expect(figure(fidelity, 'heap order lost')).toBe(0);
    const lost = fidelity.queries.find(({ name, binding }) => name === 'posts of a user' && binding === 'user cold');
    expect(lost?.targetNodes.map(({ label }) => label).join()).toContain('Seq Scan on posts');
  });

  test('a shuffled heap shows in the order, and the counts do not move', async () => {
    const { fidelity } = await compareWith(variants.shuffled);

    expect(figure(fidelity, 'heap order lost')).toBeGreaterThan(0.5);
    expect(figure(fidelity, 'correlation of indexed columns')).toBeGreaterThan(0.05);
    expect(figure(fidelity, 'degrees, KS')).toBe(0);
    expect(figure(fidelity, 'growth, KS')).toBe(0);
    expect(figure(fidelity, 'actual rows of joins, mean')).toBe(1);
  });

  test('uniform foreign keys show in degrees, co-degrees and the rows of joins', async () => {
    const { fidelity, status } = await compareWith(variants.uniform);

    expect(status).toBe(1);
    expect(figure(fidelity, 'degrees, KS')).toBeGreaterThan(0.1);
    expect(figure(fidelity, 'co-degree, sum of products')).toBeGreaterThan(1.5);
    expect(figure(fidelity, 'actual rows of joins, p95')).toBeGreaterThan(1.5);
    expect(fidelity.marginals.map(({ marginal }) => marginal)).toContain('degree of badges.user_id x degree of posts.user_id');
    expect(fidelity.marginals.every(({ state }) => state === 'unknown')).toBe(true);
    expect(figure(fidelity, 'hour of week, TV')).toBe(0);
  });

  test('a query that would write is refused by the server on both sides and leaves all as it was', async () => {
    fs.writeFileSync(
      path.join(bench.folder, 'writing.sql'),
      'with gone as (delete from posts returning id) select * from gone; select 1 from posts',
    );

    const { fidelity } = await compareWith(variants.equal, 'writing.sql');

    expect(fidelity.queries[0]).toMatchObject({
      state: 'failedOnSource',
      reason: 'it would write, and only reading queries are run',
    });
    expect(fidelity.queries[1]).toMatchObject({ state: 'measured' });
  });

  test('without --plans a pack is needed, and with it a workload', async () => {
    expect((await bench.run(['compare'])).status).toBe(2);
    expect((await bench.run(['compare', '--plans'])).stderr).toContain('--workload');
  });
});
