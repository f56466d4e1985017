import fc from 'fast-check';
import { spreadCells } from '../../spec/calibrate/spread-cells.ts';
import { calibrate } from '../../spec/calibrate.ts';
import type { Pack, PairMarginal } from '../../spec/pack.ts';
import { coarseClass, type PairAxis, pairAxisSchema } from '../../spec/pair-axis.ts';
import { readCells } from '../../spec/pair-cells.ts';
import { parseSpec, type Spec } from '../../spec/spec.ts';
import { formatSpec } from '../../spec/spec-text.ts';
import { buildTestPack } from '../support/sample-pack.ts';

const USERS = 'public.users';
const MESSAGES = 'public.messages';
const VIA = { columns: ['user_id'], references: USERS };

const sizes: PairAxis = { kind: 'length', column: 'username', of: 'characters', cuts: [8, 10, 12] };
const active: PairAxis = { kind: 'category', column: 'is_active', labels: [1, 0] };
const countries: PairAxis = { kind: 'category', column: 'country', labels: [3, 0, 1] };
const degree: PairAxis = { kind: 'degree', child: MESSAGES, columns: ['user_id'], cuts: [1, 2, 4] };

function pairOf(table: string, axes: PairAxis[], cells: number[][], rest: Partial<PairMarginal> = {}): PairMarginal {
  const other = rest.other ?? 0;
  const total = cells.reduce((sum, cell) => sum + (cell.at(-1) ?? 0), other);
  return { table, axes, why: 'tree', information: 123, total, cells, other, cost: { rho: '0/1' }, ...rest };
}

function calibrated(marginals: PairMarginal[], change: (pack: Pack) => void = () => {}): Spec {
  const pack = buildTestPack();
  pack.pairs = { rule: 'tree', leftOut: 0, marginals, distinctTimes: [] };
  change(pack);
  return calibrate(pack, { name: 'test', now: new Date('2024-04-01T12:00:00Z') });
}

/** [class, class, count] of each cell with rows, without the block it was counted in. */
function cellsOf(spec: Spec, table: string, at = 0): number[][] {
  const marginal = spec.tables[table]?.marginals?.[at];
  const axes = (marginal?.axes ?? []).flatMap((name) => spec.tables[table]?.axes?.[name] ?? []);
  return (marginal?.cells ?? '').split(', ').map((cell) => {
    expect(axes).toHaveLength(marginal?.axes.length ?? 0);
    return (cell.split('~')[0] ?? '').split(' ').map(Number);
  });
}

