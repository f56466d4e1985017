// The salt of sample: from --salt-from, else from ANONYMIZATION_SALT; checked by the salt gate before anything connects.
import { randomBytes } from 'node:crypto';
import { resolveSecret } from '../core/secret.ts';
import type { CommandContext } from './command.ts';

/** PRIVACY.md: at least 32 decoded bytes. */
const SALT_BYTES = 32;

/** The checked salt; for a dry run a throw-away one. Throws SALT_MISSING, SALT_WEAK, SECRET_REFERENCE_INVALID, SECRET_UNAVAILABLE. */
export async function readSaltOption(
  reference: string | undefined,
  dryRun: boolean,
  context: CommandContext,
): Promise<Uint8Array> {
  if (dryRun) return randomSalt();
  const { readSalt } = await import('../sampler/protect/salt.ts');
  const { environment, signal } = context;
  const text =
    reference === undefined
      ? environment.ANONYMIZATION_SALT
      : await resolveSecret(reference, { option: '--salt-from', environment, signal });
  return readSalt(text, environment);
}

/** A salt that is forgotten when the process ends: tokens made with it match no others. */
export function randomSalt(): Uint8Array {
  return randomBytes(SALT_BYTES);
}
