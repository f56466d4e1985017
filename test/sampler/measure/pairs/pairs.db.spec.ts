import { canonicalJson } from '../../../../core/canonical-json.ts';
import { listStatements, type SampleOptions, samplePack } from '../../../../sampler/sample.ts';
import { isClean, scanPackText } from '../../../../sampler/scan/scan.ts';
import { indexPack } from '../../../../spec/calibrate/pack-index.ts';
import { comparePacks } from '../../../../spec/compare.ts';
import { type Pack, type PairMarginal, packSchema } from '../../../../spec/pack.ts';
import { FIRST_CLASS, namePairAxis } from '../../../../spec/pair-axis.ts';
import type { Policy } from '../../../../spec/policy.ts';
import { policySchema } from '../../../../spec/policy.ts';
import { withDatabase } from '../../../support/database.ts';
import { sampleOf, sampleOptions, TUNING } from '../sampling.ts';

const CANARY = 'Zanzibar-canary-7731';

// Who has many posts has many badges and a high score; every badge comes an hour after its user; posts lie in the heap by user.
const SCHEMA = [
  `create table people (id int primary key, joined timestamptz not null, score int not null, noise int not null, mood text not null, secret text)`,
  `insert into people select n, timestamptz '2024-01-01' + n * interval '1 hour', (n % 4) * 100, (n * 31) % 7, case n % 4 when 3 then 'glad' else 'sad' end, '${CANARY}' || n from generate_series(1, 1200) n`,
  `create table posts (id serial primary key, owner int not null references people, editor int references people, written timestamptz not null, kind int not null, size int not null)`,
  `insert into posts (owner, editor, written, kind, size) select p.id, case when i = 1 then p.id else 1 + (p.id * 31) % 1200 end, p.joined + interval '1 hour', i % 2, 10 * (i % 2) + 5 from people p, generate_series(1, 1 + p.id % 4 * 3) i order by p.id, i`,
  `create index on posts (written)`,
  `create table badges (id serial primary key, owner int not null references people)`,
  `insert into badges (owner) select p.id from people p, generate_series(1, p.id % 4) i order by random()`,
  'analyze',
];
const POLICY: Partial<Policy> = policySchema.parse({
  subjects: ['people'],
  attribution: [{ table: 'posts', columns: ['owner'] }],
});

async function packOf(rest: Partial<SampleOptions> = {}, policy = POLICY): Promise<Pack> {
  return withDatabase(SCHEMA, (url) => sampleOf(url, policy, rest));
}

function pairOf(pack: Pack, table: string, ...axes: string[]): PairMarginal {
  const wanted = String(axes.sort());
  const found = pack.pairs.marginals.find(
    (pair) => pair.table === table && String(pair.axes.map(namePairAxis).sort()) === wanted,
  );
  if (found === undefined) {
    throw new Error(
      `no pair ${wanted}: ${pack.pairs.marginals.map((pair) => pair.axes.map(namePairAxis).join(' x ')).join('; ')}`,
    );
  }
  return found;
}

