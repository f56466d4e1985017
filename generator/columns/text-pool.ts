// One pool of words from which all texts are cut, ASCII only, so that a byte is a character and a row costs one copy. The words follow
// Zipf's law as those of any language do, short ones first: full-text and trigram indexes, and compression, then behave as with real text.
import { en } from '@faker-js/faker';
import seedrandom from 'seedrandom';
import type { PlanKey } from '../../spec/plan.ts';

const POOL_BYTES = 1 << 20;
const VOCABULARY = 20_000;
/** Zipf-Mandelbrot with exponent 1 and this shift: the head of an English text (Mandelbrot 1953; Manin 2008). */
const SHIFT = 2.7;
const SYLLABLES =
  'ba be bi bo da de di do fa fe ga go ka ke ki ko la le li lo ma me mi mo na ne ni no pa pe ra re ri ro sa se si so ta te ti to va ve vi wa ze zo'.split(
    ' ',
  );
const CODAS = ['', '', '', 'l', 'm', 'n', 'r', 's', 't'];

/** The pool of a plan's key; the same key, the same bytes (faker's word lists are pinned by the exact version). */
export function makeTextPool(key: PlanKey): Buffer {
  const random = seedrandom(`${key[0]}:${key[1]}`);
  const words = makeVocabulary(() => random.quick());
  const sums = zipfSums(words.length);
  const total = sums[sums.length - 1] ?? 1;
  const pool = Buffer.alloc(POOL_BYTES, ' ');
  let at = 0;
  while (at < POOL_BYTES) at += pool.write(`${words[rankAt(sums, random.quick() * total)] ?? ''} `, at, 'ascii');
  return pool;
}

/** Words by rank: the little words of the language, then its other words, then made-up ones. None comes from any database. */
function makeVocabulary(random: () => number): string[] {
  const listOf = (kind: 'preposition' | 'conjunction' | 'noun' | 'verb' | 'adjective' | 'adverb') => en.word?.[kind] ?? [];
  const little = shuffle([...listOf('preposition'), ...listOf('conjunction')], random).sort(
    (left, right) => left.length - right.length,
  );
  const others = shuffle([...listOf('noun'), ...listOf('verb'), ...listOf('adjective'), ...listOf('adverb')], random);
  const words = new Set([...little, ...others].filter((word) => /^[a-z]{1,14}$/.test(word)));
  while (words.size < VOCABULARY) words.add(makeWord(random));
  return [...words];
}

function makeWord(random: () => number): string {
  const count = 2 + Math.floor(random() * 3);
  const body = Array.from({ length: count }, () => SYLLABLES[Math.floor(random() * SYLLABLES.length)] ?? '');
  return `${body.join('')}${CODAS[Math.floor(random() * CODAS.length)] ?? ''}`;
}

function shuffle(items: readonly string[], random: () => number): string[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other] ?? '', shuffled[last] ?? ''];
  }
  return shuffled;
}

/** Running sums of 1 / (rank + SHIFT). */
function zipfSums(size: number): Float64Array {
  const sums = new Float64Array(size);
  let sum = 0;
  for (let rank = 0; rank < size; rank += 1) {
    sum += 1 / (rank + 1 + SHIFT);
    sums[rank] = sum;
  }
  return sums;
}

/** The first rank whose sum is above the value. */
function rankAt(sums: Float64Array, value: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle] as number) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
