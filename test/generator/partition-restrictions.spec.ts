import { wholeBound } from '../../generator/plan/bound-value.ts';
import { clipBuilder } from '../../generator/plan/clip-builder.ts';
import { partitionRestrictions } from '../../generator/plan/partition-restrictions.ts';
import { intersectRestrictions, mergeIntervals, UNRESTRICTED } from '../../generator/plan/restriction.ts';
import type { CatalogColumn, CatalogPartitioning, CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { PlanBuilder } from '../../spec/plan.ts';

function column(name: string, baseType: string, scale: number | null = null): CatalogColumn {
  return {
    name,
    position: 1,
    type: baseType,
    typeSchema: 'pg_catalog',
    baseType,
    kind: 'base',
    elementType: null,
    enumType: null,
    typeOid: 0,
    maxLength: null,
    precision: null,
    scale,
    isNullable: true,
    generated: false,
    identity: 'none',
    hasDefault: false,
    hasUniqueDefault: false,
    generatedFrom: [],
    distinctEstimate: null,
  };
}

function restrictionsOf(
  strategy: CatalogPartitioning['strategy'],
  columns: readonly CatalogColumn[],
  bounds: readonly string[],
  keys: readonly (string | null)[] = columns.map((one) => one.name),
) {
  const partitions = bounds.map((bound, index) => ({ schema: 'public', name: `p${index}`, bound, isPartitioned: false }));
  const table: CatalogTable = {
    schema: 'public',
    name: 't',
    oid: 1,
    isPartitioned: true,
    leaves: [],
    partitioning: { strategy, columns: keys, partitions },
    columns,
    primaryKey: null,
    uniques: [],
    foreignKeys: [],
    checks: [],
    indexes: [],
    exclusions: [],
    insertTriggers: [],
    estimatedRows: 0,
    pages: 0,
    hasMarkerComment: false,
  };
  return Object.fromEntries(partitionRestrictions(table));
}

const DAY = 86_400_000_000;

describe('bounds in the units of the plan', () => {
  test.each([
    ['2000-01-02', 'date', 0, 1],
    ['1999-12-31', 'date', 0, -1],
    ['0001-01-01 BC', 'date', 0, -730_485],
    ['infinity', 'date', 0, Number.POSITIVE_INFINITY],
    ['2000-01-01 00:00:01.5', 'timestamp', 0, 1_500_000],
    ['2000-01-01 02:00:00+02', 'timestamptz', 0, 0],
    ['2000-01-01 00:00:00-05:30', 'timestamptz', 0, 19_800_000_000],
    ['12.30', 'numeric', 2, 1230],
    ['12.301', 'numeric', 2, 1231],
    ['-12.301', 'numeric', 2, -1230],
    ['7', 'int4', 0, 7],
    ['true', 'bool', 0, 1],
    ['x', 'int4', 0, Number.NaN],
  ])('%s as %s', (text, baseType, decimals, expected) => {
    expect(wholeBound(text, baseType, decimals)).toBe(expected);
  });
});

describe('partitions restrict', () => {
  test('a range key to the union of their ranges, and never to NULL', () => {
    const bounds = ['FOR VALUES FROM (1) TO (10)', 'FOR VALUES FROM (10) TO (20)', 'FOR VALUES FROM (30) TO (MAXVALUE)'];

    expect(restrictionsOf('range', [column('k', 'int4')], bounds)).toEqual({
      k: {
        ...UNRESTRICTED,
        isNotNull: true,
        intervals: [
          { from: 1, to: 20 },
          { from: 30, to: Number.POSITIVE_INFINITY },
        ],
      },
    });
  });

  test('dates in days, times in microseconds and amounts in the unit of the column', () => {
    const day = restrictionsOf('range', [column('k', 'date')], [`FOR VALUES FROM ('2000-01-02') TO ('2000-01-04')`]);
    const time = restrictionsOf(
      'range',
      [column('k', 'timestamptz')],
      [`FOR VALUES FROM ('2000-01-02 00:00:00+00') TO (MAXVALUE)`],
    );
    const amount = restrictionsOf('range', [column('k', 'numeric', 2)], [`FOR VALUES FROM ('1.99') TO (3)`]);

    expect(day.k?.intervals).toEqual([{ from: 1, to: 3 }]);
    expect(time.k?.intervals).toEqual([{ from: DAY, to: Number.POSITIVE_INFINITY }]);
    expect(amount.k?.intervals).toEqual([{ from: 1.99, to: 3 }]);
  });

  test('the first of several range keys to what is inside whatever the others are', () => {
    const bounds = ['FOR VALUES FROM (1, 5) TO (4, 5)', 'FOR VALUES FROM (4, 5) TO (9, 5)'];

    expect(restrictionsOf('range', [column('a', 'int4'), column('b', 'int4')], bounds)).toEqual({
      a: { ...UNRESTRICTED, isNotNull: true, intervals: [{ from: 2, to: 9 }] },
      b: { ...UNRESTRICTED, isNotNull: true },
    });
  });

  test('a list key to the listed labels or numbers', () => {
    const labels = restrictionsOf('list', [column('k', 'text')], [`FOR VALUES IN ('eu', NULL)`, `FOR VALUES IN ('us')`]);
    const numbers = restrictionsOf('list', [column('k', 'int4')], ['FOR VALUES IN (1, 2)', 'FOR VALUES IN (7)']);

    expect(labels.k).toEqual({ ...UNRESTRICTED, labels: ['eu', 'us'] });
    expect(numbers.k).toEqual({
      ...UNRESTRICTED,
      isNotNull: true,
      intervals: [
        { from: 1, to: 3 },
        { from: 7, to: 8 },
      ],
    });
  });

  test.each([
    ['list' as const, [`FOR VALUES IN ('a')`, 'DEFAULT']],
    ['range' as const, ['FOR VALUES FROM (1) TO (2)', 'DEFAULT']],
    ['hash' as const, ['FOR VALUES WITH (modulus 1, remainder 0)']],
    ['range' as const, ['something new']],
  ])('nothing where every value has a place, or where that cannot be told (%s)', (strategy, bounds) => {
    expect(restrictionsOf(strategy, [column('k', 'int4')], bounds)).toEqual({});
  });

  test('nothing for an expression', () => {
    expect(restrictionsOf('range', [column('k', 'int4')], ['FOR VALUES FROM (1) TO (2)'], [null])).toEqual({});
  });
});

describe('restrictions', () => {
  test('intersect to what both leave', () => {
    const left = { ...UNRESTRICTED, intervals: [{ from: 0, to: 10 }], labels: ['a', 'b'], maxLength: 5 };
    const right = {
      ...UNRESTRICTED,
      intervals: [
        { from: -5, to: 2 },
        { from: 8, to: 99 },
      ],
      labels: ['b', 'c'],
      isNotNull: true,
      minLength: 2,
    };

    expect(intersectRestrictions(left, right)).toEqual({
      intervals: [
        { from: 0, to: 2 },
        { from: 8, to: 10 },
      ],
      labels: ['b'],
      isNotNull: true,
      minLength: 2,
      maxLength: 5,
    });
    expect(intersectRestrictions(left, UNRESTRICTED)).toEqual(left);
  });

  test('merge intervals that touch, and drop empty ones', () => {
    const intervals = [
      { from: 5, to: 7 },
      { from: 1, to: 5 },
      { from: 9, to: 9 },
      { from: 6, to: 8 },
    ];

    expect(mergeIntervals(intervals)).toEqual([{ from: 1, to: 8 }]);
  });
});

describe('a clipped builder', () => {
  const key = [1, 2] as const;
  const number: PlanBuilder = {
    kind: 'number',
    histogram: { from: [0, 10, 50], width: [10, 40, 50], cumulative: [0, 100, 300, 1000] },
    key,
    isUnique: false,
  };
  const request = { baseType: 'int4', decimals: 0, rows: 1000 };
  const within = (from: number, to: number) => ({ ...UNRESTRICTED, intervals: [{ from, to }] });

  test('keeps its counts and has no value outside', () => {
    const clipped = clipBuilder({ ...request, builder: number, restriction: within(5, 50) });

    expect(clipped).toMatchObject({ histogram: { from: [5, 10], width: [5, 40], cumulative: [0, 200, 1000] } });
  });

  test('is the same where nothing lies outside', () => {
    expect(clipBuilder({ ...request, builder: number, restriction: within(0, 100) })).toEqual(number);
  });

  test.each([within(200, 300), { ...UNRESTRICTED, intervals: [] }])('is a fault where nothing lies inside', (restriction) => {
    expect(clipBuilder({ ...request, builder: number, restriction })).toContain('no partition takes');
  });

  test('in hundredths keeps to the cent', () => {
    const clipped = clipBuilder({ ...request, decimals: 2, builder: number, restriction: within(0.07, 0.29) });

    expect(clipped).toMatchObject({ histogram: { from: [7, 10], width: [3, 19] } });
  });

  test('of days falls apart into hours at the edge', () => {
    const hour = 3_600_000_000;
    const builder: PlanBuilder = {
      kind: 'time',
      histogram: { from: [262_968, 262_992], width: [24, 24], cumulative: [0, 240, 480] },
      profile: Array.from({ length: 7 }, () => Array.from({ length: 25 }, (_, at) => Math.round((at * 65536) / 24))),
      unitUs: 1,
      key,
      isUnique: false,
      epoch: null,
    };

    const clipped = clipBuilder({ ...request, baseType: 'timestamptz', builder, restriction: within(22 * hour, 48 * hour) });

    expect(clipped).toMatchObject({ histogram: { from: [262_990, 262_991, 262_992], width: [1, 1, 24] } });
  });

  test('of keys in sequence is a fault as soon as one key is outside', () => {
    const builder: PlanBuilder = { kind: 'sequence', start: 1, step: 1 };

    expect(clipBuilder({ ...request, builder, restriction: within(1, 1001) })).toBe(builder);
    expect(clipBuilder({ ...request, builder, restriction: within(1, 1000) })).toContain('do not all have a partition');
  });

  test('of labels keeps the listed ones', () => {
    const builder: PlanBuilder = { kind: 'labels', labels: ['a', 'b', 'c'], cumulative: [0, 10, 20, 80, 100], other: null };

    expect(clipBuilder({ ...request, builder, restriction: { ...UNRESTRICTED, labels: ['b', 'c'] } })).toEqual({
      kind: 'labels',
      labels: ['b', 'c'],
      cumulative: [0, 14, 100, 100],
      other: null,
    });
  });

  test('of texts is a fault with the way out', () => {
    const builder: PlanBuilder = { kind: 'template', before: 'a', after: '' };

    expect(clipBuilder({ ...request, builder, restriction: { ...UNRESTRICTED, labels: ['b'] } })).toContain('make it a category');
  });
});