describe('pairs of a pack', () => {
  let pack: Pack;
  beforeAll(async () => {
    pack = await packOf();
  }, 60_000);

  test('they are valid, the scan passes them, and calibrate does not see them', () => {
    expect(packSchema.parse(pack)).toEqual(pack);
    expect(isClean(scanPackText(canonicalJson(pack), 'shape.json', []))).toBe(true);
    expect([...indexPack(pack).marginals.values()].every(({ axes }) => axes.length === 1)).toBe(true);
  });

  test('siblings: parents with many posts have many badges, and all parents are counted', () => {
    const siblings = pairOf(pack, 'public.people', 'degree(public.badges.owner)', 'degree(public.posts.owner)');

    expect(siblings.total).toBe(1200);
    expect(siblings.information).toBeGreaterThan(1500);
    expect(siblings.cells.filter(([level]) => level === 0).map((cell) => cell.at(-1))).toEqual([300, 300, 300, 300]);
  });

  test("a parent's column against its degree, and against a child's column", () => {
    expect(pairOf(pack, 'public.people', 'number(score)', 'degree(public.posts.owner)').information).toBeGreaterThan(1500);
    expect(() => pairOf(pack, 'public.people', 'number(noise)', 'degree(public.posts.owner)')).toThrow('no pair');
  });

  test('lags, in seconds: an hour after the owner joined', () => {
    const lag = pairOf(pack, 'public.posts', 'lag(written since owner -> joined)');

    const [axis] = lag.axes;
    const classes = lag.cells.filter(([level]) => level === 0).map(([, value = 0]) => value);
    expect(classes).toHaveLength(1);
    const cuts = axis?.kind === 'lag' ? axis.cuts : [];
    expect([cuts[(classes[0] ?? 0) - FIRST_CLASS - 1], cuts[(classes[0] ?? 0) - FIRST_CLASS]]).toEqual([2048, 4096]);
  });

  test('the columns of a row, its place in the heap, and its references to one table', () => {
    expect(pairOf(pack, 'public.posts', 'number(kind)', 'number(size)').information).toBeGreaterThan(900);
    expect(pairOf(pack, 'public.posts', 'heap', 'time(written)').why).toBe('heap');
    const same = pairOf(pack, 'public.posts', 'sameParent(editor = owner)');
    expect(same.cells.find(([, value]) => value === FIRST_CLASS + 1)?.at(-1)).toBeGreaterThanOrEqual(1200);
    // All posts of a person lie together: only the first of each has another one before it.
    const previous = pairOf(pack, 'public.posts', 'sameAsPrevious(owner)');
    expect(previous.cells).toEqual([
      [0, FIRST_CLASS, 1200],
      [0, FIRST_CLASS + 1, previous.total - 1200],
    ]);
  });

  test('degree per class of the children, and how many different times there are', () => {
    const kinds = pairOf(pack, 'public.people', 'degree(public.posts.owner)', 'public.posts.owner <- number(kind)');

    // Everybody has posts of kind 1; those with one post have none of kind 0.
    expect(kinds.total).toBe(1200 + 900);
    expect(pack.pairs.distinctTimes).toEqual([
      { table: 'public.people', column: 'joined', count: 1200 },
      { table: 'public.posts', column: 'written', count: 1200 },
    ]);
  });

  test('no statement and no part of the pack holds a value, and the dry run lists the second pass', async () => {
    const statements = await withDatabase(SCHEMA, (url) => listStatements(sampleOptions(url, POLICY), TUNING));

    expect(statements.some((sql) => sql.includes('over ()'))).toBe(true);
    expect(`${statements.join('\n')}${canonicalJson(pack)}`).not.toMatch(/Zanzibar|glad/);
  });

  test('none measures no pair, and the rest of the pack is the same', async () => {
    const without = await packOf({ pairs: 'none' });

    expect(without.pairs.marginals).toEqual([]);
    expect(without.marginals).toEqual(pack.marginals);
  });

  test('the policy can fix the pairs, and names one that does not exist', async () => {
    const listed = { ...POLICY, pairs: [{ table: 'public.posts', axes: ['number(kind)', 'number(size)'] }] };
    const fixed = await packOf({}, listed);

    expect(fixed.pairs.marginals.map(({ why, axes }) => [why, ...axes.map(namePairAxis)])).toEqual([
      ['policy', 'number(kind)', 'number(size)'],
    ]);
    const unknown = { ...POLICY, pairs: [{ table: 'public.posts', axes: ['number(kind)', 'number(nothing)'] }] };
    await expect(packOf({}, unknown)).rejects.toMatchObject({ code: 'POLICY_MISMATCH' });
  });

  test('a copy with the same rows compares as equal; one whose dependence was broken does not, and the verdict stays', async () => {
    const equal = await packOf({ shape: pack }, policySchema.parse({}));
    const broken = await withDatabase([...SCHEMA, 'update posts set size = 25 - size where id % 2 = 0'], (url) =>
      sampleOf(url, {}, { shape: pack }),
    );

    const same = comparePacks(pack, equal);
    expect(same.pairTables.every(({ missing }) => missing === 0)).toBe(true);
    expect(Math.max(...same.pairs.map(({ totalVariation }) => totalVariation))).toBeLessThan(0.02);
    const worse = comparePacks(pack, broken).pairs.find(({ axis }) => axis === 'number(kind) x number(size)');
    expect(worse?.totalVariation).toBeGreaterThan(0.2);
  });

  test('few rows behind a parent that others lead to are folded: the editor counts as well as the owner', async () => {
    const policy = { ...POLICY, k: 20 };
    const hub = [...SCHEMA, 'update posts set editor = 1', 'update people set score = 999 where id = 1', 'analyze'];
    const folded = await withDatabase(
      hub,
      async (url) => (await samplePack(sampleOptions(url, policy, { pairs: 'all' }), TUNING)).pack,
    );

    const told = folded.pairs.marginals.filter(({ axes }) =>
      axes.some(
        (axis) =>
          'via' in axis && axis.kind !== 'sameParent' && axis.kind !== 'sameAsPrevious' && axis.via?.columns[0] === 'editor',
      ),
    );
    expect(told).toEqual([]);
  });
});
