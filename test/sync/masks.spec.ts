// The masks as functions: the same under one key, different under another, and different for different values where that is promised.
import fc from 'fast-check';
import { syncRulesSchema } from '../../spec/sync-rules.ts';
import { fakeOf, SHORTEST_FAKE } from '../../sync/masks/fake.ts';
import { offsetOf, shiftDateBytes, shiftTime, shiftTimeBytes } from '../../sync/masks/jitter.ts';
import { jsonPlacesOf } from '../../sync/masks/json-places.ts';
import { createKeyedHash } from '../../sync/masks/keyed-hash.ts';
import { rewriteJson } from '../../sync/masks/rewrite-json.ts';
import { tokenizeInt32, tokenizeInt64, tokenizeUuid, tokenOfInteger, tokenOfText, tokenOfUuid } from '../../sync/masks/token.ts';

const hash = createKeyedHash(new Uint8Array(32).fill(7));
const other = createKeyedHash(new Uint8Array(32).fill(8));
const kinds = ['name', 'firstName', 'lastName', 'mail', 'phone', 'address'] as const;

test('tokens of texts and UUIDs are the same every time, differ by key and value, and have their form', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (left, right) => {
      const token = tokenOfText(hash, left);
      expect(token).toMatch(/^[0-9a-f]{32}$/);
      expect(tokenOfText(hash, left)).toBe(token);
      expect(tokenOfText(other, left)).not.toBe(token);
      expect(tokenOfText(hash, right) === token).toBe(left === right);
      expect(tokenOfUuid(hash, left)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }),
  );
});

test('the token of a whole number is another one of the same type and sign, and no two meet', () => {
  const small = Array.from({ length: 20_000 }, (_, at) => tokenOfInteger(hash, String(at - 10_000)));

  expect(new Set(small).size).toBe(20_000);
  expect(small.slice(0, 10_000).every((token) => Number(token) < 0 && Number(token) >= -(2 ** 31))).toBe(true);
  expect(small.slice(10_000).every((token) => Number(token) >= 0 && Number(token) < 2 ** 31)).toBe(true);
  expect(small.filter((token, at) => token === String(at - 10_000)).length).toBeLessThan(3);
  fc.assert(
    fc.property(fc.bigInt({ min: 2n ** 31n, max: 2n ** 63n - 1n }), (number) => {
      const token = BigInt(tokenOfInteger(hash, String(number)));
      expect(token >= 2n ** 31n && token < 2n ** 63n).toBe(true);
      expect(token === BigInt(tokenOfInteger(other, String(number)))).toBe(false);
    }),
  );
  expect(() => tokenOfInteger(hash, String(2n ** 63n))).toThrow(RangeError);
});

test('tokens and times are the same in a value’s text as in its bytes', () => {
  const micros = (text: string) =>
    (BigInt(Date.parse(`${text.replace(' ', 'T').slice(0, 19)}Z`)) - BigInt(Date.UTC(2000, 0))) * 1000n;
  const moment = fc.date({ min: new Date('0001-06-01'), max: new Date('9999-06-01'), noInvalidDate: true });
  const seconds = fc.integer({ min: -8_640_000, max: 8_640_000 });
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.maxSafeInteger(), fc.uuid(), (large, near, uuid) => {
      const bytes = Buffer.alloc(16);
      for (const number of [large, BigInt(near), BigInt(near) % 2n ** 31n]) {
        bytes.writeBigInt64BE(number);
        tokenizeInt64(hash, bytes, 0);
        expect(String(bytes.readBigInt64BE())).toBe(tokenOfInteger(hash, String(number)));
      }
      bytes.writeInt32BE(near % 2 ** 31, 4);
      tokenizeInt32(hash, bytes, 4);
      expect(String(bytes.readInt32BE(4))).toBe(tokenOfInteger(hash, String(near % 2 ** 31)));
      bytes.write(uuid.replaceAll('-', ''), 'hex');
      tokenizeUuid(hash, bytes, 0);
      expect(bytes.toString('hex')).toBe(tokenOfUuid(hash, uuid).replaceAll('-', ''));
    }),
  );
  fc.assert(
    fc.property(moment, seconds, (date, offset) => {
      const time = date.toISOString().slice(0, 19).replace('T', ' ');
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64BE(micros(time) + 7n);
      const shifted = shiftTime(`${time}.000007`, offset);
      expect(shiftTimeBytes(bytes, 0, offset)).toBe(shifted !== null);
      if (shifted !== null) expect(bytes.readBigInt64BE()).toBe(micros(shifted) + 7n);
      bytes.writeInt32BE(Number(micros(`${time.slice(0, 10)} 00:00:00`) / 86_400_000_000n));
      const day = shiftTime(time.slice(0, 10), offset);
      expect(shiftDateBytes(bytes, 0, offset)).toBe(day !== null);
      if (day !== null) expect(bytes.readInt32BE()).toBe(Number(micros(`${day} 00:00:00`) / 86_400_000_000n));
    }),
  );
  const infinite = Buffer.from('7fffffffffffffff80000000000000007fffffff80000000', 'hex');
  const same = Buffer.from(infinite);
  expect([0, 8].every((at) => shiftTimeBytes(infinite, at, 5)) && [16, 20].every((at) => shiftDateBytes(infinite, at, 5))).toBe(
    true,
  );
  expect(infinite).toEqual(same);
  const long = Buffer.alloc(8, 1);
  long.writeInt32BE(-730_120);
  expect(shiftDateBytes(long, 0, 5 * 86_400)).toBe(false);
});

