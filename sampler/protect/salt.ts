// The salt gate: core/strong-secret.ts over ANONYMIZATION_SALT, before anything connects.
import { ShapecastError } from '../../core/errors.ts';
import { decodeStrongSecret } from '../../core/strong-secret.ts';

const VARIABLE = 'ANONYMIZATION_SALT';

/**
 * The salt's bytes from its text (hex or base64, white space around it ignored). `environment` is searched for the same
 * secret in another variable. Throws SALT_MISSING, or SALT_WEAK with the reason and never with any part of the text.
 */
export function readSalt(text: string | undefined, environment: NodeJS.ProcessEnv): Uint8Array {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') throw new ShapecastError('SALT_MISSING', { variable: VARIABLE });
  const bytes = decodeStrongSecret(trimmed, { variable: VARIABLE, environment });
  if ('weakness' in bytes) throw new ShapecastError('SALT_WEAK', { variable: VARIABLE, reason: bytes.weakness });
  return bytes;
}
