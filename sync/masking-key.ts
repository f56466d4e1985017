// The key of the masks: MASKING_KEY, or a random one that is forgotten with the process, so that two runs have nothing in common.
import { randomBytes } from 'node:crypto';
import { ShapecastError } from '../core/errors.ts';
import { decodeStrongSecret } from '../core/strong-secret.ts';

const VARIABLE = 'MASKING_KEY';

/** The key's bytes from its text (hex or base64), random for an unset one. Throws MASKING_KEY_WEAK, never with any part of the text. */
export function readMaskingKey(text: string | undefined, environment: NodeJS.ProcessEnv): Uint8Array {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return randomBytes(32);
  const bytes = decodeStrongSecret(trimmed, { variable: VARIABLE, environment });
  if ('weakness' in bytes) throw new ShapecastError('MASKING_KEY_WEAK', { variable: VARIABLE, reason: bytes.weakness });
  return bytes;
}
