import { spreadOther } from '../../../../generator/plan/profiles/spread-other.ts';
import type { PlaceAxis } from '../../../../stats/population/population.ts';

function axisOf(...sizes: number[]): PlaceAxis {
  const classOf = sizes.flatMap((size, value) => new Array<number>(size).fill(value));
  return { kind: 'place', variable: 0, classes: sizes.length, classOf: Uint16Array.from(classOf) };
}

describe('rows in no cell', () => {
  const axes = [axisOf(10, 30), axisOf(5, 15, 20)];

  test('go to the empty cells only, by the sizes of both classes', () => {
    const cells = Float64Array.from([7, 0, 0, 0, 9, 0]);

    const spread = spreadOther(cells, [2, 3], 95, axes);

    // 10 * 15, 10 * 20, 30 * 5, 30 * 20 of 1100.
    [7, (95 * 150) / 1100, (95 * 200) / 1100, (95 * 150) / 1100, 9, (95 * 600) / 1100].forEach((wanted, cell) => {
      expect(spread[cell]).toBeCloseTo(wanted, 9);
    });
    expect(cells[1]).toBe(0);
  });

  test('over one axis go to its empty classes', () => {
    expect([...spreadOther(Float64Array.from([0, 4]), [2], 3, axes.slice(0, 1))]).toEqual([3, 4]);
  });

  test('stay away where there are none, or no cell is left for them', () => {
    const full = Float64Array.from([1, 2, 3, 4, 5, 6]);

    expect(spreadOther(full, [2, 3], 0, axes)).toBe(full);
    expect(spreadOther(full, [2, 3], 8, axes)).toBe(full);
    // The only empty cell belongs to a class without members.
    expect([...spreadOther(Float64Array.from([1, 0]), [2], 8, [axisOf(5, 0)])]).toEqual([1, 0]);
  });
});
