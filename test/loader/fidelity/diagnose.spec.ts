// Each shape of a join names the marginal that carries it, and whether the pack has it.
import { diagnose, diagnoseScans } from '../../../loader/fidelity/diagnose.ts';
import type { Reference } from '../../../loader/fidelity/list-references.ts';
import { type Plan, type PlanNode, readPlan } from '../../../loader/fidelity/plan-tree.ts';
import type { Comparison } from '../../../spec/compare.ts';

const counts = { 'Plan Rows': 10, 'Actual Rows': 20, 'Actual Loops': 1 };
const scan = (table: string, alias: string, filter?: string) => ({
  'Node Type': 'Seq Scan',
  'Relation Name': table,
  Schema: 'public',
  Alias: alias,
  ...(filter === undefined ? {} : { Filter: filter }),
  ...counts,
});
const join = (condition: string, ...plans: object[]) => ({
  'Node Type': 'Hash Join',
  'Join Type': 'Inner',
  'Hash Cond': condition,
  ...counts,
  Plans: plans,
});
const planOf = (root: object): Plan => readPlan([{ Plan: root, 'Execution Time': 1 }]);

const reference = (child: string, column: string): Reference => ({
  label: `public.${child} (${column})`,
  child: { schema: 'public', name: child },
  parent: { schema: 'public', name: 'users' },
  pairs: [{ column, parentColumn: 'id', nullAs: undefined }],
});
const references = [reference('posts', 'owner'), reference('badges', 'holder')];

function comparisonOf(...pairs: { table: string; axis: string; totalVariation: number }[]): Comparison {
  return {
    format: 'shapecast-comparison',
    version: 1,
    limit: 0,
    marginals: [],
    tables: [],
    pairs: pairs.map((pair) => ({ ...pair, reference: 1, candidate: 1, floor: 0.01 })),
    pairTables: [],
    missing: [],
    drift: [],
    isOk: true,
  };
}

/** The marginals of the one miss, where the root is off. */
function namesOf(plan: Plan, comparison: Comparison | null = null) {
  const misses = diagnose(plan, (node) => (node === plan.nodes[0] ? 8 : 1), { references, comparison });
  return misses.flatMap(({ marginals }) => marginals.map(({ name, state, residual }) => [name, state, residual]));
}

test('two children of one parent need their co-degree', () => {
  const plan = planOf(join('(p.owner = b.holder)', scan('posts', 'p'), scan('badges', 'b')));

  expect(namesOf(plan)).toEqual([['degree of badges.holder x degree of posts.owner', 'unknown', null]]);
});

test('a filter on the parent needs that column by degree, one on the child too needs each other', () => {
  const plan = planOf(join('(p.owner = u.id)', scan('posts', 'p', '(p.score > 5)'), scan('users', 'u', '(u.reputation > 5)')));
  const comparison = comparisonOf({
    table: 'public.users',
    axis: 'degree(public.posts.owner) x number(reputation)',
    totalVariation: 0.4,
  });

  expect(namesOf(plan, comparison)).toEqual([
    ['posts.score x users.reputation (by owner)', 'lacking', null],
    ['users.reputation x degree of posts.owner', 'held', 0.4],
  ]);
});

test('a filter on one child beside another needs the column by the degree of the other', () => {
  const users = join('(p.owner = u.id)', scan('posts', 'p', '(p.score > 5)'), scan('users', 'u'));
  const plan = planOf(join('(u.id = b.holder)', users, scan('badges', 'b')));
  const comparison = comparisonOf({
    table: 'public.users',
    axis: 'public.posts.owner <- number(score) x degree(public.badges.holder)',
    totalVariation: 0.2,
  });

  const names = namesOf(plan, comparison);

  expect(names).toContainEqual(['posts.score x degree of badges.holder', 'held', 0.2]);
  expect(names).toContainEqual(['degree of badges.holder x degree of posts.owner', 'lacking', null]);
});

test('two filters on a table need each other; one and a key need the column by degree', () => {
  const two = planOf(scan('posts', 'p', '((p.score > 5) AND (p.views > 5))'));
  const key = planOf(scan('posts', 'p', '((p.owner = 5) AND (p.views > 5))'));

  expect(namesOf(two)).toEqual([['posts.score x posts.views', 'unknown', null]]);
  expect(namesOf(key)).toEqual([['posts.views x degree of posts.owner', 'unknown', null]]);
});

test('only the lowest node that is off is named, and what is off far beyond it', () => {
  const inner = join('(p.owner = u.id)', scan('posts', 'p'), scan('users', 'u', '(u.reputation > 5)'));
  const plan = planOf(join('(u.id = b.holder)', inner, scan('badges', 'b')));
  const at = (quotients: readonly number[]) =>
    diagnose(plan, (node: PlanNode) => quotients[plan.nodes.indexOf(node)] ?? 1, { references, comparison: null });

  expect(at([3, 3, 1, 1, 1]).map(({ condition }) => condition)).toEqual(['p.owner = u.id']);
  expect(at([30, 3, 1, 1, 1]).map(({ rowsQuotient }) => rowsQuotient)).toEqual([30, 3]);
  expect(at([2, 2, 1, 1, 1])).toEqual([]);
});

test("a bitmap's rows are the scan's above it", () => {
  const bitmap = { 'Node Type': 'Bitmap Index Scan', 'Index Name': 'posts_owner', 'Index Cond': '(p.owner = 5)', ...counts };
  const plan = planOf({ ...scan('posts', 'p'), 'Node Type': 'Bitmap Heap Scan', Plans: [bitmap] });

  const [miss] = diagnose(plan, (node) => (node === plan.nodes[1] ? 4 : 1), { references, comparison: null });

  expect(miss?.marginals.map(({ name }) => name)).toEqual(['degree of posts.owner']);
});

test('a scan that is done in another way needs the order of the heap', () => {
  const source = planOf({ ...scan('posts', 'p'), 'Node Type': 'Index Scan', 'Index Name': 'i', 'Index Cond': '(p.created > 5)' });
  const target = planOf(scan('posts', 'p', '(p.created > 5)'));
  const comparison = comparisonOf({ table: 'public.posts', axis: 'time(created) x heap', totalVariation: 0.7 });

  const [miss] = diagnoseScans(source, target, { references, comparison });

  expect(miss?.marginals).toMatchObject([{ name: 'posts.created x heap of posts', state: 'held', residual: 0.7 }]);
  expect(diagnoseScans(source, source, { references, comparison })).toEqual([]);
});
