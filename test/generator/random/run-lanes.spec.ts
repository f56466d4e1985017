import fc from 'fast-check';
import { RunList } from '../../../generator/random/run-list.ts';
import { RunPermutation } from '../../../generator/random/run-permutation.ts';

const keys = fc.tuple(fc.integer(), fc.integer());
const sizes = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(256), fc.integer({ min: 1, max: 2 ** 31 }));
const drawn = fc.array(fc.tuple(fc.nat(), sizes, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })), {
  maxLength: 60,
});

test('values of many runs together go where they go one by one, and back', () => {
  fc.assert(
    fc.property(keys, drawn, (key, values) => {
      const permutation = new RunPermutation(key);
      const list = new RunList();
      values.forEach(([run, size, share], at) => {
        list.runs[at] = run;
        list.sizes[at] = size;
        list.values[at] = Math.floor(share * size);
      });
      const before = [...list.values.subarray(0, values.length)];

      permutation.forwardAll(list, values.length);
      const after = [...list.values.subarray(0, values.length)];
      permutation.inverseAll(list, values.length);

      expect(after).toEqual(values.map(([run, size], at) => permutation.forward(run, size, before[at] as number)));
      expect([...list.values.subarray(0, values.length)]).toEqual(before);
    }),
    { numRuns: 300 },
  );
});

test('a value outside its run is refused', () => {
  const list = new RunList();
  list.sizes[0] = 4;
  list.values[0] = 4;

  expect(() => new RunPermutation([1, 2]).forwardAll(list, 1)).toThrow(RangeError);
});
