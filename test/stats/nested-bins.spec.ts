import fc from 'fast-check';
import { type Binning, binOf, levelCount, rangeOf } from '../../stats/binning.ts';
import { flattenCells, splitNestedCells } from '../../stats/nested-bins.ts';

const binnings: Binning[] = [{ kind: 'magnitude', subBits: 12 }, { kind: 'count', subBits: 7 }, { kind: 'hour' }];

/** Distinct cells of any level around random values. */
const arbitraryCells = (binning: Binning) =>
  fc
    .uniqueArray(
      fc.tuple(
        fc.integer({ min: 0, max: levelCount(binning) - 1 }),
        fc.integer({ min: binning.kind === 'count' ? 0 : -100_000, max: 100_000 }),
        fc.integer({ min: 1, max: 500 }),
      ),
      { minLength: 1, maxLength: 60, selector: ([level, value]) => `${level} ${binOf(binning, level, value)}` },
    )
    .map((cells) => cells.map(([level, value, count]) => [level, binOf(binning, level, value), count]));

describe('nested bins', () => {
  test('a coarse cell stands for its bin without the finer cells inside', () => {
    const magnitude: Binning = { kind: 'magnitude', subBits: 12 };

    // Level 4 is the octave: bin 4 holds 8..15. Inside it 10 and 15 are released by themselves.
    const split = splitNestedCells(magnitude, [
      [0, 10, 50],
      [0, 15, 30],
      [4, 4, 24],
    ]);

    expect(rangeOf(magnitude, 4, 4)).toEqual({ from: 8, to: 16 });
    expect(split.find((cell) => cell.level === 4)?.parts).toEqual([
      { from: 8, to: 10 },
      { from: 11, to: 15 },
    ]);
    expect(
      flattenCells(magnitude, [
        [0, 10, 50],
        [0, 15, 30],
        [4, 4, 24],
      ]),
    ).toEqual([
      { from: 8, to: 10, count: 8 },
      { from: 10, to: 11, count: 50 },
      { from: 11, to: 15, count: 16 },
      { from: 15, to: 16, count: 30 },
    ]);
  });

  test('three levels nest', () => {
    const hour: Binning = { kind: 'hour' };

    const bins = flattenCells(hour, [
      [3, 1970 * 12, 100],
      [1, 2, 40],
      [0, 50, 30],
    ]);

    expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBeCloseTo(170, 9);
    expect(bins.map(({ from, to }) => [from, to])).toEqual([
      [0, 48],
      [48, 50],
      [50, 51],
      [51, 72],
      [72, 744],
    ]);
  });

  test('a coarse cell that finer cells fill keeps its count', () => {
    const count: Binning = { kind: 'count', subBits: 7 };

    // At the coarsest level bin 3 is 3..4; both are released by themselves.
    expect(
      flattenCells(count, [
        [3, 3, 10],
        [0, 3, 30],
        [0, 4, 20],
      ]),
    ).toEqual([
      { from: 3, to: 4, count: 36 },
      { from: 4, to: 5, count: 24 },
    ]);
  });

  test.each(binnings)('any cells of $kind become disjoint rising intervals with the same total', (binning) => {
    fc.assert(
      fc.property(arbitraryCells(binning), (cells) => {
        const bins = flattenCells(binning, cells);

        bins.forEach((bin, index) => {
          expect(bin.to).toBeGreaterThan(bin.from);
          expect(bin.from).toBeGreaterThanOrEqual(bins[index - 1]?.to ?? Number.NEGATIVE_INFINITY);
        });
        expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBeCloseTo(
          cells.reduce((sum, cell) => sum + (cell[2] ?? 0), 0),
          6,
        );
      }),
    );
  });
});
