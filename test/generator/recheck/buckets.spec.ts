// Sums by bucket: what one side adds row by row and the other in any portions is the same, and one other row is seen.
import fc from 'fast-check';
import { Buckets, bucketBits } from '../../../generator/recheck/buckets.ts';

const hash = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

function addRow(buckets: Buckets, row: bigint): void {
  const high = Number(row >> 32n);
  buckets.add(buckets.bucketOf(high), 1, high, Number(row & 0xffffffffn));
}

test('rows one by one and sums of any portion are the same buckets', () => {
  fc.assert(
    fc.property(fc.array(hash, { maxLength: 60 }), fc.integer({ min: 0, max: 6 }), (rows, bits) => {
      const single = new Buckets(bits);
      const summed = new Buckets(bits);
      for (const row of rows) addRow(single, row);
      const ofBucket = (bucket: number) => rows.filter((row) => Number(row >> 58n) >> (6 - bits) === bucket);
      for (let bucket = 0; bucket < 2 ** bits; bucket += 1) {
        const own = ofBucket(bucket);
        // The server's hashes are signed, and its sum of them has any size.
        const sum = own.reduce((total, row) => total + BigInt.asIntN(64, row), 0n);
        summed.addSum(bucket, own.length, sum);
      }

      expect(single.differing(summed)).toEqual([]);
      expect(BigInt.asUintN(64, single.total())).toBe(
        BigInt.asUintN(
          64,
          rows.reduce((total, row) => total + row, 0n),
        ),
      );
    }),
  );
});

test('another row makes its bucket differ', () => {
  fc.assert(
    fc.property(fc.uniqueArray(hash, { minLength: 2, maxLength: 40 }), (rows) => {
      const [first = 0n, second = 0n, ...others] = rows;
      const one = new Buckets(4);
      const other = new Buckets(4);
      for (const row of [first, ...others]) addRow(one, row);
      for (const row of [second, ...others]) addRow(other, row);

      expect(one.differing(other)).toContain(Number(first >> 60n));
    }),
  );
});

test('a table has about 256 rows a bucket, and a million buckets at most', () => {
  expect([0, 256, 257, 10_000, 300_000_000, 10 ** 12].map(bucketBits)).toEqual([0, 0, 1, 6, 20, 20]);
});
