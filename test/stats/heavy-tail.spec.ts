import fc from 'fast-check';
import { fitTail } from '../../stats/fit-tail.ts';
import { tailQuantiles } from '../../stats/heavy-tail.ts';

const shapes = fc.oneof(
  fc.record({ sigma: fc.constantFrom(0.35, 1, 2.8), exponent: fc.constant(null) }),
  fc.record({ sigma: fc.constant(null), exponent: fc.constant(null) }),
  fc.record({ sigma: fc.constant(null), exponent: fc.constantFrom(1, 1.4, 1.8) }),
);

describe('a heavy tail', () => {
  test('has the wanted sum, rising sizes and nothing below its start', () => {
    fc.assert(
      fc.property(
        shapes,
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 1.02, max: 40, noNaN: true }),
        (shape, from, members, times) => {
          const sum = Math.round(members * from * times);

          const sizes = tailQuantiles({ ...shape, from }, new Array<number>(members).fill(1), sum, sum);

          expect(sizes).toHaveLength(members);
          expect(sizes.every((size, index) => size >= (sizes[index - 1] ?? from))).toBe(true);
          const found = sizes.reduce((left, right) => left + right, 0);
          expect(Math.abs(found - sum)).toBeLessThanOrEqual(0.02 * sum + 1);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('ten parents for each one have the same sizes', () => {
    const shape = { from: 50, sigma: 1.4, exponent: null };
    const one = tailQuantiles(shape, new Array<number>(40).fill(1), 8000, 8000);
    const ten = tailQuantiles(shape, new Array<number>(40).fill(10), 80_000, 80_000);

    expect(Math.abs((ten.at(-1) ?? 0) / (one.at(-1) ?? 1) - 1)).toBeLessThan(0.05);
  });

  test.each([
    ['a power law', (u: number) => 20 * u ** (-1 / 1.5)],
    ['a log-normal', (u: number) => 20 * Math.exp(0.9 * Math.sqrt(-2 * Math.log(u)))],
  ])('%s below an edge foretells the largest above it', (_name, sizeAt) => {
    const sizes = Array.from({ length: 2000 }, (_unused, index) => Math.round(sizeAt((index + 0.5) / 2000)));
    const from = 129;
    const above = sizes.filter((size) => size >= from);
    const sum = above.reduce((left, right) => left + right, 0);
    const below = [
      [33, 49],
      [49, 65],
      [65, 97],
      [97, 129],
    ].map(([low = 0, high = 0]) => ({ from: low, to: high, count: sizes.filter((size) => size >= low && size < high).length }));

    const { shape } = fitTail({ from, members: above.length, sum, threshold: 1e9, deviation: 0, below });
    const made = tailQuantiles(shape, new Array<number>(above.length).fill(1), sum, sum);

    const squares = (list: readonly number[]) => list.reduce((left, right) => left + right * right, 0);
    const quotient = squares(made) / squares(above);
    expect(Math.max(quotient, 1 / quotient)).toBeLessThan(1.15);
  });
});
