// What is told of the joint shape: distances of the marginals that are used, reasons for the others, and what each reference follows.
import { examinePlan } from '../../../../generator/plan/resolve-plan.ts';
import { parseSpec } from '../../../../spec/spec.ts';
import { column, table } from '../../../sampler/measure/catalog-fixture.ts';

const int = (name: string, isNullable = false) => column(name, 'int4', { isNullable });
const TABLES = [
  table('people', [int('id')]),
  table('badges', [int('id'), int('person')]),
  table('likes', [int('id'), int('person')]),
  table('posts', [int('id'), int('author'), int('size'), int('parent', true)]),
];
const fanOut = (name: string, columnName: string) =>
  `${name}: { columns: [${columnName}], table: public.people, to: [id], fanOut: { family: uniform, min: 1, max: 5 } }`;

const SPEC = parseSpec(
  `format: shapecast-spec
version: 1
name: test
bands: { dev: { scale: 1 } }
tables:
  public.people: { rows: { count: 300 }, columns: { id: { kind: sequence } } }
  public.badges:
    rows: { count: 900 }
    references: { ${fanOut('person', 'person')} }
    columns: { id: { kind: sequence } }
  public.likes:
    rows: { count: 900 }
    references: { ${fanOut('person', 'person')} }
    columns: { id: { kind: sequence } }
  public.posts:
    rows: { count: 1200 }
    references:
      ${fanOut('author', 'author')}
      parent: { columns: [parent], table: public.posts, to: [id], levels: [400, 800], fanOut: { family: uniform, min: 0, max: 5 } }
    columns: { id: { kind: sequence }, size: { kind: number, distribution: { family: uniform, min: 0, max: 99 } } }
    axes:
      size: { kind: number, column: size, decimals: 0, cuts: [33, 67] }
      badges: { kind: degree, child: public.badges, columns: [person], cuts: [2, 4], via: { columns: [author], references: public.people } }
      parentSize: { kind: number, column: size, decimals: 0, cuts: [33, 67], via: { columns: [parent], references: public.posts } }
      id: { kind: number, column: id, decimals: 0, cuts: [100] }
      previous: { kind: sameAsPrevious, via: { columns: [author], references: public.people } }
    marginals:
      - { axes: [size, badges], cells: "2 2 300, 3 3 400, 4 4 500" }
      - { axes: [size, parentSize], cells: "2 2 400, 3 3 400, 4 4 400" }
      - { axes: [size, id], cells: "2 2 400, 3 3 800" }
      - { axes: [previous], cells: "2 600, 3 600" }
`,
  'test',
);
const CATALOG = { serverVersion: 18, tables: TABLES, enums: [] };

function found() {
  const request = { catalog: CATALOG, band: 'dev' as const, seed: 'a', scale: 1, rows: new Map<string, number>() };
  const { joint, plan, problems } = examinePlan({ ...request, spec: SPEC });
  expect(problems.all()).toEqual([]);
  return new Map(plan.tables.map(({ name }, at) => [name, joint[at]]));
}

test('a marginal that is used has its distance before and after the fit, another one the reason', () => {
  const posts = found().get('public.posts')?.joint;

  expect(posts?.profiles).toBe(1200);
  expect(posts?.marginals).toEqual([
    {
      axes: ['number(size)', 'author -> degree(public.badges.person)'],
      before: expect.any(Number),
      after: expect.any(Number),
      unused: null,
    },
    { axes: ['number(size)', 'parent -> number(size)'], before: null, after: null, unused: 'a tree' },
    { axes: ['number(size)', 'number(id)'], before: null, after: null, unused: 'the column follows no ranks' },
    {
      axes: ['sameAsPrevious(author)'],
      before: null,
      after: null,
      unused: 'which rows are neighbours of one parent is told, not followed',
    },
  ]);
  const [used] = posts?.marginals ?? [];
  expect(used?.after).toBeLessThan(used?.before ?? 0);
  expect(String(used?.after).length).toBeLessThanOrEqual(6);
});

test('a reference tells what it follows and why', () => {
  const tables = found();
  const modesOf = (name: string) => tables.get(name)?.modes;

  expect(modesOf('public.posts')).toEqual([
    {
      kind: 'profiles',
      reason: "children follow the parents' profiles",
      by: ['number(size) x author -> degree(public.badges.person)'],
    },
    { kind: 'tree', reason: 'a reference of the table to itself: parents by depth and number of children', by: [] },
  ]);
  // The posts speak of the badges of their authors, nobody of which badge is whose.
  expect(modesOf('public.badges')).toEqual([
    {
      kind: 'parents only',
      reason: "the number of children goes with the parents' columns; no marginal says which children have which parents",
      by: [],
    },
  ]);
  expect(modesOf('public.likes')).toEqual([
    { kind: 'chance', reason: 'no marginal says which children have which parents', by: [] },
  ]);
  expect(tables.get('public.likes')?.joint).toBeNull();
});

test('of a refused plan nothing is told', () => {
  const { joint } = examinePlan({
    spec: SPEC,
    catalog: { ...CATALOG, tables: [] },
    band: 'dev',
    seed: 'a',
    scale: 1,
    rows: new Map(),
  });

  expect(joint).toEqual([]);
});
