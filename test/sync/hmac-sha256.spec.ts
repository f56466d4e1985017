// The keyed hash against node:crypto's: the same bits for every length of key, prefix and value, whichever way it takes.
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { HmacSha256 } from '../../sync/masks/hmac-sha256.ts';

test('the hash of bytes and of texts is HMAC-SHA-256, at every length', () => {
  const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
  fc.assert(
    fc.property(bytes(100), bytes(20), bytes(1500), fc.string({ unit: 'binary', maxLength: 600 }), (key, prefix, value, text) => {
      const hmac = new HmacSha256(key);
      const expected = (last: Buffer | string) => createHmac('sha256', key).update(prefix).update(last).digest();

      hmac.begin(prefix);
      hmac.add(value, 0, value.length);
      expect(hmac.finish().equals(expected(value))).toBe(true);
      hmac.begin(prefix);
      hmac.addText(text);
      expect(hmac.finish().equals(expected(text))).toBe(true);
    }),
    { numRuns: 300 },
  );
  for (const length of [54, 55, 56, 63, 64, 65, 119, 120, 1023, 1024, 1025]) {
    const hmac = new HmacSha256(Buffer.from('key'));
    const value = Buffer.alloc(length + 2, 97);
    hmac.begin(Buffer.alloc(0));
    hmac.add(value, 1, 1 + length);
    expect(hmac.finish().toString('hex')).toBe(createHmac('sha256', 'key').update('a'.repeat(length)).digest('hex'));
  }
});