describe('calibrate: pairs', () => {
  test('become marginals over named axes, with the reason they were chosen, and read back equal from the text', () => {
    const spec = calibrated([
      pairOf(
        USERS,
        [sizes, degree],
        [
          [0, 2, 2, 40],
          [0, 3, 5, 60],
        ],
        { why: 'degree', other: 21 },
      ),
      pairOf(USERS, [degree], [[0, 2, 500]], { why: 'siblings' }),
    ]);

    const table = spec.tables[USERS];
    expect(Object.entries(table?.axes ?? {})).toEqual([
      ['length(username)', sizes],
      ['degree(public.messages.user_id)', degree],
    ]);
    expect(table?.marginals).toEqual([
      {
        axes: ['length(username)', 'degree(public.messages.user_id)'],
        cells: '2 2 40, 3 5 60',
        other: 21,
        because: 'degree, 0.123 bits',
      },
      { axes: ['degree(public.messages.user_id)'], cells: '2 500', other: 0, because: 'siblings' },
    ]);
    expect(spec.tables[MESSAGES]?.marginals).toBeUndefined();
    expect(parseSpec(formatSpec(spec), 'spec.yaml')).toEqual(spec);
  });

  test('name the same column cut in two ways twice', () => {
    const finer: PairAxis = { ...sizes, cuts: [9] };
    const spec = calibrated([pairOf(USERS, [sizes, degree], [[0, 2, 2, 40]]), pairOf(USERS, [finer, degree], [[0, 2, 2, 40]])]);

    expect(Object.keys(spec.tables[USERS]?.axes ?? {})).toEqual([
      'length(username)',
      'degree(public.messages.user_id)',
      'length(username) #2',
    ]);
    expect(spec.tables[USERS]?.marginals?.[1]?.axes).toEqual(['length(username) #2', 'degree(public.messages.user_id)']);
  });

  test('count labels by their place in the column of the spec, which is without the labels that were not released', () => {
    const spec = calibrated(
      [
        pairOf(
          USERS,
          [countries, sizes],
          [
            [0, 0, 2, 9],
            [0, 2, 2, 30],
            [0, 3, 3, 40],
            [0, 4, 3, 50],
          ],
        ),
      ],
      (pack) => {
        const marginal = pack.marginals.find(({ axes: [axis] }) => axis?.kind === 'category' && axis.column === 'country');
        // The label in place 0 was folded.
        if (marginal !== undefined) marginal.cells = marginal.cells.filter(([, bin]) => bin !== 0);
        if (marginal !== undefined)
          marginal.other = marginal.total - marginal.cells.reduce((sum, [, , count = 0]) => sum + count, 0);
      },
    );

    const column = spec.tables[USERS]?.columns.country;
    const labels = buildTestPack().marginals.flatMap(({ axes: [axis] }) =>
      axis?.kind === 'category' && axis.column === 'country' ? axis.labels : [],
    );
    const axis = spec.tables[USERS]?.axes?.['category(country)'];
    if (axis?.kind !== 'category' || column?.kind !== 'category') throw new Error('no category');
    expect(axis.labels.map((position) => column.values[position])).toEqual([
      expect.objectContaining(labels[3] as object),
      expect.objectContaining(labels[1] as object),
    ]);
    expect(cellsOf(spec, USERS)).toEqual([
      [0, 2, 9],
      [1, 3, 40],
      [2, 2, 30],
      [3, 3, 50],
    ]);
  });

  test('count false as 0 and true as 1, from the other side of a reference as well', () => {
    const spec = calibrated(
      [
        pairOf(
          MESSAGES,
          [{ ...active, via: VIA }],
          [
            [0, 2, 70],
            [0, 3, 30],
          ],
        ),
      ],
      (pack) => {
        const marginal = pack.marginals.find(({ axes: [axis] }) => axis?.kind === 'category' && axis.column === 'is_active');
        const [axis] = marginal?.axes ?? [];
        // In the pack true stands first.
        if (axis?.kind === 'category') axis.labels.reverse();
      },
    );

    expect(spec.tables[USERS]?.columns.is_active?.kind).toBe('boolean');
    expect(spec.tables[MESSAGES]?.axes?.['user_id -> category(is_active)']).toMatchObject({ labels: [0, 1] });
    expect(cellsOf(spec, MESSAGES)).toEqual([
      [2, 70],
      [3, 30],
    ]);
  });

  test('are left out where the spec has not the column, the reference or the category', () => {
    const nowhere = { ...VIA, columns: ['nobody_id'] };
    const spec = calibrated([
      pairOf(USERS, [{ kind: 'number', column: 'nothing', decimals: 0, cuts: [] }, sizes], [[0, 2, 2, 40]]),
      pairOf(MESSAGES, [{ kind: 'heap', ranges: 4, via: nowhere }], [[0, 2, 40]]),
      pairOf(USERS, [{ kind: 'category', column: 'username', labels: [0] }], [[0, 2, 40]]),
      pairOf(USERS, [{ ...degree, columns: ['nobody_id'] }], [[0, 2, 40]]),
      pairOf(USERS, [sizes], [[0, 99, 40]]),
    ]);

    expect(spec.tables[USERS]).not.toHaveProperty('axes');
    expect(spec.tables[USERS]).not.toHaveProperty('marginals');
    expect(spec.tables[MESSAGES]).not.toHaveProperty('marginals');
  });

  test('without pairs in the pack the spec is as before', () => {
    expect(calibrated([])).toEqual(calibrate(buildTestPack(), { name: 'test', now: new Date('2024-04-01T12:00:00Z') }));
  });
});

