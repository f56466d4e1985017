// The key that signs records: Ed25519, as a private JWK. Made at first use, or the user's own (EVIDENCE_KEY_FILE), which may
// lie where the log's readers cannot reach it.
import fs from 'node:fs';
import { CompactSign, type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose';
import { z } from 'zod';
import { ShapecastError } from '../core/errors.ts';
import { readTextFile, writeFileAtomically } from '../core/files.ts';
import type { EvidenceKey } from '../spec/evidence.ts';

export const EVIDENCE_ALGORITHM = 'EdDSA';

/** Signs; holds a secret, so it is never printed or written. */
export interface SigningKey {
  readonly publicKey: EvidenceKey;
  /** A detached JWS (`header..signature`) over the text. */
  readonly sign: (text: string) => Promise<string>;
}

const part = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const privateKeySchema = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: part, d: part });

/** The key of the file, which must be there. Throws FILE_UNREADABLE, EVIDENCE_KEY_INVALID; neither repeats what the file holds. */
export async function readSigningKey(file: string): Promise<SigningKey> {
  const text = readTextFile(file);
  if (process.platform !== 'win32' && (fs.statSync(file).mode & 0o007) !== 0) throw invalid(file, 'every user can read it');
  const jwk = privateKeySchema.safeParse(parseOrNull(text)).data;
  if (jwk === undefined) throw invalid(file, 'it is no private Ed25519 key (JWK)');
  const key = await importOrNull(jwk);
  if (key === null) throw invalid(file, 'its two parts do not fit each other');
  const kid = await calculateJwkThumbprint(jwk);
  const publicKey = { kty: jwk.kty, crv: jwk.crv, x: jwk.x, kid, use: 'sig', alg: EVIDENCE_ALGORITHM } as const;
  return { publicKey, sign: (signed) => signDetached(signed, key, kid) };
}

/** Writes a new key over the file (0600). */
export async function makeSigningKey(file: string): Promise<void> {
  const { privateKey } = await generateKeyPair(EVIDENCE_ALGORITHM, { extractable: true });
  writeFileAtomically(file, `${JSON.stringify(await exportJWK(privateKey))}\n`);
}

async function signDetached(text: string, key: CryptoKey, kid: string): Promise<string> {
  const payload = new TextEncoder().encode(text);
  const compact = await new CompactSign(payload).setProtectedHeader({ alg: EVIDENCE_ALGORITHM, kid }).sign(key);
  const [header, , signature] = compact.split('.');
  return `${header}..${signature}`;
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** null: not a key, or the public part is another key's. */
async function importOrNull(jwk: z.output<typeof privateKeySchema>): Promise<CryptoKey | null> {
  try {
    const key = await importJWK(jwk, EVIDENCE_ALGORITHM);
    return key instanceof Uint8Array ? null : key;
  } catch {
    return null;
  }
}

function invalid(file: string, reason: string): ShapecastError {
  // No cause: it might quote the key.
  return new ShapecastError('EVIDENCE_KEY_INVALID', { file, reason });
}
