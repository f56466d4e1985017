// The bytes of a seed with the joint model. A change here is a new algorithm version.
import { createHash } from 'node:crypto';
import { ColumnKernels } from '../../../generator/columns/column-kernels.ts';
import { makeTextPool } from '../../../generator/columns/text-pool.ts';
import { Parents } from '../../../generator/keys/parents.ts';
import { TableKernel } from '../../../generator/table-kernel.ts';
import { column, table } from '../../sampler/measure/catalog-fixture.ts';
import { madeRows, planOf } from '../made-rows.ts';

const int = (name: string, isNullable = false) => column(name, 'int4', { isNullable });
const TABLES = [
  table('users', [int('id'), int('points'), column('joined', 'timestamptz', { isNullable: false })]),
  table('posts', [int('id'), int('owner'), int('score', true), column('kind', 'text'), column('at', 'timestamptz')]),
];

const SPEC = `
  public.users:
    rows: { count: 40 }
    columns:
      id: { kind: sequence }
      points: { kind: number, distribution: { family: uniform, min: 0, max: 99 } }
      joined: { kind: time, order: row, calendar: { kind: bins, bins: [[2024-01-01, 2024-02-01, 1]] }, resolution: second }
    axes:
      points: { kind: number, column: points, decimals: 0, cuts: [50] }
      posts: { kind: degree, child: public.posts, columns: [owner], cuts: [1, 5] }
    marginals: [{ axes: [points, posts], cells: "2 2 8, 2 3 12, 3 3 5, 3 4 15" }]
  public.posts:
    rows: { count: 120 }
    references: { owner: { columns: [owner], table: public.users, to: [id], fanOut: { family: geometric, p: 0.25, start: 0 } } }
    columns:
      id: { kind: sequence }
      score: { kind: number, nullFraction: 0.2, distribution: { family: uniform, min: 0, max: 9 } }
      kind: { kind: category, values: [{ label: a, weight: 2 }, { label: b, weight: 1 }] }
      at: { kind: time, calendar: { kind: bins, bins: [[2024-01-01, 2024-03-01, 1]] }, resolution: second }
    axes:
      score: { kind: number, column: score, decimals: 0, cuts: [5] }
      kind: { kind: category, column: kind, labels: [0, 1] }
      points: { kind: number, column: points, decimals: 0, cuts: [50], via: { columns: [owner], references: public.users } }
      lag: { kind: lag, column: at, since: joined, cuts: [0, 3600, 86400], via: { columns: [owner], references: public.users } }
    marginals:
      - { axes: [kind, score], cells: "2 0 24, 2 2 48, 2 3 8, 3 3 40" }
      - { axes: [score, points], cells: "0 2 12, 0 3 12, 2 2 40, 2 3 8, 3 2 4, 3 3 44" }
      - { axes: [lag], cells: "3 60, 4 40, 5 20" }
`;

const plan = planOf(SPEC, TABLES, 'golden');

test('rows of a seed with marginals stay what they are', () => {
  expect(
    madeRows(plan, 'public.posts')
      .slice(0, 8)
      .map((row) => Object.values(row).join(' ')),
  ).toMatchInlineSnapshot(`
[
  "1 26 5 b 759133757000000",
  "2 26 7 b 759081682000000",
  "3 18 1 a 758657884000000",
  "4 18 2 a 758592262000000",
  "5 37 3 a 759848755000000",
  "6 39 3 a 759958716000000",
  "7 10  a 758114947000000",
  "8 10  a 758136464000000",
]
`);
  expect(
    madeRows(plan, 'public.users')
      .slice(0, 4)
      .map((row) => Object.values(row).join(' ')),
  ).toMatchInlineSnapshot(`
[
  "1 21 757464063000000",
  "2 3 757492938000000",
  "3 65 757512453000000",
  "4 28 757621775000000",
]
`);
});

test('bytes of a seed with marginals stay what they are', () => {
  const kernels = new ColumnKernels(plan, new Parents(plan), makeTextPool(plan.textKey));
  const digests = plan.tables.map((one, at) => {
    const bytes = new TableKernel(one, at, kernels).encodeBlock(0, { high: 0, low: 0 });
    return [one.name, createHash('sha256').update(bytes).digest('hex').slice(0, 16)];
  });

  expect(digests).toMatchInlineSnapshot(`
[
  [
    "public.posts",
    "7c3dcd5d7d827ba7",
  ],
  [
    "public.users",
    "1a77080b89b3cdd5",
  ],
]
`);
});

test('the seed has orders by profile and times that follow the parent', () => {
  const orders = plan.tables.flatMap(({ columns, references }) => [...columns, ...references].map(({ ranks }) => ranks?.order));
  const at = plan.tables[0]?.columns.find(({ name }) => name === 'at')?.builder;

  expect(orders.filter((order) => order === 'profile').length).toBeGreaterThanOrEqual(5);
  expect(at?.kind === 'time' ? at.after?.notBefore : null).toEqual([{ reference: 0, column: 'joined' }]);
});
