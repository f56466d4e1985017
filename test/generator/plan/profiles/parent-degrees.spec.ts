// A child's column beside the number of its parent's other children: the spec asks for it, and the made rows have it.
import { column, table } from '../../../sampler/measure/catalog-fixture.ts';
import { countKeys, madeRows, planOf } from '../../made-rows.ts';

const int = (name: string) => column(name, 'int4', { isNullable: false });
const TABLES = [
  table('people', [int('id')]),
  table('badges', [int('id'), int('person')]),
  table('posts', [int('id'), int('author'), int('size')]),
];

function specOf(marginals: string): string {
  return `
  public.people: { rows: { count: 300 }, columns: { id: { kind: sequence } } }
  public.badges:
    rows: { count: 900 }
    references: { person: { columns: [person], table: public.people, to: [id], fanOut: { family: geometric, p: 0.25, start: 0 } } }
    columns: { id: { kind: sequence } }
  public.posts:
    rows: { count: 1200 }
    references: { author: { columns: [author], table: public.people, to: [id], fanOut: { family: uniform, min: 2, max: 6 } } }
    columns: { id: { kind: sequence }, size: { kind: number, distribution: { family: uniform, min: 0, max: 99 } } }${marginals}`;
}

// Posts of authors without badges are short, those of authors with three or more long.
const MARGINALS = `
    axes:
      size: { kind: number, column: size, decimals: 0, cuts: [33, 67] }
      badges: { kind: degree, child: public.badges, columns: [person], cuts: [1, 3], via: { columns: [author], references: public.people } }
    marginals:
      - { axes: [size, badges], cells: "2 2 300, 2 3 100, 3 3 400, 4 4 400" }`;

/** Share of the posts that are as long as their author's badges say. */
function sharePosts(marginals: string): number {
  const plan = planOf(specOf(marginals), TABLES);
  const badges = countKeys(madeRows(plan, 'public.badges'), ['person']);
  const posts = madeRows(plan, 'public.posts');
  const classOf = (value: number, cuts: readonly number[]) => cuts.filter((cut) => cut <= value).length;
  const right = posts.filter(({ author, size }) => {
    const own = badges.get(JSON.stringify([author])) ?? 0;
    return classOf(Number(size), [33, 67]) === classOf(own, [1, 3]);
  });
  return right.length / posts.length;
}

test('the rows follow the degrees of their parents by another reference', () => {
  expect(sharePosts('')).toBeLessThan(0.5);
  expect(sharePosts(MARGINALS)).toBeGreaterThan(0.75);
});
