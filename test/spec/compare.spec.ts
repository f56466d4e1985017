import fc from 'fast-check';
import type { Axis } from '../../spec/axis.ts';
import { alignMarginals } from '../../spec/compare/align-marginals.ts';
import { comparePacks, comparisonSchema, formatComparison } from '../../spec/compare.ts';
import type { Marginal } from '../../spec/pack.ts';
import { buildTestPack } from '../support/sample-pack.ts';
import { arbitraryPack } from './arbitrary-pack.ts';

function marginal(axis: Axis, cells: number[][], other = 0): Marginal {
  return {
    table: 'public.users',
    axes: [axis],
    cells,
    other,
    total: cells.reduce((sum, cell) => sum + (cell.at(-1) ?? 0), other),
    cost: { rho: '0/1' },
  };
}

const number: Axis = { kind: 'number', column: 'n', decimals: 0, subBits: 12 };
const labels = (...names: string[]): Axis => ({
  kind: 'category',
  column: 'c',
  labels: names.map((text) => (/^[0-9a-f]{16}$/.test(text) ? { token: text } : { label: text })),
});

describe('alignMarginals', () => {
  test('exact values of the candidate fall into the reference’s cells, inner ones first', () => {
    // The octave 8..15 without 10, and 10 by itself.
    const reference = marginal(
      number,
      [
        [0, 10, 50],
        [4, 4, 30],
      ],
      20,
    );
    const candidate = marginal(number, [
      [0, 9, 4],
      [0, 10, 60],
      [0, 15, 6],
      [0, 16, 30],
    ]);

    expect(alignMarginals(reference, candidate)).toEqual({ reference: [30, 50, 20], candidate: [10, 60, 30] });
  });

  test('a coarse cell of the candidate is shared by width', () => {
    const reference = marginal(number, [
      [0, 8, 50],
      [0, 9, 50],
    ]);
    const candidate = marginal(number, [[4, 4, 80]]);

    expect(alignMarginals(reference, candidate)).toEqual({ reference: [50, 50, 0], candidate: [10, 10, 60] });
  });

  test('labels in clear are matched by text, hidden ones by rank, the rest is other', () => {
    const reference = marginal(
      labels('1111111111111111', 'red', '2222222222222222'),
      [
        [0, 0, 40],
        [0, 1, 100],
        [0, 2, 60],
      ],
      10,
    );
    const candidate = marginal(labels('aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb', 'cccccccccccccccc', 'red'), [
      [0, 0, 5],
      [0, 1, 39],
      [0, 2, 66],
      [0, 3, 100],
    ]);

    expect(alignMarginals(reference, candidate)).toEqual({ reference: [100, 60, 40, 10], candidate: [100, 66, 39, 5] });
  });
});

describe('comparePacks', () => {
  test('a pack is like itself in everything', () => {
    const comparison = comparePacks(buildTestPack(), buildTestPack());

    expect(comparison.isOk).toBe(true);
    expect(comparison.missing).toEqual([]);
    expect(comparison.marginals).toHaveLength(buildTestPack().marginals.length);
    expect(comparison.marginals.every((each) => each.totalVariation < 1e-9)).toBe(true);
  });

  test('any pack is like itself, and the result fits its schema', () => {
    fc.assert(
      fc.property(arbitraryPack, (pack) => {
        const comparison = comparisonSchema.parse(comparePacks(pack, pack));

        expect(comparison.marginals.every((each) => each.totalVariation >= 0 && each.floor >= 0)).toBe(true);
        expect(comparison.missing).toEqual([]);
      }),
    );
  });

  test('the total variation of known counts is exact, and the floor is that of two samples', () => {
    const [reference, candidate] = [buildTestPack(), buildTestPack()];
    reference.marginals = [
      marginal(number, [
        [0, 1, 500],
        [0, 2, 500],
      ]),
    ];
    candidate.marginals = [
      marginal(number, [
        [0, 1, 700],
        [0, 2, 250],
        [0, 3, 50],
      ]),
    ];

    const [result] = comparePacks(reference, candidate).marginals;

    // Shares .5 .5 0 against .7 .25 .05.
    expect(result?.totalVariation).toBeCloseTo(0.25, 12);
    const floor = [0.6, 0.375, 0.025].reduce(
      (sum, p) => sum + (Math.sqrt(2 / Math.PI) * Math.sqrt((p * (1 - p) * 2) / 1000)) / 2,
      0,
    );
    expect(result?.floor).toBeCloseTo(floor, 12);
  });

  test('a table that is off is named with its worst marginal', () => {
    const candidate = buildTestPack();
    const degrees = candidate.marginals.find((each) => each.axes[0]?.kind === 'degree');
    if (degrees !== undefined) Object.assign(degrees, { cells: [[0, 13, 2000]], other: 0 });

    const comparison = comparePacks(buildTestPack(), candidate);

    expect(comparison.isOk).toBe(false);
    expect(comparison.tables.find((table) => table.table === 'public.users')).toMatchObject({
      isOk: false,
      worst: { axis: 'degree(public.messages.user_id)' },
    });
    expect(comparison.tables.find((table) => table.table === 'public.messages')?.isOk).toBe(true);
  });

  test('a marginal that the candidate lacks is missing, one that the reference withheld is not asked for', () => {
    const [reference, candidate] = [buildTestPack(), buildTestPack()];
    candidate.marginals = candidate.marginals.slice(1);

    expect(comparePacks(reference, candidate)).toMatchObject({ isOk: false, missing: ['public.users presence(country)'] });
    Object.assign(reference.marginals[0] ?? {}, { cells: [], total: 0, other: 0 });
    expect(comparePacks(reference, candidate)).toMatchObject({ isOk: true, missing: [] });
  });

  test('rows of the reference against none are as far off as can be', () => {
    const [reference, candidate] = [buildTestPack(), buildTestPack()];
    reference.marginals = [marginal(number, [[0, 1, 500]])];
    candidate.marginals = [marginal(number, [])];

    expect(comparePacks(reference, candidate).marginals[0]?.totalVariation).toBe(1);
  });
});

describe('formatComparison', () => {
  test('prints every marginal with its floor, a line per table and a verdict', () => {
    const text = formatComparison(comparePacks(buildTestPack(), buildTestPack()));
    const lines = text.split('\n');

    expect(lines).toContain('  number(price)           TV 0.0000  floor 0.0462');
    expect(lines.filter((line) => line.startsWith('✓  public.'))).toHaveLength(2);
    expect(text.endsWith('✓ the shapes agree: 2 tables, mean total variation at most 0.03 + sampling floor per table\n')).toBe(
      true,
    );
  });

  test('counts in its verdict only the tables that were judged', () => {
    const small = buildTestPack();
    const [first] = small.structure.tables;
    if (first !== undefined) Object.assign(first, { rows: 10 });
    const none = buildTestPack();
    for (const table of none.structure.tables) Object.assign(table, { rows: 10 });

    expect(formatComparison(comparePacks(small, buildTestPack()))).toMatch(
      /✓ the shapes agree: 1 table, .*; 1 marked · too small to judge\n$/,
    );
    expect(formatComparison(comparePacks(none, buildTestPack()))).toMatch(
      /· nothing to judge: .*; 2 marked · too small to judge\n$/,
    );
  });
});
