// One keyed hash for all masks: the same value gives the same bits in every table and column of every run with the key, and nobody
// without the key can try values. Each purpose has a word of its own, so that no mask's output helps to guess another's.
import { createCipheriv, createHmac } from 'node:crypto';

export interface KeyedHash {
  /** 32 bytes. */
  digest(purpose: string, value: string): Buffer;
  /** 32 bits from a number of 32 and the round, for permutations of large numbers. */
  mix(round: number, value: number): number;
  /** The same for halves of small numbers, as tables: 65,536 numbers of 16 bits for each of the rounds. */
  readonly tables: readonly Uint16Array[];
}

/** Rounds of a permutation: Luby and Rackoff need four, more where the halves are short. */
export const ROUNDS = 8;
const HALF = 65_536;
const BLOCK = 16;

/** The hash under the key. */
export function createKeyedHash(key: Uint8Array): KeyedHash {
  const secret = Buffer.from(key);
  const digest = (purpose: string, value: string) => createHmac('sha256', secret).update(`${purpose}\0${value}`, 'utf8').digest();
  // One block of AES is a third of the price of a digest, and a million at once are nearly free.
  const cipher = createCipheriv('aes-256-ecb', digest('integer', ''), null);
  const block = Buffer.alloc(BLOCK);
  const mix = (round: number, value: number) => {
    block[0] = round;
    block.writeUInt32LE(value, 4);
    return cipher.update(block).readUInt32LE(0);
  };
  return { digest, mix, tables: Array.from({ length: ROUNDS }, (_, round) => makeTable(digest('table', String(round)))) };
}

function makeTable(key: Buffer): Uint16Array {
  const blocks = Buffer.alloc(HALF * BLOCK);
  for (let value = 0; value < HALF; value += 1) blocks.writeUInt32LE(value, value * BLOCK);
  const mixed = createCipheriv('aes-256-ecb', key, null).update(blocks);
  return Uint16Array.from({ length: HALF }, (_, value) => mixed.readUInt16LE(value * BLOCK));
}

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Twelve letters and digits from 60 bits: two of a million values share them once in two million runs. */
export function formatTail(digest: Buffer): string {
  let text = '';
  for (let at = 0; at < 12; at += 1) text += LETTERS[(digest[20 + at] ?? 0) & 31];
  return text;
}
