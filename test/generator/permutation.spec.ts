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

const ROWS = 65_536;

/** The places of the first rows, and a few more, counted round the end. */
function placesOf({ size, key }: { size: number; key: StreamKey }, rows: number): Float64Array {
  const permutation = new Permutation({ size, key });
  const places = Float64Array.from({ length: rows }, (_, row) => row % size);
  for (let from = 0; from < rows; from += 4096) {
    const block = places.subarray(from, from + 4096);
    permutation.forwardAll(block, block.length);
  }
  return places;
}

/** Chi-squared of pairs of places among 16 x 16 equal squares: 255 degrees of freedom, above 400 with a chance of about 1e-8. */
function pairsChiSquared(size: number, ones: Float64Array, others: Float64Array): number {
  const squares = new Array<number>(256).fill(0);
  for (let row = 0; row < ROWS; row += 1) {
    const [one, other] = [ones[row] as number, others[row] as number];
    const square = Math.floor((one * 16) / size) * 16 + Math.floor((other * 16) / size);
    squares[square] = (squares[square] ?? 0) + 1;
  }
  return squares.reduce((sum, count) => sum + (count - 256) ** 2 / 256, 0);
}

describe('rounds of two multiplications leave nothing to see', () => {
  const cases: readonly (readonly [number, StreamKey])[] = [
    [65_536, [0, 0]],
    [70_001, [1, 0]],
    [1_000_003, [7, 9]],
    [5_000_000, [-1, 123_456_789]],
    [2 ** 40 + 1, [0x55555555, 3]],
  ];

  test.each(cases)('of %d rows under the key %p: places of neighbours, and of rows a power of two apart', (size, key) => {
    const places = placesOf({ size, key }, ROWS + 4096);
    for (const distance of [1, 2, 64, 256, 4096])
      expect(pairsChiSquared(size, places, places.subarray(distance))).toBeLessThan(400);
  });

  test.each(cases)('of %d rows: places under the key %p and under one that differs in a bit', (size, [first, second]) => {
    const places = placesOf({ size, key: [first, second] }, ROWS);
    for (let bit = 0; bit < 32; bit += 5) {
      const others: readonly StreamKey[] = [
        [first ^ (1 << bit), second],
        [first, second ^ (1 << bit)],
      ];
      for (const key of others) expect(pairsChiSquared(size, places, placesOf({ size, key }, ROWS))).toBeLessThan(400);
    }
  });

  test('each row of a small table has each place as often, over many keys', () => {
    const size = 16;
    const counts = new Array<number>(size * size).fill(0);
    for (let key = 0; key < 20_480; key += 1) {
      const permutation = new Permutation({ size, key: [mix32([1, 2], key) | 0, mix32([3, 4], key) | 0] });
      for (let row = 0; row < size; row += 1) {
        const cell = row * size + permutation.forward(row);
        counts[cell] = (counts[cell] ?? 0) + 1;
      }
    }

    const chiSquared = counts.reduce((sum, count) => sum + (count - 1280) ** 2 / 1280, 0);

    // 225 degrees of freedom: above 350 with a chance of about 1e-7.
    expect(chiSquared).toBeLessThan(350);
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