test.each(kinds)(
  'a distinct %s differs for 20,000 values even where the column is as short as may be, and none is cut off',
  (kind) => {
    const options = { isDistinct: true, maxLength: SHORTEST_FAKE[kind] };
    const fakes = Array.from({ length: 20_000 }, (_, at) => fakeOf(hash, kind, `value ${at}`, options));

    expect(new Set(fakes).size).toBe(20_000);
    expect(fakes.every((fake) => fake.length <= SHORTEST_FAKE[kind])).toBe(true);
  },
);

test('fakes are the same under one key, and reach nobody', () => {
  const free = { isDistinct: false, maxLength: null };

  for (const kind of kinds) {
    expect(fakeOf(hash, kind, 'Anna', free)).toBe(fakeOf(hash, kind, 'Anna', free));
    expect(fakeOf(hash, kind, 'Anna', { isDistinct: true, maxLength: null })).not.toBe(
      fakeOf(other, kind, 'Anna', { isDistinct: true, maxLength: null }),
    );
  }
  expect(fakeOf(hash, 'mail', 'Anna', free)).toMatch(/^[a-z.]+\.[a-z0-9]{12}@example\.com$/);
  expect(fakeOf(hash, 'phone', 'Anna', free)).toMatch(/^\+999\d{9}$/);
});

test('times of one subject keep their order and their gaps, and none stays where it was', () => {
  const time = fc.date({ min: new Date('0101-01-01'), max: new Date('9000-01-01'), noInvalidDate: true });
  const format = (moment: Date) => `${moment.toISOString().slice(0, 19).replace('T', ' ')}.123456+00`;
  fc.assert(
    fc.property(fc.string(), time, time, (subject, left, right) => {
      const offset = offsetOf(hash, subject, 30);
      const [first, second] = [left, right].map((moment) => shiftTime(format(moment), offset) ?? '');
      const read = (text = '') => Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`);
      const cut = (moment: Date) => Math.floor(moment.getTime() / 1000) * 1000;
      expect(read(second) - read(first)).toBe(cut(right) - cut(left));
      expect(first?.slice(19)).toBe('.123456+00');
      expect(offset !== 0 && Math.abs(offset) <= 30 * 86_400).toBe(true);
    }),
  );
  expect(shiftTime('2024-02-28', 86_400)).toBe('2024-02-29');
  expect(shiftTime('2024-03-01', -1)).toBe('2024-02-29');
  // No date stays, whichever way it moves.
  expect(shiftTime('2024-03-01', 1)).toBe('2024-03-02');
  expect(shiftTime('2024-12-31 23:59:59.5', 1)).toBe('2025-01-01 00:00:00.5');
  expect(shiftTime('10000-01-01 00:00:00', -1)).toBe('9999-12-31 23:59:59');
  expect(shiftTime('infinity', 5)).toBe('infinity');
  expect(shiftTime('0044-03-15 BC', 5)).toBeNull();
});

describe('JSON', () => {
  const places = (paths: Record<string, unknown>) => {
    const rules = syncRulesSchema.parse({ tables: { t: { columns: { c: { kind: 'json', paths } } } } });
    const rule = rules.tables['public.t']?.columns.c;
    if (rule?.kind !== 'json') throw new Error('no json rule');
    return jsonPlacesOf(rule, hash);
  };

  test('what no path names is dropped, names of members included, and numbers keep their digits', () => {
    const text = '{"a": 12345678901234567890.10, "anna@real.org": 1, "b": {"c": "x", "d": [{"e": 1, "f": 2}, 3]}}';

    expect(rewriteJson(text, places({ a: 'keep', 'b.d.*.e': 'keep' }), 'drop')).toBe(
      '{"a":12345678901234567890.10,"b":{"d":[{"e":1}]}}',
    );
    expect(rewriteJson(text, places({ 'b.*': { kind: 'constant', value: { redacted: true } } }), 'drop')).toBe(
      '{"b":{"c":{"redacted":true},"d":{"redacted":true}}}',
    );
    expect(rewriteJson('"anna"', places({ a: 'keep' }), 'drop')).toBe('null');
    expect(rewriteJson('[1, {"a": 2}]', places({ '*.a': 'keep' }), 'keep')).toBe('[1,{"a":2}]');
  });

  test('of any JSON nothing is left without a path, and all of it with others: keep', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value, null, 1);
        expect(JSON.parse(rewriteJson(text, places({ nowhere: 'keep' }), 'keep'))).toEqual(JSON.parse(text));
        expect(['null', '{}', '[]']).toContain(rewriteJson(text, places({ 'no.where': 'token' }), 'drop'));
      }),
    );
  });

  test('what is no JSON is refused, and a value however deep is no danger', () => {
    for (const text of ['', '{', '{"a"}', '[1,]]', '[1 2]', 'nothing else', '{"a":1}}'])
      expect(() => rewriteJson(text, places({ a: 'token' }), 'drop')).toThrow();
    const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
    expect(rewriteJson(deep, places({ a: 'keep' }), 'drop')).toBe(deep);
  });
});
