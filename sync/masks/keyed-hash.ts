// One keyed hash for all masks: the same value gives the same bits in every table and column of every run with the key, and nobody
// without the key can try values. Each purpose has a word of its own, so that no mask's output helps to guess another's.
import { createCipheriv } from 'node:crypto';
import { sha256 } from '@noble/hashes/sha2.js';
import { HmacSha256 } from './hmac-sha256.ts';

/** What a digest is for. */
type Purpose = 'token' | 'uuid' | 'jitter' | 'integer' | 'table' | `fake ${string}`;

export interface KeyedHash {
  /** HMAC-SHA-256 of the purpose, a zero byte and the value in UTF-8: 32 bytes, which are good until the next call. */
  digest(purpose: Purpose, value: string): Buffer;
  /** The same of a value's bytes[from, to). */
  digestBytes(purpose: Purpose, bytes: Buffer, from: number, to: number): Buffer;
  /** 32 bits from a number of 32 and the round, for permutations of large numbers. */
  mix(round: number, value: number): number;
  /** The same for halves of small numbers, as tables: 65,536 numbers of 16 bits for each of the rounds. */
  readonly tables: readonly Uint16Array[];
  /** Tokens of small numbers that were made last. */
  readonly known: KnownTokens;
}

/** A number has one place, by its last bits. The tables are larger than the processor's near caches; references repeat their numbers. */
export interface KnownTokens {
  /** -1 for none. */
  readonly numbers: Int32Array;
  readonly tokens: Int32Array;
}

/** Places for known tokens, a power of two: 64 kB. */
export const KNOWN = 8192;

/** Rounds of a permutation: Luby and Rackoff need four, more where the halves are short. */
export const ROUNDS = 8;
const HALF = 65_536;
const BLOCK = 16;

/** The hash under the key. */
export function createKeyedHash(key: Uint8Array): KeyedHash {
  const hmac = new HmacSha256(key);
  const prefixes = new Map<string, Buffer>();
  const begin = (purpose: string) => {
    const prefix = prefixes.get(purpose) ?? Buffer.from(`${purpose}\0`);
    prefixes.set(purpose, prefix);
    hmac.begin(prefix);
  };
  const digestBytes = (purpose: string, bytes: Buffer, from: number, to: number) => {
    begin(purpose);
    hmac.add(bytes, from, to);
    return hmac.finish();
  };
  const digest = (purpose: string, value: string) => {
    begin(purpose);
    hmac.addText(value);
    return hmac.finish();
  };
  const tables = Array.from({ length: ROUNDS }, (_, round) => makeTable(Buffer.from(digest('table', String(round)))));
  const known = { numbers: new Int32Array(KNOWN).fill(-1), tokens: new Int32Array(KNOWN) };
  return { digest, digestBytes, mix: makeMix(digest('integer', '')), tables, known };
}

/** SHA-256 over a secret and an input of fixed length, in one block: a keyed function like HMAC's inner one, at half its price. */
function makeMix(secret: Buffer): KeyedHash['mix'] {
  const input = Buffer.concat([secret, Buffer.alloc(8)]);
  const state = sha256.create();
  const fresh = sha256.create();
  const words = Buffer.alloc(32);
  return (round, value) => {
    input.writeUInt32BE(round, secret.length);
    input.writeUInt32BE(value, secret.length + 4);
    fresh._cloneInto(state).update(input).digestInto(words);
    return words.readUInt32BE(0);
  };
}

function makeTable(key: Buffer): Uint16Array {
  const blocks = Buffer.alloc(HALF * BLOCK);
  for (let value = 0; value < HALF; value += 1) blocks.writeUInt32LE(value, value * BLOCK);
  const mixed = createCipheriv('aes-256-ecb', key, null).update(blocks);
  const table = new Uint16Array(HALF);
  for (let value = 0; value < HALF; value += 1) table[value] = mixed.readUInt16LE(value * BLOCK);
  return table;
}

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Twelve letters and digits from 60 bits: two of a million values share them once in two million runs. */
export function formatTail(digest: Buffer): string {
  let text = '';
  for (let at = 0; at < 12; at += 1) text += LETTERS[(digest[20 + at] ?? 0) & 31];
  return text;
}
