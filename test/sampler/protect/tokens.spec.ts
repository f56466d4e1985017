import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { createTokeniser } from '../../../sampler/protect/tokens.ts';

const salt = Buffer.from('b6f0a1c2d3948576e7f8091a2b3c4d5e6f708192a3b4c5d6e7f80912a3b4c5d7', 'hex');
const tokeniser = createTokeniser({ salt, dataset: 'app' });

describe('tokens', () => {
  test('a token is the truncated HMAC of the canonical value under the HKDF key of its column', () => {
    const key = Buffer.from(hkdfSync('sha256', salt, '', 'pack-token|v1|1|app|public.users.country', 32));
    const canonical = Buffer.concat([Buffer.from('text\0'), Buffer.from([0, 0, 0, 3]), Buffer.from('Čh')]);

    const token = tokeniser.token('public.users', 'country', 'text', 'Čh');

    expect(token).toBe(createHmac('sha256', key).update(canonical).digest('hex').slice(0, 16));
  });

  test('every token is 16 lower-case hex digits and the same on every call and in every process', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const token = tokeniser.token('public.users', 'country', 'text', value);

        expect(token).toMatch(/^[0-9a-f]{16}$/);
        expect(createTokeniser({ salt, dataset: 'app' }).token('public.users', 'country', 'text', value)).toBe(token);
      }),
    );
    expect(tokeniser.token('public.users', 'country', 'text', 'FR')).toBe('c3468bcae6ab2a53');
  });

  test('one value in 50 columns, 2 tables, 2 types, 2 data sets and 2 epochs gives unlike tokens everywhere', () => {
    const tokens = ['app', 'shop'].flatMap((dataset) =>
      ['2024q1', '2024q2'].flatMap((epoch) => {
        const one = createTokeniser({ salt, dataset, epoch });
        return ['public.a', 'public.b'].flatMap((table) =>
          Array.from({ length: 50 }, (_, index) => `c${index}`).flatMap((column) =>
            ['text', 'varchar'].map((type) => one.token(table, column, type, 'FR')),
          ),
        );
      }),
    );

    expect(new Set(tokens).size).toBe(2 * 2 * 2 * 50 * 2);
  });

  test('names cannot be shifted across the borders of the key or of the value', () => {
    const of = (dataset: string, table: string, column: string, type: string, value: string) =>
      createTokeniser({ salt, dataset }).token(table, column, type, value);

    expect(of('app', 'public.a', 'b.c', 'text', 'x')).not.toBe(of('app', 'public."a.b"', 'c', 'text', 'x'));
    expect(of('app|public.a', 'b', 'c', 'text', 'x')).not.toBe(of('app', 'public.a|b', 'c', 'text', 'x'));
    expect(of('app', 'public.a', 'c', 'text', 'ab')).not.toBe(of('app', 'public.a', 'c', 'texta', 'b'));
    expect(of('app', 'public.a', 'c', 'text', '1')).not.toBe(of('app', 'public.a', 'c', 'int4', '1'));
  });

  test('composed and decomposed spellings of a value share a token', () => {
    const composed = tokeniser.token('public.users', 'city', 'text', 'Z\u00fcrich');

    expect(tokeniser.token('public.users', 'city', 'text', 'Zu\u0308rich')).toBe(composed);
    expect(tokeniser.token('public.users', 'city', 'text', 'Zurich')).not.toBe(composed);
  });

  test("another salt gives other tokens, and later changes of the caller's bytes have no effect", () => {
    const bytes = Uint8Array.from(salt);
    const one = createTokeniser({ salt: bytes, dataset: 'app' });
    bytes.fill(0);

    expect(one.token('public.users', 'city', 'text', 'Oslo')).toBe(tokeniser.token('public.users', 'city', 'text', 'Oslo'));
    const other = createTokeniser({ salt: randomBytes(32), dataset: 'app' });
    expect(other.token('public.users', 'city', 'text', 'Oslo')).not.toBe(tokeniser.token('public.users', 'city', 'text', 'Oslo'));
  });

  test('the key id is random: two tokenisers of one salt have two', () => {
    expect(createTokeniser({ salt, dataset: 'app' }).keyId).not.toBe(tokeniser.keyId);
  });
});
