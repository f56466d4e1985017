// Tokens: 128 bits of the keyed hash for texts and UUIDs, and for whole numbers a keyed permutation, so that two numbers never meet.
// smallint has no token: 65,536 values can be tried out.
import { type KeyedHash, ROUNDS } from './keyed-hash.ts';

/** 32 hex digits, or the first ones where the column is shorter. */
export function tokenOfText(hash: KeyedHash, value: string, length = 32): string {
  return hash.digest('token', value).toString('hex', 0, 16).slice(0, length);
}

/** A UUID of version 8 (RFC 9562: made by a rule of our own). */
export function tokenOfUuid(hash: KeyedHash, value: string): string {
  const bytes = Buffer.from(hash.digest('uuid', value.toLowerCase()).subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const SMALL = 2 ** 31;
const LARGE = 1n << 63n;

/**
 * Another whole number of the same sign: what fits an integer becomes an integer, so a bigint reference finds its integer key;
 * what does not becomes a bigint. Throws RangeError beyond bigint and SyntaxError for what is no number.
 */
export function tokenOfInteger(hash: KeyedHash, value: string): string {
  // -1 mirrors 0, so every range has as many negative numbers as others.
  const isNegative = value.startsWith('-');
  if (/^-?\d{1,9}$/.test(value)) {
    const small = Number(value);
    return String(isNegative ? -1 - permuteSmall(hash, -1 - small) : permuteSmall(hash, small));
  }
  const number = BigInt(value);
  return String(isNegative ? -1n - permuteNatural(hash, -1n - number) : permuteNatural(hash, number));
}

function permuteNatural(hash: KeyedHash, number: bigint): bigint {
  if (number >= LARGE) throw new RangeError('not a bigint');
  return number < SMALL ? BigInt(permuteSmall(hash, Number(number))) : permuteLarge(hash, number);
}

// Feistel networks over the next even number of bits. Cycle walking: run again until the number comes out inside the range.

function permuteSmall({ tables }: KeyedHash, number: number): number {
  let found = number;
  do {
    let left = found >>> 16;
    let right = found & 0xffff;
    for (const table of tables) [left, right] = [right, left ^ (table[right] ?? 0)];
    found = left * 65_536 + right;
  } while (found >= SMALL);
  return found;
}

function permuteLarge(hash: KeyedHash, number: bigint): bigint {
  let found = number;
  do {
    let left = Number(found >> 32n);
    let right = Number(found & 0xffff_ffffn);
    for (let round = 0; round < ROUNDS; round += 1) [left, right] = [right, (left ^ hash.mix(round, right)) >>> 0];
    found = (BigInt(left) << 32n) | BigInt(right);
  } while (found < SMALL || found >= LARGE);
  return found;
}
