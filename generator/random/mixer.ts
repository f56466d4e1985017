// The keyed counter-based mixer: a 32-bit word from (key, counter), with no state, so any cell can be made anywhere.
// Integer operations only, identical on every engine. Changing a constant changes every value: bump ALGORITHM_VERSION.
import { createHash } from 'node:crypto';

/** Names the mixer, the permutation and the builders together; part of every plan. */
export const ALGORITHM_VERSION = 4;

/** Two 32-bit words that select one stream. */
export type StreamKey = readonly [number, number];

/**
 * A uniform 32-bit word (0 to 2^32 - 1) for a counter. Two multiply-xorshift finalisers (constants of lowbias32, found by
 * C. Wellons' hash prospector, and of MurmurHash3's fmix32) with a key word before each.
 */
export function mix32(key: StreamKey, counter: number): number {
  return mixWords(key[0], key[1], counter);
}

/** mix32 of a key in two words. */
export function mixWords(first: number, second: number, counter: number): number {
  let word = (counter ^ first) | 0;
  word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
  word = ((word ^ (word >>> 15)) + second) | 0;
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}

const TWO_POW_MINUS_32 = 1 / 4294967296;

/** A uniform fraction in [0, 1) with 32 random bits. */
export function mixFraction(key: StreamKey, counter: number): number {
  return mix32(key, counter) * TWO_POW_MINUS_32;
}

/** A uniform integer in [0, size), size at most 2^21 exactly and above it with bias below size / 2^32. */
export function mixBelow(key: StreamKey, counter: number, size: number): number {
  return Math.floor(mix32(key, counter) * TWO_POW_MINUS_32 * size);
}

/** The key of a stream from the seed and the names that own it (table, column, purpose). Plan time only: it hashes text. */
export function deriveKey(seed: string, ...names: readonly string[]): StreamKey {
  const digest = createHash('sha256')
    .update(JSON.stringify(['shapecast', ALGORITHM_VERSION, seed, ...names]))
    .digest();
  return [digest.readInt32BE(0), digest.readInt32BE(4)];
}
