import fc from 'fast-check';
import { distributionFunction } from '../../stats/distribution-function.ts';
import { measureGoodness } from '../../stats/fit/goodness.ts';
import type { BinnedCount } from '../../stats/nested-bins.ts';
import { smoothBins } from '../../stats/smooth-bins.ts';

const bin = (from: number, to: number, count: number): BinnedCount => ({ from, to, count });

/** Disjoint rising bins with gaps here and there. */
const arbitraryBins = fc
  .array(
    fc.record({
      gap: fc.constantFrom(0, 0, 0, 3),
      width: fc.integer({ min: 1, max: 300 }),
      count: fc.integer({ min: 0, max: 10_000 }),
    }),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .map((items) => {
    let at = 0;
    return items.map(({ gap, width, count }) => {
      const from = at + gap;
      at = from + width;
      return bin(from, at, count);
    });
  });

describe('smoothBins', () => {
  test('keeps every bin its range and its total, with whole edges and no negative count', () => {
    fc.assert(
      fc.property(arbitraryBins, (bins) => {
        const smooth = smoothBins(bins);

        for (const { from, to, count } of bins) {
          const inside = smooth.filter((piece) => piece.from >= from && piece.to <= to);
          expect(inside[0]?.from).toBe(from);
          expect(inside.at(-1)?.to).toBe(to);
          expect(inside.reduce((sum, piece) => sum + piece.count, 0)).toBeCloseTo(count, 6);
        }
        expect(smooth.every((piece) => piece.count >= 0 && Number.isInteger(piece.from) && piece.to > piece.from)).toBe(true);
      }),
    );
  });

  test('leaves peaks, dips, flat stretches and bins of one value alone', () => {
    const flat = [bin(0, 10, 100), bin(10, 20, 100), bin(20, 30, 100)];
    const peak = [bin(0, 10, 10), bin(10, 20, 100), bin(20, 30, 10)];

    expect(smoothBins(flat).filter((piece) => piece.from >= 10 && piece.to <= 20)).toEqual([bin(10, 20, 100)]);
    expect(smoothBins(peak).filter((piece) => piece.from >= 10 && piece.to <= 20)).toEqual([bin(10, 20, 100)]);
    expect(smoothBins([bin(5, 6, 10), bin(6, 7, 90)])).toEqual([bin(5, 6, 10), bin(6, 7, 90)]);
  });

  test('octave bins of an exponential come within 0.05 of it on bins finer than the fitted ones', () => {
    const below = distributionFunction({ family: 'exponential', mean: 300 });
    const between = (from: number, to: number) => bin(from, to, 1e6 * (below(to) - below(from)));
    const octaves = [0, 32, 64, 128, 256, 512, 1024, 2048, 4096].map((from, index) =>
      between(from, [32, 64, 128, 256, 512, 1024, 2048, 4096, 8192][index] ?? 0),
    );
    const finer = Array.from({ length: 256 }, (_, index) => between(index * 32, index * 32 + 32));
    const variation = (bins: readonly BinnedCount[]) =>
      measureGoodness(
        finer,
        distributionFunction({ family: 'empirical', bins: bins.map(({ from, to, count }) => [from, to, count] as const) }),
      ).totalVariation;

    const rough = variation(octaves);
    const smooth = variation(smoothBins(octaves));

    expect(smooth).toBeLessThan(0.05);
    expect(smooth).toBeLessThan(rough / 2);
  });

  test('edges keep to the unit asked for, such as whole days', () => {
    const smooth = smoothBins([bin(0, 192, 10), bin(192, 384, 50), bin(384, 576, 100)], 24);

    expect(smooth.length).toBeGreaterThan(3);
    expect(smooth.every((piece) => piece.from % 24 === 0 && piece.to % 24 === 0)).toBe(true);
  });
});
