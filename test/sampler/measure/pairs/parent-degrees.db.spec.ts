import { listStatements } from '../../../../sampler/sample.ts';
import { comparePacks } from '../../../../spec/compare.ts';
import type { Pack, PairMarginal } from '../../../../spec/pack.ts';
import { FIRST_CLASS, NULL_CLASS, namePairAxis } from '../../../../spec/pair-axis.ts';
import { policySchema } from '../../../../spec/policy.ts';
import { withDatabase } from '../../../support/database.ts';
import { sampleOf, sampleOptions, TUNING } from '../sampling.ts';

// Person n has n % 4 badges and 1 + n % 3 posts; a post is as long as its owner has badges; 500 posts have no owner.
const SCHEMA = [
  `create table people (id int primary key, score int not null)`,
  `insert into people select n, n % 5 from generate_series(1, 1200) n`,
  `create table posts (id serial primary key, owner int references people, size int not null)`,
  `insert into posts (owner, size) select p.id, 10 * (p.id % 4) from people p, generate_series(1, 1 + p.id % 3) i`,
  `insert into posts (owner, size) select null, 10 from generate_series(1, 500) n`,
  `create table badges (id serial primary key, owner int not null references people)`,
  `insert into badges (owner) select p.id from people p, generate_series(1, p.id % 4) i`,
  `create table notes (id serial primary key, post int not null references posts)`,
  `insert into notes (post) select id from posts where size = 30`,
  'analyze',
];
const POLICY = policySchema.parse({ subjects: ['people'] });
const BADGES = 'owner -> degree(public.badges.owner)';

function pairOf(pack: Pack, table: string, ...axes: string[]): PairMarginal {
  const found = pack.pairs.marginals.find(
    (pair) => pair.table === table && String(pair.axes.map(namePairAxis).sort()) === String([...axes].sort()),
  );
  if (found === undefined) throw new Error(`no pair ${axes.join(' x ')}`);
  return found;
}

/** Rows by class of the named axis. */
function countsOf({ axes, cells }: PairMarginal, name: string): number[][] {
  const at = axes.findIndex((axis) => namePairAxis(axis) === name);
  const counts = new Map<number, number>();
  for (const cell of cells) counts.set(cell[1 + at] ?? -1, (counts.get(cell[1 + at] ?? -1) ?? 0) + (cell.at(-1) ?? 0));
  return [...counts].sort(([left], [right]) => left - right);
}

describe("degrees of parents beside their children's columns", () => {
  test('rows are counted by how many other children their parent has; those without a parent apart', async () => {
    const pack = await withDatabase(SCHEMA, (url) => sampleOf(url, POLICY, { pairs: 'all' }));
    const pair = pairOf(pack, 'public.posts', 'number(size)', BADGES);

    // Of the numbers to 1200 as many leave each rest of 12: two posts for each person on the average, whatever the badges.
    expect(countsOf(pair, BADGES)).toEqual([
      [NULL_CLASS, 500],
      [FIRST_CLASS, 600],
      [FIRST_CLASS + 1, 600],
      [FIRST_CLASS + 2, 600],
      [FIRST_CLASS + 3, 600],
    ]);
    expect(pair.information).toBeGreaterThan(1500);
    expect(pair.total).toBe(2900);
    // A row's own degree beside that of its parent.
    const own = pairOf(pack, 'public.posts', 'degree(public.notes.post)', BADGES);
    expect(countsOf(own, BADGES)).toEqual(countsOf(pair, BADGES));
    expect(own.cells.filter((cell) => cell.at(-1) === 600)).toHaveLength(4);
  });

  test('a copy is measured on the same pairs, and only once each', async () => {
    await withDatabase(SCHEMA, async (url) => {
      const pack = await sampleOf(url, POLICY);
      const copy = await sampleOf(url, policySchema.parse({}), { shape: pack });

      expect(pack.pairs.marginals.some(({ why }) => why === 'round')).toBe(true);
      const places = copy.pairs.marginals.map(({ table, axes }) => JSON.stringify([table, axes.map(namePairAxis)]));
      expect(new Set(places).size).toBe(places.length);
      const compared = comparePacks(pack, copy);
      expect(compared.pairTables.every(({ missing }) => missing === 0)).toBe(true);
      expect(Math.max(...compared.pairs.map(({ totalVariation }) => totalVariation))).toBeLessThan(0.02);
    });
  });

  test('the children of public parents that nobody owns need parents enough, so rows do not speak of them', async () => {
    const ofNotes = (statements: readonly string[]) =>
      statements.filter((sql) => /as r0 [\s\S]*from only "?public"?\."?notes"? as c/.test(sql));
    const statements = await withDatabase(SCHEMA, async (url) => ({
      open: await listStatements(sampleOptions(url, POLICY), TUNING),
      closed: await listStatements(
        sampleOptions(url, policySchema.parse({ subjects: [], publicTables: ['people', 'posts'] })),
        TUNING,
      ),
    }));

    expect(statements.open.some((sql) => /as r0 [\s\S]*from only "?public"?\."?badges"? as c/.test(sql))).toBe(true);
    expect(ofNotes(statements.closed)).toEqual([]);
  });
});
