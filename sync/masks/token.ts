// Tokens: 128 bits of the keyed hash for texts and UUIDs, and for whole numbers a keyed permutation, so that two numbers never meet.
// smallint has no token: 65,536 values can be tried out.
import type { CopyBuffer } from '../../postgres/copy-buffer.ts';
import { type KeyedHash, KNOWN, ROUNDS } from './keyed-hash.ts';

const TOKEN_BYTES = 16;
const TOKEN_DIGITS = 32;

/** A value: bytes[from, to). */
interface BytesRange {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/** 32 hex digits, or the first ones where the column is shorter. */
export function tokenOfText(hash: KeyedHash, value: string, length = TOKEN_DIGITS): string {
  return hash.digest('token', value).toString('hex', 0, TOKEN_BYTES).slice(0, length);
}

const DIGITS = Buffer.from('0123456789abcdef');

/** The same from a value's bytes in UTF-8, as ASCII digits behind what `out` holds; makes room for them itself. */
export function writeTextToken(hash: KeyedHash, value: BytesRange, out: CopyBuffer, length: number): void {
  const digest = hash.digestBytes('token', value.bytes, value.from, value.to);
  out.reserve(length);
  const { bytes } = out;
  for (let digit = 0; digit < length; digit += 1) {
    // 16 bytes of the digest, two digits each; every half of a byte has a digit.
    const byte = digest[digit >> 1] as number;
    bytes[out.at + digit] = DIGITS[(digit & 1) === 0 ? byte >> 4 : byte & 15] as number;
  }
  out.at += length;
}

/** A UUID of version 8 (RFC 9562: made by a rule of our own). */
export function tokenOfUuid(hash: KeyedHash, value: string): string {
  return formatUuid(uuidBytes(hash, value), 0);
}

/** The same in place, over the 16 bytes of a UUID. */
export function tokenizeUuid(hash: KeyedHash, bytes: Buffer, at: number): void {
  uuidBytes(hash, formatUuid(bytes, at)).copy(bytes, at, 0, TOKEN_BYTES);
}

function uuidBytes(hash: KeyedHash, value: string): Buffer {
  const bytes = hash.digest('uuid', value.toLowerCase());
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}

function formatUuid(bytes: Buffer, at: number): string {
  const hex = bytes.toString('hex', at, at + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const SMALL = 2 ** 31;
const LARGE = 1n << 63n;

/**
 * Another whole number of the same sign: what fits an integer becomes an integer, so a bigint reference finds its integer key;
 * what does not becomes a bigint. Throws RangeError beyond bigint and SyntaxError for what is no number.
 */
export function tokenOfInteger(hash: KeyedHash, value: string): string {
  const number = BigInt(value);
  if (number >= LARGE || number < -LARGE) throw new RangeError('not a bigint');
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(number);
  tokenizeInt64(hash, bytes, 0);
  return String(bytes.readBigInt64BE());
}

// -1 mirrors 0, so every range has as many negative numbers as others; in two's complement that is every bit turned over.

/** The same in place, over the 4 bytes of an integer. */
export function tokenizeInt32(hash: KeyedHash, bytes: Buffer, at: number): void {
  const number = bytes.readInt32BE(at);
  bytes.writeInt32BE(number < 0 ? ~permuteSmall(hash, ~number) : permuteSmall(hash, number), at);
}

/** The same in place, over the 8 bytes of a bigint. */
export function tokenizeInt64(hash: KeyedHash, bytes: Buffer, at: number): void {
  const high = bytes.readInt32BE(at);
  const sign = high >> 31;
  const left = high ^ sign;
  const right = (bytes.readInt32BE(at + 4) ^ sign) >>> 0;
  if (left === 0 && right < SMALL) {
    // The upper half is that of the sign already.
    bytes.writeInt32BE(permuteSmall(hash, right) ^ sign, at + 4);
    return;
  }
  permuteLarge(hash, left, right);
  bytes.writeInt32BE((large[0] as number) ^ sign, at);
  bytes.writeInt32BE((large[1] as number) ^ sign, at + 4);
}

// Feistel networks over the next even number of bits. Cycle walking: run again until the number comes out inside the range.

function permuteSmall({ known, tables }: KeyedHash, number: number): number {
  const place = number & (KNOWN - 1);
  if (known.numbers[place] === number) return known.tokens[place] as number;
  let found = number;
  do {
    let left = found >>> 16;
    let right = found & 0xffff;
    for (let round = 0; round < ROUNDS; round += 1) {
      // A table for each round, of every number of 16 bits.
      const mixed = left ^ ((tables[round] as Uint16Array)[right] as number);
      left = right;
      right = mixed;
    }
    found = left * 65_536 + right;
  } while (found >= SMALL);
  known.numbers[place] = number;
  known.tokens[place] = found;
  return found;
}

/** The two halves of what permuteLarge found last. */
const large = new Int32Array(2);

/** Numbers from 2^31 to 2^63. */
function permuteLarge(hash: KeyedHash, high: number, low: number): void {
  let left = high;
  let right = low;
  do {
    for (let round = 0; round < ROUNDS; round += 1) {
      const mixed = (left ^ hash.mix(round, right)) >>> 0;
      left = right;
      right = mixed;
    }
  } while (left >= SMALL || (left === 0 && right < SMALL));
  large[0] = left;
  large[1] = right;
}
