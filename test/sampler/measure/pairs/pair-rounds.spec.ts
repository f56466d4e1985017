import { choosePairs, ROUND_LIMITS } from '../../../../sampler/measure/pairs/choose-pairs.ts';
import { informationOf } from '../../../../sampler/measure/pairs/information.ts';
import { spreadCells } from '../../../../sampler/measure/pairs/pair-matrix.ts';
import { choosePairRounds } from '../../../../sampler/measure/pairs/pair-rounds.ts';
import type { PairMarginal } from '../../../../spec/pack.ts';
import { FIRST_CLASS, namePairAxis, type PairAxis } from '../../../../spec/pair-axis.ts';

type Row = Readonly<Record<string, number>>;

/** Axes over four values each. `key -> x` is a parent's column. */
function axisOf(name: string): PairAxis {
  const [column = '', far] = name.split(' -> ');
  const own = { kind: 'number' as const, decimals: 0, cuts: [1, 2, 3] };
  return far === undefined
    ? { ...own, column }
    : { ...own, column: far, via: { columns: [column], references: 'public.parents' } };
}

/** The pair as counted over the rows. */
function countPair(rows: readonly Row[], names: readonly [string, string], table = 'public.t'): PairMarginal {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const cell = names.map((name) => FIRST_CLASS + (row[name] ?? 0)).join(' ');
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  const axes = names.map(axisOf);
  const cells = [...counts].map(([cell, count]) => [0, ...cell.split(' ').map(Number), count]);
  const why = names.some((name) => name.includes('->')) ? 'parent' : 'tree';
  return { table, axes, why, information: informationOf(axes, cells), total: rows.length, cells, other: 0, cost: { rho: '0/1' } };
}

function chosen(pairs: readonly PairMarginal[]): string[] {
  return pairs.map(({ axes, why }) => `${why}: ${axes.map(namePairAxis).join(' x ')}`);
}

// Three independent bits and some noise bits, every combination as often.
const BITS = Array.from({ length: 4096 }, (_, at) => Array.from({ length: 12 }, (_, bit) => (at >> bit) & 1));
const [P, Q, R] = [0, 1, 2];
/** Each two of the three columns share one bit: no tree of two pairs knows of the third. */
const CIRCLE = BITS.map((bits) => ({
  a: 2 * (bits[P] ?? 0) + (bits[Q] ?? 0),
  b: 2 * (bits[Q] ?? 0) + (bits[R] ?? 0),
  c: 2 * (bits[R] ?? 0) + (bits[P] ?? 0),
}));
/** All that ties c to a goes through b. */
const CHAIN = BITS.map((bits) => {
  const [a, b] = [2 * (bits[P] ?? 0) + (bits[Q] ?? 0), 2 * (bits[P] ?? 0) + (bits[R] ?? 0)];
  return { a, b, c: b >= 2 ? 3 : (bits[5] ?? 0) };
});

function circleOf(rows: readonly Row[]): PairMarginal[] {
  return [countPair(rows, ['a', 'b']), countPair(rows, ['b', 'c']), countPair(rows, ['a', 'c'])];
}

