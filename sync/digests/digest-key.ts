// The key over the digests: without it a 64-bit hash of a mail address can be tried out. Derived from MASKING_KEY for this purpose alone,
// and once more for each column, so that equal values of two columns have different digests.
import { createCipheriv, createHmac } from 'node:crypto';
import { ShapecastError } from '../../core/errors.ts';
import type { ShadowDigests } from '../../spec/shadow-digests.ts';

const PURPOSE = 'shapecast shadow digests v1';
const BLOCK = 16;
const DIGEST = 8;

export interface DigestPlace {
  readonly table: string;
  readonly column: string;
  readonly path: string | null;
}

export interface DigestMaker {
  /** One digest of 64 bits for each hash: AES of the hash as a block. */
  digest(hash: bigint): bigint;
}

/** What the key makes of a fixed word, 32 hex digits; tells keys apart and nothing of them. */
export function proofOfKey(key: Uint8Array): string {
  return derive(key, 'proof').toString('hex', 0, 16);
}

/** Throws SHADOW_KEY_DIFFERS for a key that the set was not made with. */
export function refuseOtherKey(key: Uint8Array, { keyProof }: ShadowDigests): void {
  if (proofOfKey(key) !== keyProof) throw new ShapecastError('SHADOW_KEY_DIFFERS', {});
}

/** The digests of one column. */
export function createDigestMaker(key: Uint8Array, { table, column, path }: DigestPlace): DigestMaker {
  const cipher = createCipheriv('aes-256-ecb', derive(key, JSON.stringify([table, column, path])), null);
  const block = Buffer.alloc(BLOCK);
  return {
    digest(hash) {
      block.writeBigInt64BE(hash);
      return cipher.update(block).readBigUInt64BE(0);
    },
  };
}

/** Ascending, so that their order tells nothing; base64. */
export function packDigests(digests: readonly bigint[]): string {
  const sorted = BigUint64Array.from(digests).sort();
  const bytes = Buffer.alloc(sorted.length * DIGEST);
  sorted.forEach((digest, at) => {
    bytes.writeBigUInt64BE(digest, at * DIGEST);
  });
  return bytes.toString('base64');
}

/** The digests of packDigests. */
export function unpackDigests(text: string): ReadonlySet<bigint> {
  const bytes = Buffer.from(text, 'base64');
  const digests = new Set<bigint>();
  for (let at = 0; at + DIGEST <= bytes.length; at += DIGEST) digests.add(bytes.readBigUInt64BE(at));
  return digests;
}

function derive(key: Uint8Array, use: string): Buffer {
  const purpose = createHmac('sha256', key).update(PURPOSE).digest();
  return createHmac('sha256', purpose).update(use).digest();
}
