import { finished } from 'node:stream/promises';
import fc from 'fast-check';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import {
  formatContentHash,
  hashAscii,
  hashBytes,
  hashClassOf,
  hashed,
  hashFloat,
  hashNull,
  hashTableInDatabase,
  hashWhole,
  hashWords,
} from '../../postgres/content-hash.ts';
import { CopyBuffer } from '../../postgres/copy-buffer.ts';
import { BINARY_HEADER, BINARY_TRAILER, encodeNull, numberEncoder } from '../../postgres/encode-binary.ts';
import { encodeTextBytes, formatDecimal, formatNumberField } from '../../postgres/encode-text.ts';
import { withDatabase } from '../support/database.ts';

interface NumberType {
  readonly baseType: string;
  readonly sqlType: string;
  readonly decimals: number;
  readonly shown: number;
  readonly values: fc.Arbitrary<number>;
}

const whole = (bits: number) => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
const exact = fc.maxSafeInteger();

const types: readonly NumberType[] = [
  { baseType: 'bool', sqlType: 'boolean', decimals: 0, shown: 0, values: fc.integer({ min: 0, max: 1 }) },
  { baseType: 'int2', sqlType: 'int2', decimals: 0, shown: 0, values: whole(16) },
  { baseType: 'int4', sqlType: 'int4', decimals: 0, shown: 0, values: whole(32) },
  { baseType: 'int8', sqlType: 'int8', decimals: 0, shown: 0, values: exact },
  { baseType: 'float8', sqlType: 'float8', decimals: 6, shown: 6, values: exact },
  { baseType: 'float4', sqlType: 'float4', decimals: 2, shown: 2, values: fc.integer({ min: -1_000_000, max: 1_000_000 }) },
  { baseType: 'numeric', sqlType: 'numeric(18,2)', decimals: 2, shown: 2, values: exact },
  { baseType: 'numeric', sqlType: 'numeric', decimals: 6, shown: 6, values: exact },
  { baseType: 'numeric', sqlType: 'numeric(20,4)', decimals: 0, shown: 4, values: fc.integer({ min: -1e9, max: 1e9 }) },
  { baseType: 'date', sqlType: 'date', decimals: 0, shown: 0, values: fc.integer({ min: -100_000, max: 100_000 }) },
  { baseType: 'timestamp', sqlType: 'timestamp', decimals: 0, shown: 0, values: fc.integer({ min: -3e15, max: 3e15 }) },
  { baseType: 'timestamptz', sqlType: 'timestamptz', decimals: 0, shown: 0, values: fc.integer({ min: -3e15, max: 3e15 }) },
];

async function copyRows(client: pg.Client, statement: string, data: Buffer): Promise<void> {
  const stream = client.query(copyFrom(statement));
  stream.end(data);
  await finished(stream);
}

/** The content hash of one column of numbers, NaN for NULL. */
function hashColumn(type: NumberType, values: readonly number[]): string {
  let sum = 0n;
  for (const value of values) {
    const hashClass = hashClassOf(type.baseType);
    if (Number.isNaN(value)) hashNull(1);
    else if (hashClass === 'float')
      hashFloat(type.baseType === 'float4' ? Math.fround(value / 10 ** type.decimals) : value / 10 ** type.decimals, 1);
    else if (hashClass === 'text') {
      hashAscii(formatDecimal(value, type.decimals, type.shown), 1);
    } else hashWhole(value, 1);
    hashWords(hashed.high | 0, hashed.low | 0, 0);
    sum += (BigInt(hashed.high) << 32n) | BigInt(hashed.low);
  }
  return formatContentHash(sum);
}

describe.each(types)('$sqlType ($decimals decimals)', (type) => {
  test('goes in by binary COPY, reads back equal to its text form, and hashes here as in the server', async () => {
    const encoder = numberEncoder(type.baseType, type.decimals, type.shown);
    if (encoder === null) throw new Error('no encoder');
    const values = [...fc.sample(type.values, { numRuns: 500, seed: 11 }), 0, Number.NaN];
    const out = new CopyBuffer();
    out.reserve(values.length * 100);
    for (const value of values) {
      out.int16(1);
      if (Number.isNaN(value)) encodeNull(out);
      else encoder(value, out);
    }

    await withDatabase(`create table t (n int generated always as identity, v ${type.sqlType})`, async (_url, client) => {
      await copyRows(
        client,
        'copy public.t (v) from stdin with (format binary)',
        Buffer.concat([BINARY_HEADER, out.bytes.subarray(0, out.at), BINARY_TRAILER]),
      );

      const expected = values.map((value) =>
        Number.isNaN(value) ? null : formatNumberField(type.baseType, value, type.decimals, type.shown),
      );
      const { rows } = await client.query<{ same: boolean }>(
        `select bool_and(t.v is not distinct from e.v::${type.sqlType}) as same
           from public.t join unnest($1::text[]) with ordinality as e(v, n) on e.n = t.n`,
        [expected],
      );
      expect(rows[0]?.same).toBe(true);
      if (type.baseType === 'numeric') {
        const texts = await client.query<{ v: string | null }>('select v::text from public.t order by n');
        expect(texts.rows.map((row) => row.v)).toEqual(expected);
      }
      expect(await hashTableInDatabase(client, { schema: 'public', name: 't' }, [{ name: 'v', baseType: type.baseType }])).toBe(
        hashColumn(type, values),
      );
    });
  });
});

describe('text', () => {
  test('survives text COPY whatever it holds, and hashes here as in the server', async () => {
    const texts = fc
      .sample(fc.string({ unit: 'binary', maxLength: 60 }), { numRuns: 500, seed: 12 })
      // PostgreSQL text holds no NUL and no lone surrogates.
      .map((text) => Buffer.from(text.replaceAll('\0', ''), 'utf8').toString('utf8'));
    const out = new CopyBuffer();
    let sum = 0n;
    for (const text of [...texts, '\\.', '\\N', 'a\tb\nc\rd\\']) {
      const bytes = Buffer.from(text, 'utf8');
      encodeTextBytes(bytes, 0, bytes.length, out);
      out.reserve(1);
      out.bytes[out.at] = 0x0a;
      out.at += 1;
      hashBytes(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length, 1);
      hashWords(hashed.high | 0, hashed.low | 0, 0);
      sum += (BigInt(hashed.high) << 32n) | BigInt(hashed.low);
    }

    await withDatabase('create table t (n int generated always as identity, v text)', async (_url, client) => {
      await copyRows(client, 'copy public.t (v) from stdin', Buffer.from(out.bytes.subarray(0, out.at)));

      const { rows } = await client.query<{ v: string }>('select v from public.t order by n');
      expect(rows.slice(0, texts.length).map((row) => row.v)).toEqual(texts);
      expect(await hashTableInDatabase(client, { schema: 'public', name: 't' }, [{ name: 'v', baseType: 'text' }])).toBe(
        formatContentHash(sum),
      );
    });
  });
});