describe('rounds of pairs', () => {
  test('a dependence that the tree misses is added', () => {
    const pairs = choosePairs(circleOf(CIRCLE), 'tree', []);

    expect(chosen(pairs).map((text) => text.split(':')[0])).toEqual(['tree', 'tree', 'round']);
  });

  test('what follows from the tree stays out', () => {
    const pairs = choosePairs(circleOf(CHAIN), 'tree', []);

    expect(circleOf(CHAIN).every(({ information }) => information > 500)).toBe(true);
    expect(pairs).toHaveLength(2);
    expect(pairs.every(({ why }) => why === 'tree')).toBe(true);
  });

  test('a dependence that only the tree sees is put right', () => {
    const rows = BITS.map((bits) => ({ a: bits[P] ?? 0, c: bits[Q] ?? 0, b: 2 * (bits[P] ?? 0) + (bits[Q] ?? 0) }));
    const idle = circleOf(rows);

    // a and c are independent, and the tree over b says so too.
    expect(chosen(choosePairs(idle, 'tree', []))).toEqual(['tree: number(a) x number(b)', 'tree: number(b) x number(c)']);
  });

  test("a parent's own pairs speak for its children", () => {
    const parents = BITS.map((bits) => ({ x: 2 * (bits[P] ?? 0) + (bits[Q] ?? 0), y: 2 * (bits[P] ?? 0) + (bits[Q] ?? 0) }));
    const rows = BITS.map((bits, at) => {
      const { x = 0, y = 0 } = parents[at] ?? {};
      return { a: (bits[P] ?? 0) * 2 + (bits[R] ?? 0), 'key -> x': x, 'key -> y': y };
    });
    const first = countPair(rows, ['a', 'key -> x']);
    const second = countPair(rows, ['a', 'key -> y']);
    const own = countPair(parents, ['x', 'y'], 'public.parents');

    expect(choosePairRounds([first, second], [first], [], ROUND_LIMITS)).toHaveLength(1);
    expect(choosePairRounds([first, second, own], [first, own], [], ROUND_LIMITS)).toEqual([]);
  });

  test('whether a row has a parent is no news beside what its parent is like, and the ways over it count', () => {
    const presence: PairAxis = { kind: 'presence', column: 'key' };
    const parent = axisOf('key -> x');
    const shared = { table: 'public.t', total: 4000, other: 0, cost: { rho: '0/1' } };
    const make = (axes: PairAxis[], why: PairMarginal['why'], cells: number[][]): PairMarginal => {
      return { ...shared, axes, why, cells, information: informationOf(axes, cells) };
    };
    const given = make([presence, parent], 'parent', [
      [0, 0, 0, 2000],
      [0, 2, 2, 1000],
      [0, 2, 5, 1000],
    ]);
    const kind = make([axisOf('a'), presence], 'tree', [
      [0, 2, 0, 1900],
      [0, 2, 2, 100],
      [0, 3, 0, 100],
      [0, 3, 2, 1900],
    ]);
    const far = make([axisOf('a'), parent], 'parent', [
      [0, 2, 0, 1900],
      [0, 2, 2, 50],
      [0, 2, 5, 50],
      [0, 3, 0, 100],
      [0, 3, 2, 950],
      [0, 3, 5, 950],
    ]);

    expect(chosen(choosePairs([given, kind], 'tree', []))).toEqual(['tree: number(a) x presence(key)']);
    expect(choosePairRounds([far], [kind], [given], ROUND_LIMITS)).toEqual([]);
    expect(choosePairRounds([far], [kind], [], ROUND_LIMITS)).toHaveLength(1);
  });

  test('rounds stop at the limits', () => {
    const [ab, bc, ac] = circleOf(CIRCLE) as [PairMarginal, PairMarginal, PairMarginal];

    const rounds = (perTable: number, cells: number) => choosePairRounds([ab, bc, ac], [ab, bc], [], { perTable, cells });
    expect(rounds(3, 1000)).toHaveLength(1);
    expect(rounds(2, 1000)).toEqual([]);
    expect(rounds(3, ab.cells.length + bc.cells.length + ac.cells.length - 1)).toEqual([]);
  });

  test('the same counts give the same choice, in whatever order they were measured', () => {
    const tables = ['public.s', 'public.t'].flatMap((table) => circleOf(CIRCLE).map((pair) => ({ ...pair, table })));
    const once = choosePairs(tables, 'tree', []);

    expect(choosePairs(tables, 'tree', [])).toEqual(once);
    expect(once.map(({ table }) => table)).toEqual(['public.s', 'public.s', 'public.s', 'public.t', 'public.t', 'public.t']);
  });

  test('joined cells beside single ones are no dependence', () => {
    const axes = [axisOf('a'), axisOf('b')] as const;
    // Class 2 of b has nearly all rows; where it was joined with class 3 it still has.
    const cells = [
      [0, 2, 2, 1000],
      [0, 3, 2, 1000],
      [0, 2, 3, 10],
      [1, 3, 2, 1010],
    ];
    const matrix = spreadCells(axes[0], axes[1], cells);

    expect(matrix[4]?.[2]).toBeGreaterThan(450);
    expect(informationOf(axes, cells)).toBeLessThan(20);
    expect(matrix.flat().reduce((sum, count) => sum + count, 0)).toBeCloseTo(3020);
  });
});
