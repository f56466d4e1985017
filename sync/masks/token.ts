// Tokens: 128 bits of the keyed hash for texts and UUIDs, and for whole numbers a keyed permutation, so that two numbers never meet.
// smallint has no token: 65,536 values can be tried out.
import type { KeyedHash } from './keyed-hash.ts';

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

const SMALL = 1n << 31n;
const LARGE = 1n << 63n;
const ROUNDS = 8;

/**
 * Another whole number of the same sign: what fits an integer becomes an integer, so a bigint reference finds its integer key;
 * what does not becomes a bigint. Throws RangeError beyond bigint.
 */
export function tokenOfInteger(hash: KeyedHash, value: string): string {
  const number = BigInt(value);
  // -1 mirrors 0, so every range has as many negative numbers as others.
  if (number < 0n) return String(-1n - permuteNatural(hash, -1n - number));
  return String(permuteNatural(hash, number));
}

function permuteNatural(hash: KeyedHash, number: bigint): bigint {
  if (number >= LARGE) throw new RangeError('not a bigint');
  const isSmall = number < SMALL;
  // Cycle walking: the network permutes all numbers of its width, and is run again until it comes out inside the range.
  let found = number;
  do {
    found = isSmall ? permute(hash, found, 16) : permute(hash, found, 32);
  } while (isSmall ? found >= SMALL : found < SMALL || found >= LARGE);
  return found;
}

/** A balanced Feistel network over two halves of so many bits. */
function permute(hash: KeyedHash, number: bigint, width: 16 | 32): bigint {
  const bits = BigInt(width);
  let left = Number(number >> bits);
  let right = Number(number & ((1n << bits) - 1n));
  for (let round = 0; round < ROUNDS; round += 1) {
    const mixed = hash.mix(round, width, right) >>> (32 - width);
    [left, right] = [right, (left ^ mixed) >>> 0];
  }
  return (BigInt(left) << bits) | BigInt(right);
}
