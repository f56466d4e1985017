import fc from 'fast-check';
import { mix32, type StreamKey } from '../../generator/random/mixer.ts';
import { Permutation } from '../../generator/random/permutation.ts';

const keys = fc.tuple(fc.integer(), fc.integer());

describe('the keyed permutation', () => {
  test('is a bijection of its domain, and inverse undoes forward', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), keys, (size, key) => {
        const permutation = new Permutation({ size, key });

        const ranks = Array.from({ length: size }, (_, element) => permutation.forward(element));

        expect(new Set(ranks).size).toBe(size);
        expect(ranks.every((rank) => rank >= 0 && rank < size)).toBe(true);
        expect(ranks.every((rank, element) => permutation.inverse(rank) === element)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('inverts at sizes that no test can list', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2 ** 20, max: 2 ** 32 - 1 }), keys, fc.nat(), (size, key, some) => {
        const permutation = new Permutation({ size, key });
        const element = some % size;

        expect(permutation.inverse(permutation.forward(element))).toBe(element);
      }),
    );
  });

  test('refuses what lies outside, which could otherwise walk for ever', () => {
    const permutation = new Permutation({ size: 10, key: [1, 2] });

    expect(() => permutation.forward(10)).toThrow(RangeError);
    expect(() => permutation.inverse(-1)).toThrow(RangeError);
    expect(() => permutation.forward(Number.NaN)).toThrow(RangeError);
  });

  test('spreads neighbours evenly: 64 equal bins of the ranks of a run hold about as many each', () => {
    const size = 1_000_003;
    const permutation = new Permutation({ size, key: [7, 9] });
    const bins = new Array<number>(64).fill(0);
    for (let row = 0; row < 65_536; row += 1) {
      const bin = Math.floor((permutation.forward(row) * 64) / size);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }

    const chiSquared = bins.reduce((sum, count) => sum + (count - 1024) ** 2 / 1024, 0);

    // 63 degrees of freedom: above 130 with a chance of about 1e-6; the key is fixed, so the test does not flicker.
    expect(chiSquared).toBeLessThan(130);
  });
});

describe('the mixer', () => {
  test('is a bijection of the counter for a fixed key, which unique UUIDs rest on', () => {
    const key: StreamKey = [123, -456];
    const seen = new Set(Array.from({ length: 200_000 }, (_, counter) => mix32(key, counter)));

    expect(seen.size).toBe(200_000);
  });

  test('keeps its values: they are the promise behind every seed', () => {
    expect([0, 1, 2, 4_294_967_295].map((counter) => mix32([1, 2], counter))).toMatchInlineSnapshot(`
[
  2076660368,
  821347078,
  4081805853,
  2034235720,
]
`);
  });
});
