// The order-free content hash of a table: the sum modulo 2^64 of one hash per row, so that the generator can add it up in
// any order and the database can recompute it. The hash is PostgreSQL's own `extended` hash family (common/hashfn.c, Bob
// Jenkins' lookup3), chosen because the server computes it natively: hashint8extended for whole numbers, booleans, dates
// and times (times of day and intervals as microseconds), hashtextextended for text, uuid_hash_extended, hashfloat8extended. A row's hash is
// hashint8extended(xor of its columns' hashes, 0); column i (from 0) hashes with seed i + 1; NULL hashes as NULL_MARK.
import type pg from 'pg';
import { type QualifiedName, quoteIdentifier } from '../core/identifiers.ts';
import { type ConstantColumn, constantTerm } from './constant-columns.ts';
import { runQuery } from './query.ts';
import { relationOf } from './relation.ts';

const NULL_MARK = 1853189228;
/** What the state of the hash of no bytes begins with. */
export const INITIAL = 0x9e3779b9 + 3923095;

/** How a type's values are brought to bytes before hashing. */
export type HashClass =
  | 'integer'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'float'
  | 'uuid'
  | 'bytes'
  | 'seconds'
  | 'text';

const hashClasses: Readonly<Record<string, HashClass>> = {
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  bool: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
  float4: 'float',
  float8: 'float',
  uuid: 'uuid',
  bytea: 'bytes',
  time: 'seconds',
  timetz: 'seconds',
  interval: 'seconds',
};

/** Types without a class of their own are hashed by their text. */
export function hashClassOf(baseType: string): HashClass {
  return hashClasses[baseType] ?? 'text';
}

/** SQL text of one column's hash (bigint, NULL for NULL). */
function columnHashSql(column: string, hashClass: HashClass, seed: number): string {
  switch (hashClass) {
    case 'integer':
      return `hashint8extended(${column}::int8, ${seed})`;
    case 'boolean':
      return `hashint8extended(${column}::int4::int8, ${seed})`;
    case 'date':
      return `hashint8extended((${column} - date '2000-01-01')::int8, ${seed})`;
    case 'timestamp':
      return `timestamp_hash_extended(${column}, ${seed})`;
    case 'timestamptz':
      return `timestamp_hash_extended(${column} at time zone 'UTC', ${seed})`;
    case 'float':
      return `hashfloat8extended(${column}::float8, ${seed})`;
    case 'uuid':
      return `uuid_hash_extended(${column}, ${seed})`;
    case 'bytes':
      return `hashtextextended(encode(${column}, 'hex') collate "C", ${seed})`;
    case 'seconds':
      // one day and 24 hours are one interval to the server's `=`, so they must be one to us
      return `hashint8extended((extract(epoch from ${column}) * 1000000)::int8, ${seed})`;
    case 'text':
      return `hashtextextended(${column}::text collate "C", ${seed})`;
  }
}

/** A column as the row hash takes it. */
export interface HashedColumn {
  readonly name: string;
  readonly baseType: string;
}

/**
 * SQL text of a row's hash, for a query over the table under the alias `t`; with `positions`, over those columns alone, each under
 * the seed that it has in the whole row. `more` are further bigints that go into it.
 */
export function rowHashSql(
  columns: readonly HashedColumn[],
  positions: readonly number[] = [...columns.keys()],
  more: readonly string[] = [],
): string {
  const own = positions.map((index) => {
    const { name, baseType } = columns[index] as HashedColumn;
    const hash = columnHashSql(`t.${quoteIdentifier(name)}`, hashClassOf(baseType), index + 1);
    return `coalesce(${hash}, hashint8extended(${NULL_MARK}, ${index + 1}))`;
  });
  const parts = [...own, ...more];
  return `hashint8extended(${parts.length > 0 ? parts.join('\n       # ') : '0::int8'}, 0)`;
}

/** rowHashSql of a row that a run made, if all its constants are theirs; the first parameters are their texts. */
export function madeRowHashSql(columns: readonly HashedColumn[], constants: readonly ConstantColumn[]): string {
  const terms = constants.map((column, index) => constantTerm(column, `$${index + 1}`, columns.length + index + 1));
  return rowHashSql(columns, undefined, terms);
}

/**
 * The table's content hash as 16 hex digits, computed by the server in one scan; another one where a row has not the constants. Without
 * isPartitioned, rows of inheriting tables count.
 */
export async function hashTableInDatabase(
  client: pg.Client,
  table: QualifiedName & { readonly isPartitioned?: boolean },
  columns: readonly HashedColumn[],
  constants: readonly ConstantColumn[] = [],
): Promise<string> {
  const { isPartitioned = true } = table;
  const rows = await runQuery<{ sum: string }>(
    client,
    'hashing a table',
    `select coalesce(sum(${madeRowHashSql(columns, constants)}), 0)::text as sum\n  from ${relationOf({ ...table, isPartitioned })} t`,
    constants.map(({ text }) => text),
  );
  return formatContentHash(BigInt(rows[0]?.sum ?? '0'));
}

/** A sum of row hashes, taken modulo 2^64, as 16 hex digits. */
export function formatContentHash(sum: bigint): string {
  return BigInt.asUintN(64, sum).toString(16).padStart(16, '0');
}

/** The last hash: high and low 32 bits. Read them at once; the next call overwrites them. */
export const hashed = { high: 0, low: 0 };

