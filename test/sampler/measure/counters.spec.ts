import fc from 'fast-check';
import { OTHER_CODE } from '../../../sampler/measure/codes.ts';
import { NULL_CODE } from '../../../sampler/measure/copy-rows.ts';
import { CodeCounter } from '../../../sampler/measure/counters.ts';

const code = fc.oneof(
  fc.integer({ min: -3000, max: 3000 }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.constantFrom(NULL_CODE, OTHER_CODE, 2 ** 20, 2 ** 20 - 1, -(2 ** 20), -(2 ** 20) - 1),
);
const bucket = fc.integer({ min: 0, max: 255 });

function bucketsOf(units: number | Uint32Array): number[] {
  if (typeof units === 'number') throw new Error('expected a bitmap');
  return Array.from({ length: 256 }, (_, at) => at).filter((at) => ((units[at >> 5] ?? 0) & (1 << (at & 31))) !== 0);
}

describe('CodeCounter', () => {
  test('counts rows and remembers buckets like a map of sets', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(code, bucket), { maxLength: 2000 }), (rows) => {
        const expected = new Map<number, number[]>();
        const counter = new CodeCounter({ hasBuckets: true });

        for (const [value, at] of rows) {
          counter.add(value, at);
          expected.set(value, [...(expected.get(value) ?? []), at]);
        }

        const counted = new Map(
          [...counter.entries()].map(([value, { count, units }]) => [value, { count, units: bucketsOf(units) }]),
        );
        expect(counted.size).toBe(expected.size);
        for (const [value, buckets] of expected) {
          const distinct = [...new Set(buckets)].sort((left, right) => left - right);
          expect(counted.get(value)).toEqual({ count: buckets.length, units: distinct });
        }
      }),
    );
  });

  test('counts each row for itself where buckets do not matter', () => {
    const counter = new CodeCounter({ hasBuckets: false });

    for (let row = 0; row < 5; row++) counter.add(7, 0);

    expect([...counter.entries()]).toEqual([[7, { count: 5, units: 5 }]]);
  });

  test('turns codes of labels into positions, unknown ones into OTHER, and leaves NULL alone', () => {
    const counter = new CodeCounter({
      hasBuckets: false,
      translation: new Map([
        [1_000_000_007, 0],
        [-5, 1],
      ]),
    });

    for (const value of [1_000_000_007, -5, 42, NULL_CODE]) counter.add(value, 0);

    expect([...counter.entries()].map(([value]) => value)).toEqual([0, 1, OTHER_CODE, NULL_CODE]);
  });
});