describe('spreadCells', () => {
  const one: PairAxis = { kind: 'number', column: 'a', decimals: 0, cuts: [1, 2, 3] };
  const two: PairAxis = { kind: 'number', column: 'b', decimals: 0, cuts: [1, 2, 3] };

  test('gives a joined cell to its classes by their line and column, and nothing to those with a count of their own', () => {
    const { counts, columns } = spreadCells(
      [one, two],
      [
        [0, 2, 2, 900],
        [0, 3, 4, 300],
        [1, 2, 2, 30],
      ],
      [null, null],
    );

    const at = (first: number, second: number) => counts[first * columns + second];
    expect(at(2, 2)).toBe(900);
    expect([at(2, 3), at(3, 2), at(3, 3)].reduce((sum: number, count) => sum + (count ?? 0), 0)).toBe(30);
    // Column 2 has the 900, column 3 next to nothing; line 3 has 300, line 2 has 900.
    expect(at(3, 2)).toBeGreaterThan(20);
    expect(at(2, 3)).toBeGreaterThan(at(3, 3) ?? 0);
  });

  test('takes a joined cell apart such that lines and columns have the counts known of each axis alone', () => {
    const lines = Float64Array.of(0, 0, 1000, 100, 0, 0);
    const across = Float64Array.of(0, 0, 700, 400, 0, 0);

    const { counts, columns } = spreadCells([one, two], [[1, 2, 2, 1100]], [lines, across]);

    const at = (first: number, second: number) => counts[first * columns + second] ?? 0;
    expect(at(2, 2) + at(2, 3)).toBeCloseTo(1000, -1);
    expect(at(2, 2) + at(3, 2)).toBeCloseTo(700, -1);
    expect(at(3, 3)).toBeCloseTo(36, -1);
  });

  test('keeps the total and the count of every joined cell, any cells', () => {
    const cell = fc.tuple(fc.nat(2), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }), fc.nat(500));
    fc.assert(
      fc.property(fc.uniqueArray(cell, { maxLength: 20, selector: (each) => each.slice(0, 3).join(' ') }), (drawn) => {
        const cells = drawn.map(([level, first, second, count]) => [
          level,
          coarseClass(one, level, first),
          coarseClass(two, level, second),
          count,
        ]);

        const { counts } = spreadCells([one, two], cells, [null, null]);

        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(cells.reduce((sum, each) => sum + (each[3] ?? 0), 0));
        expect(counts.every(Number.isInteger)).toBe(true);
      }),
    );
  });
});

describe('calibrate: joined cells', () => {
  test('follow the marginal of the column alone', () => {
    // The cell joins names of less than 8 characters with those of 8 and 9.
    const spec = calibrated([pairOf(USERS, [sizes, degree], [[1, 2, 2, 2000]])]);

    const pack = buildTestPack();
    const lengths = pack.marginals.find(({ axes: [axis] }) => axis?.kind === 'length' && axis.column === 'username');
    const short = (lengths?.cells ?? []).flatMap(([level, bin = 0, count = 0]) => (level === 0 && bin < 8 ? [count] : []));
    const first = cellsOf(spec, USERS).flatMap(([line, , count = 0]) => (line === 2 ? [count] : []));
    // Nobody's name has fewer than 8 characters.
    expect(short).toEqual([]);
    expect(first.reduce((sum, count) => sum + count, 0)).toBeLessThan(20);
  });
});

describe('readCells', () => {
  test('is a matrix of all classes, row by row', () => {
    const flag = pairAxisSchema.parse({ kind: 'presence', column: 'a' });

    expect([...readCells('0 1 5, 2 2 7.5', [flag, flag]).counts]).toEqual([0, 5, 0, 0, 0, 0, 0, 0, 7.5]);
    expect([...readCells('2 3', [flag]).counts]).toEqual([0, 0, 3]);
    expect(() => readCells('3 3', [flag])).toThrow(expect.objectContaining({ code: 'BUG' }));
  });
});
