// A tree by profile: rows have the ranks that go with their columns, and it stays the tree that it was; and what two kinds of children join.

import { curveOf } from '../../../../generator/plan/curve.ts';
import { addProfiles } from '../../../../generator/plan/profiles/add-profiles.ts';
import { degreesOfPlaces } from '../../../../generator/plan/profiles/joined-products.ts';
import type { Plan } from '../../../../spec/plan.ts';
import { parseSpec } from '../../../../spec/spec.ts';
import { column, table } from '../../../sampler/measure/catalog-fixture.ts';
import { countKeys, madeRows, planOf, repeated } from '../../made-rows.ts';

const int = (name: string) => column(name, 'int4', { isNullable: false });
const TABLES = [table('posts', [int('id'), column('parent', 'int4'), int('kind')]), table('votes', [int('id'), int('post')])];
const ROWS = 900;

const specOf = (marginals: string) => `
  public.posts:
    rows: { count: ${ROWS} }
    references:
      parent:
        columns: [parent]
        table: public.posts
        to: [id]
        nullFraction: 0.3
        levels: [3, 5, 2]
        fanOut: { family: empirical, bins: [[0, 1, 600], [1, 2, 180], [2, 6, 100], [6, 10, 20]] }
    columns: { id: { kind: sequence }, kind: { kind: number, distribution: { family: uniform, min: 0, max: 99 } } }${marginals}
  public.votes:
    rows: { count: 2000 }
    references: { post: { columns: [post], table: public.posts, to: [id], fanOut: { family: geometric, p: 0.3, start: 0 } } }
    columns: { id: { kind: sequence } }`;

// Posts of a kind from 50 on have the answers and no parent; whoever has answers hardly has votes.
const MARGINALS = `
    axes:
      answers: { kind: degree, child: public.posts, columns: [parent], cuts: [1] }
      votes: { kind: degree, child: public.votes, columns: [post], cuts: [1, 3] }
      root: { kind: presence, column: parent }
      kind: { kind: number, column: kind, decimals: 0, cuts: [50] }
    marginals:
      - { axes: [answers, kind], cells: "2 2 450, 2 3 150, 3 3 300" }
      - { axes: [root, kind], cells: "0 3 270, 2 2 450, 2 3 180" }
      - { axes: [answers, votes], cells: "2 2 40, 2 3 260, 2 4 300, 3 2 230, 3 3 50, 3 4 20", joinedTimesChance: 0.15 }`;

function planWith(marginals: string, mostProfiles = 2000): Plan {
  const plain = planOf(specOf(''), TABLES);
  const text = `format: shapecast-spec\nversion: 1\nname: test\nbands: { dev: { scale: 1 } }\ntables:\n${specOf(marginals)}`;
  const { tables } = addProfiles({ tables: plain.tables, spec: parseSpec(text, 'test'), seed: 'a', mostProfiles });
  return { ...plain, tables };
}

function measure(plan: Plan) {
  const posts = madeRows(plan, 'public.posts');
  const answers = countKeys(
    posts.filter(({ parent }) => parent !== null),
    ['parent'],
  );
  const votes = countKeys(madeRows(plan, 'public.votes'), ['post']);
  const of = (counts: ReadonlyMap<string, number>, id: unknown) => counts.get(JSON.stringify([id])) ?? 0;
  const parentOf = new Map(posts.map(({ id, parent }) => [id, parent]));
  const isRooted = (id: unknown): boolean => {
    let at = id;
    for (let step = 0; step < ROWS; step += 1) {
      const above = parentOf.get(at as string);
      if (above === null) return true;
      at = above;
    }
    return false;
  };
  return {
    rooted: posts.filter(({ id }) => isRooted(id)).length,
    repeated: repeated(posts, ['id']),
    roots: posts.filter(({ parent }) => parent === null).length,
    degrees: [...answers.values()].sort((one, two) => one - two),
    right: posts.filter(({ id, kind }) => of(answers, id) === 0 || Number(kind) >= 50).length / ROWS,
    rootsOfKind: posts.filter(({ parent, kind }) => parent === null && Number(kind) >= 50).length,
    joined: posts.reduce((sum, { id }) => sum + of(answers, id) * of(votes, id), 0),
    chance: ([...answers.values()].reduce((one, two) => one + two, 0) * 2000) / ROWS,
  };
}

describe('a tree by profile', () => {
  const usual = measure(planWith(''));

  test('is the same tree, whose rows have the columns and the other children that marginals say', () => {
    const found = measure(planWith(MARGINALS));

    expect(found).toMatchObject({ rooted: ROWS, repeated: 0, roots: usual.roots, degrees: usual.degrees });
    expect(usual.right).toBeLessThan(0.9);
    expect(found.right).toBeGreaterThan(0.97);
    expect(found.rootsOfKind).toBeGreaterThan(0.95 * found.roots);
    expect(usual.joined / usual.chance).toBeGreaterThan(0.5);
    expect(Math.abs(found.joined / found.chance - 0.15)).toBeLessThan(0.08);
  });

  test('goes by formula where profiles have several rows', () => {
    expect(measure(planWith(MARGINALS, 300)).degrees).toEqual(usual.degrees);
    expect(planWith(MARGINALS, 300).tables[0]?.references[0]?.parentProfiles).toBeUndefined();
  });
});

test('degrees of places that stand for several parents have a mean and a deviation', () => {
  const curve = curveOf([
    { count: 3, degree: 0 },
    { count: 2, degree: 4 },
    { count: 1, degree: 10 },
  ]);

  expect(degreesOfPlaces(curve, 6, 6)).toEqual({ of: Float64Array.of(0, 0, 0, 4, 4, 10) });
  expect(degreesOfPlaces(curve, 3, 6)).toEqual({ of: Float64Array.of(0, 2, 7), spread: Float64Array.of(0, 2, 3) });
});
