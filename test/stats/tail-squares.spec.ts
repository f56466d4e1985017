import fc from 'fast-check';
import { fitTail } from '../../stats/fit-tail.ts';
import { type TailShape, tailQuantiles } from '../../stats/heavy-tail.ts';
import { shapesOfSquares } from '../../stats/tail-squares.ts';

const shapes: fc.Arbitrary<Omit<TailShape, 'from'>> = fc.oneof(
  fc.record({ sigma: fc.double({ min: 0.2, max: 4, noNaN: true }), exponent: fc.constant(null) }),
  fc.record({ sigma: fc.constant(null), exponent: fc.double({ min: 1.05, max: 3, noNaN: true }) }),
);

function sizesOf(shape: TailShape, members: number, sum: number): number[] {
  return tailQuantiles(shape, new Array<number>(members).fill(1), sum, sum);
}

function squares(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size * size, 0);
}

describe('a tail whose sum of squares is known', () => {
  test('has a shape with that sum of squares, whatever shape made it', () => {
    fc.assert(
      fc.property(
        shapes,
        fc.integer({ min: 5, max: 80 }),
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 1.3, max: 12, noNaN: true }),
        (made, members, from, times) => {
          const sum = Math.round(members * from * times);
          const wanted = squares(sizesOf({ ...made, from }, members, sum));

          const found = shapesOfSquares({ from, members, sum, squares: wanted });

          const nearest = Math.min(...found.map((shape) => Math.abs(Math.log(squares(sizesOf(shape, members, sum)) / wanted))));
          expect(nearest).toBeLessThan(0.02);
        },
      ),
      { numRuns: 25 },
    );
  });

  test.each([
    ['more than any shape has', 1e9, null],
    ['fewer than equal members have', 1, 0.02],
  ])('%s: the nearest one', (_name, wanted, sigma) => {
    expect(shapesOfSquares({ from: 10, members: 20, sum: 1000, squares: wanted })).toEqual([{ from: 10, sigma, exponent: null }]);
  });

  test('is told by the squares and not by what lies below it', () => {
    const below = [{ from: 33, to: 65, count: 5000 }];
    const flat = { from: 65, sigma: null, exponent: 1 };
    const sum = 20_000;
    const wanted = squares(sizesOf(flat, 40, sum));

    const { shape } = fitTail({ from: 65, members: 40, sum, squares: wanted, threshold: 20, deviation: 0, below });
    const guess = fitTail({ from: 65, members: 40, sum, threshold: 20, deviation: 0, below });

    const off = (found: TailShape) => Math.abs(Math.log(squares(sizesOf(found, 40, sum)) / wanted));
    expect(off(shape)).toBeLessThan(0.02);
    expect(off(guess.shape)).toBeGreaterThan(0.2);
  });
});