/**
 * hashint8extended of a whole number up to 2^53 in size. The seed is given in two halves, each below 2^31. The result is in
 * `hashed`.
 */
export function hashWhole(value: number, seed: number, seedHigh = 0): void {
  const high = Math.floor(value / 4294967296);
  const low = value - high * 4294967296;
  hashWords(high | 0, low | 0, seed, seedHigh);
}

/** hashint8extended of a 64-bit value in two 32-bit words. */
export function hashWords(high: number, low: number, seed: number, seedHigh = 0): void {
  const folded = high >= 0 ? low ^ high : low ^ ~high;
  let a = (INITIAL + 4) | 0;
  let b = a;
  let c = a;
  if (seed !== 0 || seedHigh !== 0) {
    a = (a + seedHigh) | 0;
    b = (b + seed) | 0;
    mixState(a, b, c);
    a = state.a;
    b = state.b;
    c = state.c;
  }
  finish((a + folded) | 0, b, c);
}

/** The state of hashWords after its seed (below 2^31), before the value. */
export function seededState(seed: number): readonly [number, number, number] {
  const start = (INITIAL + 4) | 0;
  if (seed === 0) return [start, start, start];
  mixState(start, (start + seed) | 0, start);
  return [state.a, state.b, state.c];
}

/** hash_bytes_extended of data[from, to); the seed in two halves, each below 2^31. The result is in `hashed`. */
export function hashBytes(data: DataView, from: number, to: number, seed: number, seedHigh = 0): void {
  let length = to - from;
  let at = from;
  let a = (INITIAL + length) | 0;
  let b = a;
  let c = a;
  if (seed !== 0 || seedHigh !== 0) {
    a = (a + seedHigh) | 0;
    b = (b + seed) | 0;
    mixState(a, b, c);
    a = state.a;
    b = state.b;
    c = state.c;
  }
  while (length >= 12) {
    a = (a + data.getInt32(at, true)) | 0;
    b = (b + data.getInt32(at + 4, true)) | 0;
    c = (c + data.getInt32(at + 8, true)) | 0;
    a = (a - c) ^ ((c << 4) | (c >>> 28));
    c = (c + b) | 0;
    b = (b - a) ^ ((a << 6) | (a >>> 26));
    a = (a + c) | 0;
    c = (c - b) ^ ((b << 8) | (b >>> 24));
    b = (b + a) | 0;
    a = (a - c) ^ ((c << 16) | (c >>> 16));
    c = (c + b) | 0;
    b = (b - a) ^ ((a << 19) | (a >>> 13));
    a = (a + c) | 0;
    c = (c - b) ^ ((b << 4) | (b >>> 28));
    b = (b + a) | 0;
    at += 12;
    length -= 12;
  }
  // The lowest byte of c is reserved for the length, hence its shift by one byte.
  for (let index = length - 1; index >= 0; index -= 1) {
    const byte = data.getUint8(at + index);
    if (index >= 8) c = (c + (byte << (8 * (index - 7)))) | 0;
    else if (index >= 4) b = (b + (byte << (8 * (index - 4)))) | 0;
    else a = (a + (byte << (8 * index))) | 0;
  }
  finish(a, b, c);
}

/** hash_bytes_extended of a text in ASCII; for what is rare. The result is in `hashed`. */
export function hashAscii(text: string, seed: number): void {
  const bytes = Buffer.from(text, 'ascii');
  hashBytes(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length, seed);
}

/** hashfloat8extended; minus zero hashes as zero. */
export function hashFloat(value: number, seed: number): void {
  if (value === 0) {
    hashed.high = 0;
    hashed.low = seed;
    return;
  }
  floatView.setFloat64(0, value, true);
  hashBytes(floatView, 0, 8, seed);
}

/** The hash of NULL in a column. */
export function hashNull(seed: number): void {
  hashWhole(NULL_MARK, seed);
}

const floatView = new DataView(new ArrayBuffer(8));
const state = { a: 0, b: 0, c: 0 };

function mixState(a0: number, b0: number, c0: number): void {
  let a = a0;
  let b = b0;
  let c = c0;
  a = (a - c) ^ ((c << 4) | (c >>> 28));
  c = (c + b) | 0;
  b = (b - a) ^ ((a << 6) | (a >>> 26));
  a = (a + c) | 0;
  c = (c - b) ^ ((b << 8) | (b >>> 24));
  b = (b + a) | 0;
  a = (a - c) ^ ((c << 16) | (c >>> 16));
  c = (c + b) | 0;
  b = (b - a) ^ ((a << 19) | (a >>> 13));
  a = (a + c) | 0;
  c = (c - b) ^ ((b << 4) | (b >>> 28));
  b = (b + a) | 0;
  state.a = a;
  state.b = b;
  state.c = c;
}

function finish(a0: number, b0: number, c0: number): void {
  let a = a0;
  let b = b0;
  let c = c0;
  c = (c ^ b) - ((b << 14) | (b >>> 18));
  a = (a ^ c) - ((c << 11) | (c >>> 21));
  b = (b ^ a) - ((a << 25) | (a >>> 7));
  c = (c ^ b) - ((b << 16) | (b >>> 16));
  a = (a ^ c) - ((c << 4) | (c >>> 28));
  b = (b ^ a) - ((a << 14) | (a >>> 18));
  c = (c ^ b) - ((b << 24) | (b >>> 8));
  hashed.high = b >>> 0;
  hashed.low = c >>> 0;
}
