// One keyed hash for all masks: the same value gives the same bits in every table and column of every run with the key, and nobody
// without the key can try values. Each purpose has a word of its own, so that no mask's output helps to guess another's.
import { createCipheriv, createHmac } from 'node:crypto';

export interface KeyedHash {
  /** 32 bytes. */
  digest(purpose: string, value: string): Buffer;
  /** 32 bits from a number of 32, for the rounds of a permutation: a block of AES, three times as fast as a digest. */
  mix(round: number, width: number, value: number): number;
}

/** The hash under the key. */
export function createKeyedHash(key: Uint8Array): KeyedHash {
  const secret = Buffer.from(key);
  const digest = (purpose: string, value: string) => createHmac('sha256', secret).update(`${purpose}\0${value}`, 'utf8').digest();
  const cipher = createCipheriv('aes-256-ecb', digest('integer', ''), null);
  const block = Buffer.alloc(16);
  return {
    digest,
    mix(round, width, value) {
      block[0] = round;
      block[1] = width;
      block.writeUInt32LE(value, 4);
      return cipher.update(block).readUInt32LE(0);
    },
  };
}

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Twelve letters and digits from 60 bits: two of a million values share them once in two million runs. */
export function formatTail(digest: Buffer): string {
  let text = '';
  for (let at = 0; at < 12; at += 1) text += LETTERS[(digest[20 + at] ?? 0) & 31];
  return text;
}
