import type { PopulationMarginal } from '../../../stats/population/population.ts';
import { classSizes, wantedCounts } from '../../../stats/population/wanted-counts.ts';
import { drawFrom, placeAxis } from './made-populations.ts';

/** So many members in classes, some of them empty. */
function randomSizes(size: number, classes: number, draw: (below: number) => number): number[] {
  const sizes = new Array<number>(classes).fill(0);
  for (let member = 0; member < size; member += 1) {
    const value = Math.floor((draw(1000) * draw(1000) * classes) / 1_000_000);
    sizes[value] = (sizes[value] ?? 0) + 1;
  }
  return sizes;
}

const rowSums = (cells: Float64Array, rows: number, columns: number) =>
  Array.from({ length: rows }, (_, row) => cells.slice(row * columns, (row + 1) * columns).reduce((sum, each) => sum + each, 0));
const columnSums = (cells: Float64Array, rows: number, columns: number) =>
  Array.from({ length: columns }, (_, column) =>
    Array.from({ length: rows }, (_each, row) => cells[row * columns + column] ?? 0).reduce((sum, each) => sum + each, 0),
  );

describe('wanted counts', () => {
  test('have the class sizes of both axes, whatever was counted', () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const draw = drawFrom(seed);
      const size = 50 + draw(5000);
      const sizes = [1 + draw(8), 1 + draw(8)].map((classes) => randomSizes(size, classes, draw));
      const [rows = [], columns = []] = sizes;
      const wanted = Float64Array.from({ length: rows.length * columns.length }, () => 1 + draw(10 ** draw(6)));

      const counts = wantedCounts({ axes: [0, 1], wanted }, [placeAxis(0, rows), placeAxis(1, columns)], size);

      // Rows are scaled last, columns nearly hold after twenty rounds.
      for (const [row, sum] of rowSums(counts, rows.length, columns.length).entries()) expect(sum).toBeCloseTo(rows[row] ?? 0, 6);
      const missed = columnSums(counts, rows.length, columns.length).reduce(
        (most, sum, column) => Math.max(most, Math.abs(sum - (columns[column] ?? 0))),
        0,
      );
      expect(missed / size).toBeLessThan(0.03);
    }
  });

  test('stay what they are where they have those sizes already, at any scale', () => {
    const axes = [placeAxis(0, [30, 70]), placeAxis(1, [60, 40])];

    const counts = wantedCounts({ axes: [0, 1], wanted: Float64Array.from([250, 50, 350, 350]) }, axes, 100);

    for (const [cell, wanted] of [25, 5, 35, 35].entries()) expect(counts[cell]).toBeCloseTo(wanted, 6);
  });

  test('fill classes that nobody counted as if the axes had nothing to do with each other', () => {
    const axes = [placeAxis(0, [50, 50]), placeAxis(1, [50, 50])];

    const counts = wantedCounts({ axes: [0, 1], wanted: Float64Array.from([3, 3, 0, 0]) }, axes, 100);

    for (const [cell, wanted] of [25, 25, 25, 25].entries()) expect(counts[cell]).toBeCloseTo(wanted, 3);
  });

  test('of members that count for more than one keep their shares: no class size says what they should be', () => {
    const marginal: PopulationMarginal = {
      axes: [0],
      wanted: Float64Array.from([9, 1]),
      weight: { variable: 0, of: Float64Array.from({ length: 100 }, (_, place) => place) },
    };

    const counts = wantedCounts(marginal, [placeAxis(0, [50, 50])], 100);

    expect([...counts].map((count) => Math.round(count))).toEqual([90, 10]);
  });

  test('of no members are none', () => {
    const counts = wantedCounts(
      { axes: [0, 1], wanted: Float64Array.from([1, 2, 3, 4]) },
      [placeAxis(0, [0, 0]), placeAxis(1, [0, 0])],
      0,
    );

    expect([...counts]).toEqual([0, 0, 0, 0]);
  });

  test('class sizes count places, and no lag has any', () => {
    const none = new Float64Array(0);

    expect([...(classSizes(placeAxis(0, [2, 0, 3])) ?? [])]).toEqual([2, 0, 3]);
    expect(
      classSizes({ kind: 'lag', variable: 0, since: 1, classes: 3, valueOf: none, sinceOf: none, cuts: none, classOf: [2] }),
    ).toBeNull();
  });
});
