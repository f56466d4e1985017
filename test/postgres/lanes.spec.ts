import fc from 'fast-check';
import { inLanes } from '../../core/vector/memory.ts';
import { hashBytes, hashed, hashNull, hashWhole } from '../../postgres/content-hash.ts';
import { fieldHasher } from '../../postgres/field-hasher.ts';
import { RowHashes } from '../../postgres/hash-columns.ts';
import { STRIP_ROWS } from '../../postgres/strip-frame.ts';

const seeds = fc.integer({ min: 1, max: 2000 });

test('this machine has lanes: else nothing here would be tested', () => {
  expect(inLanes(() => true)).toBe(true);
});

test('fields of any sizes are hashed together as they are one by one', () => {
  const hasher = fieldHasher();
  const memory = inLanes((own) => own.words(STRIP_ROWS * 40));
  if (hasher === null || memory === null) throw new Error('no lanes');
  const bytes = new Uint8Array(memory.view.buffer, memory.at, STRIP_ROWS * 160);
  const view = new DataView(memory.view.buffer);
  const fields = fc.array(fc.oneof(fc.constant(-1), fc.nat(14), fc.nat(150)), { maxLength: STRIP_ROWS });
  fc.assert(
    fc.property(fields, seeds, fc.nat(), (sizes, seed, some) => {
      bytes.forEach((_, index) => {
        bytes[index] = Math.imul(index + some, 0x9e3779b9) >>> 13;
      });
      const places = Int32Array.from(sizes, (_, row) => memory.at + row * 155);

      hasher.run(places, Int32Array.from(sizes), sizes.length, seed);

      for (let index = 0; index < sizes.length; index += 1) {
        const row = hasher.order[index] as number;
        const place = places[row] as number;
        hashBytes(view, place, place + Math.max(0, sizes[row] as number), seed);
        expect([hasher.low[index], hasher.high[index]]).toEqual([hashed.low | 0, hashed.high | 0]);
      }
      expect([...hasher.order.subarray(0, sizes.length)].sort((one, other) => one - other)).toEqual([...sizes.keys()]);
    }),
    { numRuns: 50 },
  );
});

test('whole numbers of a strip are hashed as they are one by one, NULL included', () => {
  const wholes = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.constant(Number.NaN), fc.constant(0), fc.constant(-(2 ** 32)));
  fc.assert(
    fc.property(fc.array(wholes, { minLength: 1, maxLength: STRIP_ROWS }), seeds, (values, seed) => {
      const hashes = new RowHashes();
      hashes.clear(values.length);

      hashes.addWholes(Float64Array.from(values), values.length, seed, 1);
      hashes.addWholes(Float64Array.from(values), values.length, seed + 1, 1);

      values.forEach((value, row) => {
        const halves = [seed, seed + 1].map((own) => {
          if (Number.isNaN(value)) hashNull(own);
          else hashWhole(value, own);
          return [hashed.low | 0, hashed.high | 0] as const;
        });
        const [one, other] = halves as [readonly [number, number], readonly [number, number]];
        expect([hashes.low[row], hashes.high[row]]).toEqual([one[0] ^ other[0], one[1] ^ other[1]]);
      });
    }),
    { numRuns: 100 },
  );
});
