import { type SpreadAxis, spreadOther } from '../../../../generator/plan/profiles/spread-other.ts';

/** An axis whose classes have so many members; classes 0 and 1 are NULL and others. */
function axisOf(isOrdered: boolean, ...sizes: number[]): SpreadAxis {
  const classOf = sizes.flatMap((size, value) => new Array<number>(size).fill(value));
  return { place: { kind: 'place', variable: 0, classes: sizes.length, classOf: Uint16Array.from(classOf) }, isOrdered };
}

const sum = (cells: Float64Array) => cells.reduce((total, count) => total + count, 0);

describe('rows in no cell', () => {
  test('go to empty cells of classes that have members, all of them', () => {
    const axes = [axisOf(true, 0, 0, 10, 10, 10), axisOf(true, 5, 0, 10, 15)];
    const cells = new Float64Array(20);
    cells[2 * 4 + 2] = 12;
    cells[4 * 4 + 3] = 9;

    const spread = spreadOther(cells, 6, axes);

    expect(sum(spread)).toBeCloseTo(27, 9);
    expect([spread[2 * 4 + 2], spread[4 * 4 + 3]]).toEqual([12, 9]);
    for (const [cell, count] of spread.entries()) {
      if (cell < 8 || cell % 4 === 1) expect(count).toBe(0);
    }
    expect(sum(cells)).toBe(21);
  });

  test('go near to those that are released: the more, the nearer along an axis that has an order', () => {
    const axes = [axisOf(true, 0, 0, 10, 10, 10, 10)];

    const spread = spreadOther(Float64Array.from([0, 0, 100, 0, 0, 0]), 10, axes);

    const [, , , next = 0, second = 0, third = 0] = spread;
    expect(next).toBeGreaterThan(2 * second);
    expect(second).toBeGreaterThan(2 * third);
    expect(third).toBeGreaterThan(0);
  });

  test('go by the sizes of the classes where nothing is near', () => {
    const axes = [axisOf(false, 0, 0, 10, 30), axisOf(false, 0, 0, 5, 15)];

    const spread = spreadOther(new Float64Array(16), 8, axes);

    expect([spread[10], spread[11], spread[14], spread[15]]).toEqual([0.5, 1.5, 1.5, 4.5]);
  });

  test('stay away where there are none, or no cell is left for them', () => {
    const full = Float64Array.from([0, 0, 1, 2]);
    const axis = axisOf(false, 0, 0, 3, 4);

    expect(spreadOther(full, 0, [axis])).toBe(full);
    expect([...spreadOther(full, 8, [axis])]).toEqual([0, 0, 1, 2]);
    expect(spreadOther(full, 8, [])).toBe(full);
  });
});
