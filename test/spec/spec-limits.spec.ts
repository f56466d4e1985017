// Lists of a spec have limits, so that a file that was made by mistake is refused with a sentence and not after minutes.
import { resolvePlan } from '../../generator/plan/resolve-plan.ts';
import { endOfRoom, spreadUnique, wholePlaces } from '../../generator/plan/unique-values.ts';
import { specSchema } from '../../spec/spec.ts';
import { distributionFunction } from '../../stats/distribution-function.ts';
import { column, table } from '../sampler/measure/catalog-fixture.ts';

const HEAD = { format: 'shapecast-spec', version: 1, name: 's', bands: { dev: { scale: 1 } } };
const many = <Value>(count: number, make: (at: number) => Value) => Array.from({ length: count }, (_, at) => make(at));

function specOf(c: unknown, references: unknown = {}): unknown {
  return { ...HEAD, tables: { 'public.t': { rows: { count: 1000 }, references, columns: { id: { kind: 'sequence' }, c } } } };
}

function faultsOf(spec: unknown): string[] {
  const result = specSchema.safeParse(spec);
  return (result.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const numberOf = (distribution: unknown, rest: object = {}) => ({ kind: 'number', distribution, ...rest });
const binsOf = (count: number, step = 10) => many(count, (at) => [at * step, at * step + 10, 1 + (at % 7)]);
const columnPath = 'tables.public.t.columns.c';

const tooLong: [what: string, spec: unknown, expected: string][] = [
  [
    'bins',
    specOf(numberOf({ family: 'empirical', bins: binsOf(100_001) })),
    `${columnPath}.distribution.bins: expected at most 100000 bins`,
  ],
  [
    'points',
    specOf(numberOf({ family: 'quantiles', points: many(100_001, (at) => [at / 200_000, at]) })),
    `${columnPath}.distribution.points: expected at most 100000 points`,
  ],
  [
    'parts',
    specOf(numberOf({ family: 'mixture', parts: many(1001, () => ({ weight: 1, of: { family: 'constant', value: 1 } })) })),
    `${columnPath}.distribution.parts: expected at most 1000 parts`,
  ],
  [
    'values',
    specOf({ kind: 'category', values: many(100_001, (at) => ({ label: `l${at}`, weight: 1 })) }),
    `${columnPath}.values: expected at most 100000 values`,
  ],
  [
    'calendar bins',
    specOf({ kind: 'time', calendar: { kind: 'bins', bins: many(100_001, () => ['2024-01-01', '2024-01-02', 1]) } }),
    `${columnPath}.calendar.bins: expected at most 100000 bins`,
  ],
  [
    'labels of an array',
    specOf({
      kind: 'array',
      length: { family: 'constant', value: 1 },
      element: { kind: 'labels', labels: many(100_001, String) },
    }),
    `${columnPath}.element.labels: expected at most 100000 labels`,
  ],
];

const tree = (levels: readonly number[]) =>
  specOf(numberOf({ family: 'constant', value: 1 }), {
    up: { columns: ['up'], table: 'public.t', to: ['id'], fanOut: { family: 'constant', value: 1 }, levels },
  });

describe('limits of a spec', () => {
  test.each(tooLong)('%s', (_, spec, expected) => {
    expect(faultsOf(spec)).toEqual([expect.stringContaining(expected)]);
  });

  test('a million bins are refused at once', () => {
    const spec = specOf(numberOf({ family: 'empirical', bins: new Array(1_000_000).fill([0, 1, 1]) }));
    const start = performance.now();

    expect(faultsOf(spec)).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test('levels of a tree: at most 10,000, and one with a weight', () => {
    const path = 'tables.public.t.references.up.levels';

    expect(faultsOf(tree(many(10_001, () => 1)))).toEqual([`${path}: expected at most 10000 levels`]);
    expect(faultsOf(tree([0, 0, 0]))).toEqual([`${path}: expected a weight above 0: no level would have a row`]);
    expect(faultsOf(tree([0, 1]))).toEqual([]);
  });
});

describe('lists at the limit', () => {
  const catalog = {
    serverVersion: 18,
    enums: [],
    tables: [table('t', [column('id', 'int8', { isNullable: false }), column('c', 'int8')], {})],
  };
  const planOf = (c: unknown) =>
    resolvePlan({ spec: specSchema.parse(specOf(c)), catalog, band: 'dev', seed: 'a', scale: 1, rows: new Map() });

  test.each([
    ['apart', 10],
    ['overlapping', 3],
  ])('100,000 unique bins, %s, are planned in seconds', (_, step) => {
    const bins = numberOf({ family: 'empirical', bins: binsOf(100_000, step) }, { isUnique: true });
    const start = performance.now();

    expect(planOf(bins).tables[0]?.columns).toHaveLength(2);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test('more bins than a call takes arguments are spread', () => {
    const bins = many(300_000, (at) => ({ from: at * 10, to: at * 10 + 1, count: 1 + (at % 2) }));
    const end = endOfRoom(bins, { intervals: [{ from: 0, to: 4_000_000 }] }, 0, 5_000_000);

    expect(end).toBe(4_000_000);
    expect(spreadUnique(bins, wholePlaces(end))?.reduce((sum, { count }) => sum + count, 0)).toBe(450_000);
  });

  test('overlapping bins add up as each of them says', () => {
    const bins = many(40, (at): [number, number, number] => [(at * 7) % 31, ((at * 7) % 31) + 1 + (at % 5), at % 4]);
    const below = distributionFunction({ family: 'empirical', bins });
    const total = bins.reduce((sum, [, , weight]) => sum + weight, 0);
    for (let x = -1; x < 40; x += 0.25) {
      const sum = bins.reduce((all, [from, to, weight]) => all + weight * Math.min(1, Math.max(0, (x - from) / (to - from))), 0);
      expect(below(x)).toBeCloseTo(sum / total, 10);
    }
  });
});
