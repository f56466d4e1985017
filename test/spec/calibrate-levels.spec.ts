import type { Axis } from '../../spec/axis.ts';
import { calibrateLevels } from '../../spec/calibrate/calibrate-levels.ts';
import type { Marginal } from '../../spec/pack.ts';

const axis: Axis = { kind: 'depth', column: 'parent', subBits: 7 };

function depths(cells: [level: number, bin: number, count: number][], other = 0): Marginal {
  const total = cells.reduce((sum, [, , count]) => sum + count, other);
  return { table: 'public.t', axes: [axis], cells, total, other, cost: { rho: '0/1' } };
}

function sum(weights: readonly number[]): number {
  return weights.reduce((total, weight) => total + weight, 0);
}

const key = { nullFraction: 0, isNullable: true, k: 20 };

describe('levels of a tree', () => {
  test('are the released depths; the roots have the share of the NULLs', () => {
    const marginal = depths([
      [0, 0, 100],
      [0, 1, 250],
      [0, 2, 50],
    ]);

    expect(calibrateLevels({ ...key, depths: marginal, nullFraction: 0.25 }).levels).toEqual([100, 250, 50]);
    expect(calibrateLevels({ ...key, depths: marginal, nullFraction: 0.5 }).levels).toEqual([300, 250, 50]);
    expect(calibrateLevels({ ...key, depths: marginal })).toMatchObject({ levels: [100, 250, 50], nullFraction: 0 });
  });

  test('next to the roots are assumed where they were withheld, and such few roots are NULL if the key may be', () => {
    const marginal = depths([
      [0, 3, 125],
      [0, 4, 500],
    ]);

    const nullable = calibrateLevels({ ...key, depths: marginal });
    const strict = calibrateLevels({ ...key, depths: marginal, isNullable: false });

    expect(nullable.levels).toEqual([1, 5, 19, 125, 500]);
    expect(nullable.nullFraction).toBeCloseTo(1 / 650);
    expect(strict).toMatchObject({ levels: [1, 5, 19, 125, 500], nullFraction: 0 });
    expect(nullable.because).toContain('assumed');
  });

  test('in a coarse bin are spread over it, and no row is lost', () => {
    // Bin 3 of the coarsest level holds the depths 3 and 4.
    const { levels } = calibrateLevels({
      ...key,
      depths: depths([
        [0, 0, 100],
        [0, 1, 100],
        [0, 2, 60],
        [3, 3, 40],
      ]),
    });

    expect(levels.length).toBe(5);
    expect(sum(levels)).toBeCloseTo(300);
  });

  test('are assumed to halve where nothing was released', () => {
    const { levels, nullFraction, because } = calibrateLevels({ ...key, depths: null, nullFraction: 0.2 });

    expect(nullFraction).toBe(0.2);
    expect(levels[0]).toBe(0.2);
    expect(levels[2]).toBeCloseTo((levels[1] ?? 0) / 2);
    expect(sum(levels)).toBeCloseTo(1);
    expect(because).toContain('assumed');
    expect(calibrateLevels({ ...key, depths: null, isNullable: false }).nullFraction).toBe(0);
  });

  test('are the roots alone where every key is NULL', () => {
    expect(calibrateLevels({ ...key, depths: depths([[0, 0, 90]]), nullFraction: 1 }).levels).toEqual([1]);
  });
});
