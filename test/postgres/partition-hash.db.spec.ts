// Our partition hash against the server's own: satisfies_hash_partition says which remainder a key belongs to.
import fc from 'fast-check';
import type pg from 'pg';
import { hashRemainderOfBytes, hashRemainderOfNumber } from '../../postgres/partition-hash.ts';
import { withDatabase } from '../support/database.ts';

const MODULUS = 997;
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

interface KeyType {
  readonly sqlType: string;
  readonly values: fc.Arbitrary<string | number>;
  /** The remainder of a value given as the server reads it. */
  readonly remainder: (value: string | number) => number;
  /** The value as the server reads it. */
  readonly show?: (value: string | number) => string;
}

const whole = (bits: number) => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
const ofNumber = (value: string | number) => hashRemainderOfNumber(Number(value), MODULUS);
const ofBytes = (bytes: Buffer) =>
  hashRemainderOfBytes(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length, MODULUS);
const ofText = (value: string | number) => ofBytes(Buffer.from(String(value), 'utf8'));
const texts = fc
  .string({ maxLength: 60, unit: 'grapheme' })
  .filter((text) => !text.includes('\0') && Buffer.from(text, 'utf8').toString('utf8') === text);

const types: readonly KeyType[] = [
  { sqlType: 'int2', values: whole(16), remainder: ofNumber },
  { sqlType: 'int4', values: whole(32), remainder: ofNumber },
  { sqlType: 'int8', values: fc.maxSafeInteger(), remainder: ofNumber },
  { sqlType: 'bool', values: fc.integer({ min: 0, max: 1 }), remainder: ofNumber, show: (value) => (value === 1 ? 't' : 'f') },
  {
    sqlType: 'date',
    values: fc.integer({ min: -100_000, max: 100_000 }),
    remainder: ofNumber,
    show: (value) => new Date(POSTGRES_EPOCH_MS + Number(value) * 86_400_000).toISOString().slice(0, 10),
  },
  ...['timestamp', 'timestamptz'].map((sqlType) => ({
    sqlType,
    values: fc.integer({ min: -1e12, max: 1e12 }),
    remainder: (value: string | number) => ofNumber(Number(value) * 1000),
    show: (value: string | number) => new Date(POSTGRES_EPOCH_MS + Number(value)).toISOString(),
  })),
  { sqlType: 'text', values: texts, remainder: ofText },
  { sqlType: 'varchar(70)', values: texts, remainder: ofText },
  // char(n) hashes without its padding.
  { sqlType: 'char(70)', values: texts.map((text) => text.replace(/ +$/, '')), remainder: ofText },
  {
    sqlType: 'uuid',
    values: fc.uuid(),
    remainder: (value) => ofBytes(Buffer.from(String(value).replaceAll('-', ''), 'hex')),
  },
  {
    sqlType: 'bytea',
    values: fc.string({ maxLength: 40, unit: fc.constantFrom(...'0123456789abcdef').map((digit) => `${digit}f`) }),
    remainder: (value) => ofBytes(Buffer.from(String(value), 'hex')),
    show: (value) => `\\x${value}`,
  },
];

async function serverDisagrees(client: pg.Client, type: KeyType, values: readonly (string | number)[]): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    `select count(*) from unnest($1::text[], $2::int[]) as v(value, remainder)
      where not satisfies_hash_partition('public.keys'::regclass, ${MODULUS}, v.remainder, v.value::${type.sqlType})`,
    [values.map((value) => type.show?.(value) ?? String(value)), values.map(type.remainder)],
  );
  return Number(rows[0]?.count);
}

test.each(types)('the remainder of a $sqlType key is what the server says', async (type) => {
  await withDatabase(`create table public.keys (k ${type.sqlType}) partition by hash (k)`, async (_url, client) => {
    const values = fc.sample(type.values, { numRuns: 2000, seed: 20260101 });

    expect(await serverDisagrees(client, type, values)).toBe(0);
  });
});

test('a NULL key has remainder 0', async () => {
  await withDatabase('create table public.keys (k int) partition by hash (k)', async (_url, client) => {
    const { rows } = await client.query(
      `select satisfies_hash_partition('public.keys'::regclass, ${MODULUS}, 0, null::int) as is`,
    );

    expect(rows).toEqual([{ is: true }]);
    expect(hashRemainderOfNumber(Number.NaN, MODULUS)).toBe(0);
  });
});
