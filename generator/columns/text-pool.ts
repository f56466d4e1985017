// One pool of words from which all texts are cut: made from the seed by faker at start-up, ASCII only, so that a byte is a
// character and a row costs one copy.
import { base, en, Faker } from '@faker-js/faker';
import seedrandom from 'seedrandom';
import type { PlanKey } from '../../spec/plan.ts';

const POOL_BYTES = 1 << 18;

/** The pool of a plan's key; the same key, the same bytes (faker's word lists are pinned by the exact version). */
export function makeTextPool(key: PlanKey): Buffer {
  const random = seedrandom(`${key[0]}:${key[1]}`);
  const faker = new Faker({ locale: [en, base], randomizer: { next: () => random.quick(), seed: () => {} } });
  const words = Array.from({ length: 4096 }, () => faker.lorem.word()).filter((word) => /^[a-z]+$/.test(word));
  const pool = Buffer.alloc(POOL_BYTES, ' ');
  let at = 0;
  while (at < POOL_BYTES) {
    const word = `${words[Math.floor(random.quick() * words.length)] ?? 'lorem'} `;
    at += pool.write(word, at, 'ascii');
  }
  return pool;
}
