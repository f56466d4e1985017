import { OTHER_CODE } from '../../../../sampler/measure/codes.ts';
import { NULL_CODE } from '../../../../sampler/measure/copy-rows.ts';
import { choosePairs, ROUND_LIMITS } from '../../../../sampler/measure/pairs/choose-pairs.ts';
import { classOf } from '../../../../sampler/measure/pairs/class-of.ts';
import { coarseAxis, degreeCuts, lagCuts } from '../../../../sampler/measure/pairs/coarse-axes.ts';
import { informationOf } from '../../../../sampler/measure/pairs/information.ts';
import type { Axis } from '../../../../spec/axis.ts';
import { comparePairs, summarisePairs } from '../../../../spec/compare/compare-pairs.ts';
import { type Marginal, NO_PAIRS, type PairMarginal } from '../../../../spec/pack.ts';
import { type PairAxis, pairAxisSchema } from '../../../../spec/pair-axis.ts';
import { binOf } from '../../../../stats/binning.ts';

function number(column: string, via?: string): PairAxis {
  return {
    kind: 'number',
    column,
    decimals: 0,
    cuts: [1, 2, 3],
    ...(via ? { via: { columns: [via], references: 'public.p' } } : {}),
  };
}

function pair(
  axes: PairAxis[],
  information: number,
  why: PairMarginal['why'] = 'tree',
  cells: number[][] = [[0, 2, 2, 100]],
): PairMarginal {
  const total = cells.reduce((sum, cell) => sum + (cell.at(-1) ?? 0), 0);
  return { table: 'public.t', axes, why, information, total, cells, other: 0, cost: { rho: '0/1' } };
}

describe('choosePairs', () => {
  const [ab, bc, ac] = [
    pair([number('a'), number('b')], 300),
    pair([number('b'), number('c')], 200),
    pair([number('a'), number('c')], 100),
  ];

  test('of a circle of columns the weakest pair is left out', () => {
    expect(choosePairs([ac, bc, ab], 'tree', [])).toEqual([bc, ab]);
    expect(choosePairs([ac, bc, ab], 'all', [])).toEqual([ac, bc, ab]);
    expect(choosePairs([ac, bc, ab], 'none', [])).toEqual([]);
  });

  test('what tells nothing stays out, unless it always belongs', () => {
    const idle = pair([number('x'), number('y')], 2);
    const siblings = pair([number('x'), number('z')], 0, 'siblings');

    expect(choosePairs([idle, siblings], 'tree', [])).toEqual([siblings]);
  });

  test('two columns of a parent for each own column, the closest ones', () => {
    const parents = [10, 40, 20, 30].map((information, at) =>
      pair([number('a'), number(`p${at}`, 'key')], information, 'parent'),
    );

    expect(choosePairs(parents, 'tree', []).map(({ information }) => information)).toEqual([40, 30]);
  });

  test('a pack does not grow over its limits', () => {
    const wide = Array.from({ length: 5000 }, (_, at): number[] => [0, at, 2, 30]);
    const many = Array.from({ length: 9 }, (_, at) => pair([number(`a${at}`), number(`b${at}`)], 50 + at, 'tree', wide));

    const kept = choosePairs(many, 'tree', []);

    expect(kept.map(({ information }) => information)).toEqual([50, 51, 55, 56, 57, 58]);
    expect(kept.map(({ why }) => why)).toEqual(['round', 'round', 'tree', 'tree', 'tree', 'tree']);
    expect(kept.reduce((sum, { cells }) => sum + cells.length, 0)).toBeLessThanOrEqual(ROUND_LIMITS.cells);
  });
});

describe('coarse axes', () => {
  const fine: Axis = { kind: 'number', column: 'n', decimals: 0, subBits: 12 };
  const marginal = (cells: number[][]): Marginal => ({
    table: 'public.t',
    axes: [fine],
    cells,
    other: 0,
    total: cells.reduce((sum, cell) => sum + (cell[2] ?? 0), 0),
    cost: { rho: '0/1' },
  });

  test('about 16 classes of equal share, and a heavy value alone', () => {
    const cells = Array.from({ length: 1000 }, (_, value): number[] => [0, value, value === 500 ? 1000 : 10]);

    const axis = coarseAxis(fine, marginal(cells), undefined);

    const cuts = axis?.kind === 'number' ? axis.cuts : [];
    expect(cuts).toContain(500);
    expect(cuts).toContain(501);
    expect(cuts.length).toBeGreaterThan(10);
    expect(cuts.length).toBeLessThan(20);
    expect(pairAxisSchema.safeParse(axis).success).toBe(true);
  });

  test('a code falls into the class of its value, on either side of each cut', () => {
    const axis: PairAxis = { kind: 'number', column: 'n', decimals: 0, cuts: [-5, 0, 10, 100_000] };
    const classify = classOf(axis, null);
    const of = (value: number) => classify(binOf({ kind: 'magnitude', subBits: 12 }, 0, value));

    expect([-6, -5, -1, 0, 9, 10, 99_000, 100_000].map(of)).toEqual([2, 3, 3, 4, 4, 5, 5, 6]);
    expect([NULL_CODE, OTHER_CODE].map(classify)).toEqual([0, 1]);
  });

  test('fixed cuts rise', () => {
    const isRising = (cuts: number[]) => cuts.every((cut, at) => at === 0 || cut > (cuts[at - 1] ?? cut));

    expect(isRising(lagCuts())).toBe(true);
    const degrees = marginal([[0, 900, 5]]);
    expect(
      degreeCuts({ ...degrees, axes: [{ kind: 'degree', child: 'c', columns: ['k'], subBits: 7 }] }, 'octave').slice(0, 5),
    ).toEqual([1, 2, 3, 5, 9]);
  });
});

describe('information and comparison', () => {
  const axes = [number('a'), number('b')];
  const bound = Array.from({ length: 4 }, (_, at): number[] => [0, 2 + at, 2 + at, 1000]);
  const free = Array.from({ length: 16 }, (_, at): number[] => [0, 2 + (at >> 2), 2 + (at & 3), 250]);

  test('two bits for a function of four values, nothing for independence', () => {
    expect(informationOf(axes, bound)).toBeGreaterThan(1995);
    expect(informationOf(axes, free)).toBe(0);
  });

  test('a broken pair is far off although its lines agree; a missing one is counted', () => {
    const reference = { ...NO_PAIRS, marginals: [pair(axes, 2000, 'tree', bound), pair([number('c'), number('d')], 9)] };
    const candidate = { ...NO_PAIRS, marginals: [pair(axes, 0, 'tree', free)] };

    const compared = comparePairs(reference, candidate);

    expect(compared.compared.map(({ totalVariation }) => totalVariation)).toEqual([0.75]);
    expect(summarisePairs(compared)).toMatchObject([
      { table: 'public.t', pairs: 1, missing: 1, worst: { totalVariation: 0.75 } },
    ]);
  });
});
