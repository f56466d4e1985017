import fc from 'fast-check';
import { Permutation } from '../../../generator/random/permutation.ts';
import { RangePermutations } from '../../../generator/random/range-permutations.ts';

const keys = fc.tuple(fc.integer(), fc.integer());
const ranges = fc.array(fc.record({ size: fc.integer({ min: 1, max: 90 }), key: fc.option(keys) }), {
  minLength: 1,
  maxLength: 9,
});

test('each range is permuted as a permutation of its size and key is, or not at all', () => {
  fc.assert(
    fc.property(ranges, (drawn) => {
      let end = 0;
      const placed = drawn.map(({ size, key }) => {
        end += size;
        return { start: end - size, size, key };
      });
      const all = new RangePermutations(placed);
      placed.forEach(({ start, size, key }, range) => {
        const own = key === null ? null : new Permutation({ size, key });
        for (let value = 0; value < size; value += 1) {
          const to = all.forward(range, start + value);
          expect(to).toBe(start + (own?.forward(value) ?? value));
          expect(all.inverse(range, to)).toBe(start + value);
        }
        const values = Float64Array.from({ length: size }, (_, value) => start + value);
        const wanted = [...values].map((value) => all.forward(range, value));
        all.forwardAll(new Int32Array(size).fill(range), values, size);
        expect([...values]).toEqual(wanted);
      });
      // Values of all ranges together, in an order of their own.
      const mixed = new Permutation({ size: end, key: [drawn.length, end] });
      const values = Float64Array.from({ length: end }, (_, value) => mixed.forward(value));
      const rangesOf = Int32Array.from(values, (value) => placed.findIndex(({ start, size }) => value < start + size));
      const before = [...values];
      all.forwardAll(rangesOf, values, end);
      expect([...values]).toEqual(before.map((value, at) => all.forward(rangesOf[at] as number, value)));
      all.inverseAll(rangesOf, values, end);
      expect([...values]).toEqual(before);
    }),
  );
});

test('many at once are the same as one by one, at sizes up to 2^53', () => {
  const sizes = fc.oneof(
    fc.integer({ min: 1, max: 1e6 }),
    fc.maxSafeInteger().map((size) => Math.max(1, Math.abs(size))),
  );
  fc.assert(
    fc.property(
      sizes,
      keys,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 }),
      (size, key, draws) => {
        const order = new Permutation({ size, key });
        const values = Float64Array.from(draws, (draw) => Math.min(size - 1, Math.floor(draw * size)));
        const before = [...values];
        order.forwardAll(values, values.length);
        expect([...values]).toEqual(before.map((value) => order.forward(value)));
        order.inverseAll(values, values.length);
        expect([...values]).toEqual(before);
      },
    ),
  );
});

test('a value outside its range is refused', () => {
  const one = new RangePermutations([{ start: 5, size: 4, key: [1, 2] }]);
  expect(() => one.forward(0, 9)).toThrow(RangeError);
  expect(() => one.inverse(0, 4)).toThrow(RangeError);
});
