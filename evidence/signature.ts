// Is a signature that of a key we know? The algorithm is ours to say, never the header's.
import { compactVerify, decodeProtectedHeader, importJWK } from 'jose';
import type { EvidenceKey } from '../spec/evidence.ts';
import { EVIDENCE_ALGORITHM } from './signing-key.ts';

/** The id that the signature's header gives, or null where it gives none. */
export function keyIdOf(signature: string): string | null {
  try {
    return decodeProtectedHeader(signature).kid ?? null;
  } catch {
    return null;
  }
}

/** Whether the detached JWS is the key's, over exactly this text. */
export async function isSignedBy(key: EvidenceKey, signature: string, text: string): Promise<boolean> {
  const [header, middle, end] = signature.split('.');
  if (middle !== '') return false;
  const { kty, crv, x } = key;
  const compact = `${header}.${Buffer.from(text).toString('base64url')}.${end}`;
  try {
    await compactVerify(compact, await importJWK({ kty, crv, x }, EVIDENCE_ALGORITHM), { algorithms: [EVIDENCE_ALGORITHM] });
    return true;
  } catch {
    return false;
  }
}
