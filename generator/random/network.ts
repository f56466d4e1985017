// The network of all permutations: a place (row, column) of a rectangle goes through four rounds, each of which moves one coordinate on by a
// word of the other, round the rectangle's side. So every round can be undone, whatever the words are (Black and Rogaway, "Ciphers with
// Arbitrary Finite Domains", 2002). A word is two multiplications with a fold between them: of a product only the high bits are well mixed,
// and those are what is used, so nothing has to follow the second one.
import type { StreamKey } from './mixer.ts';

/** Rounds of the network. */
export const ROUNDS = 4;
/** A word's first multiplication, before the fold; both factors are odd, so nothing is lost. */
export const FACTOR_BEFORE = 0x21f0aaad;
/** The second multiplication, after the fold. */
export const FACTOR_AFTER = 0x735a2d97;
/** By so many bits the product is folded over itself between the two. */
export const FOLD_BITS = 15;
/** Bits of a word that are used: with a side below 2^27 their product is exact in a real. */
const USED_BITS = 24;
/** The low bits of a word, which are not used. */
export const UNUSED_BITS = 32 - USED_BITS;
const TWO_POW_MINUS_USED = 1 / 2 ** USED_BITS;
/** What is added to, and mixed into, the two words of a permutation's key for those of a round. */
export const KEY_STEPS = { first: 0x9e3779b9, second: 0x7f4a7c15 } as const;

/** A rectangle: sides are below 2^27 for any domain that a number can count, so that places in it stay small integers. */
export interface Rectangle {
  readonly width: number;
  readonly height: number;
}

/** What a permutation needs: its domain and key. Integers only, so it can stand in a plan. */
export interface PermutationPlan {
  readonly size: number;
  readonly key: StreamKey;
}

/** The rectangle just larger than a domain: few results are outside, and those are walked on. */
export function rectangleOf(size: number): Rectangle {
  const width = Math.max(1, Math.ceil(Math.sqrt(size)));
  return { width, height: Math.max(1, Math.ceil(size / width)) };
}

/** The key of each round. */
export function roundKeys([first, second]: StreamKey): readonly StreamKey[] {
  return Array.from(
    { length: ROUNDS },
    (_, round): StreamKey => [(first + Math.imul(round, KEY_STEPS.first)) | 0, second ^ Math.imul(round + 1, KEY_STEPS.second)],
  );
}

/** What `moveOf` multiplies by for a side. */
export function scaleOf(side: number): number {
  return side * TWO_POW_MINUS_USED;
}

/** How far a coordinate moves in the round with this key, below its side, where the other one is `value`. */
export function moveOf(first: number, second: number, value: number, scale: number): number {
  const word = Math.imul(value ^ first, FACTOR_BEFORE);
  return ((Math.imul(word ^ (word >>> FOLD_BITS) ^ second, FACTOR_AFTER) >>> UNUSED_BITS) * scale) | 0;
}
