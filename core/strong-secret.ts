// The gate of every key that values are masked with: tokens are only as hard to guess as the secret, so anything that is not plainly
// random is refused. All limits are far outside what 32 random bytes show; a good secret is refused about once in 10^8 times.
import { createHash, timingSafeEqual } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';

const MIN_BYTES = 32;
const MIN_DISTINCT_BYTES = 16;
/** No byte value may fill more than this share; 32 random bytes reach 9 equal ones about once in 10^12. */
const MAX_SHARE_OF_ONE_BYTE = 0.25;

export interface SecretPlace {
  /** The variable that should hold the secret. */
  readonly variable: string;
  /** Searched for the same secret in another variable. */
  readonly environment: NodeJS.ProcessEnv;
}

/** The secret's bytes from its text (hex or base64), or why it is too weak; the reason holds no part of the text. */
export function decodeStrongSecret(text: string, place: SecretPlace): Uint8Array | { readonly weakness: string } {
  const bytes = decodeSecret(text);
  const reason = bytes === null ? 'it is neither hex nor base64' : findWeakness(text, bytes, place);
  return bytes === null || reason !== null ? { weakness: reason ?? '' } : bytes;
}

/** Hex wins where a text is both: 64 hex digits are 32 bytes of hex, not 48 of base64. */
function decodeSecret(text: string): Uint8Array | null {
  if (/^(?:[0-9a-f]{2})+$/i.test(text)) return Buffer.from(text, 'hex');
  const bare = text
    .replace(/={1,2}$/, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/');
  if (!/^[A-Za-z0-9+/]+$/.test(bare)) return null;
  const bytes = Buffer.from(bare, 'base64');
  // Node skips what it cannot read; only a text that comes back unchanged was base64.
  return bytes.toString('base64').replace(/=+$/, '') === bare ? bytes : null;
}

type Weakness = (bytes: Uint8Array, text: string, place: SecretPlace) => string | null;

const weaknesses: readonly Weakness[] = [
  (bytes) => (bytes.length < MIN_BYTES ? `it decodes to ${bytes.length} bytes; at least ${MIN_BYTES} are needed` : null),
  (_, text) => (isOnBlocklist(text) ? 'it holds a word that stands in examples, or is all letters of one case' : null),
  (bytes) => (isDigestOfBlocked(bytes) ? 'it is the digest of a well-known word' : null),
  (bytes) => (isText(bytes) ? 'it decodes to text, not to random bytes' : null),
  (bytes) => (hasPattern(bytes) ? 'its bytes are repetitive' : null),
  // Counting sequences have many distinct bytes and do not compress, but their steps repeat.
  (bytes) => (hasPattern(stepsOf(bytes)) ? 'its bytes follow a pattern' : null),
  (bytes, text, place) => findTwin(bytes, text, place),
];

function findWeakness(text: string, bytes: Uint8Array, place: SecretPlace): string | null {
  for (const weakness of weaknesses) {
    const reason = weakness(bytes, text, place);
    if (reason !== null) return reason;
  }
  return null;
}

/** At least six letters each: random base64 of 32 bytes holds one of these about once in 10^6 times. */
const BLOCKED_WORDS =
  /password|passphrase|changeme|secret|example|default|production|staging|shapecast|placeholder|anonymi|insecure/i;

/** A base64 text of random bytes has letters of both cases: all but once in 10^9 times. */
function isOnBlocklist(text: string): boolean {
  const isHex = /^[0-9a-f]+$/i.test(text);
  return BLOCKED_WORDS.test(text) || (!isHex && (text === text.toLowerCase() || text === text.toUpperCase()));
}

const DIGESTED_WORDS = [
  '',
  '0',
  '1',
  'a',
  'salt',
  'pepper',
  'secret',
  'password',
  'test',
  'changeme',
  'admin',
  'dev',
  'prod',
  'production',
];
const DIGESTED_WORDS_MORE = [
  'default',
  'example',
  'foo',
  'hello',
  'hello world',
  'shapecast',
  'anonymization',
  'ANONYMIZATION_SALT',
];

function isDigestOfBlocked(bytes: Uint8Array): boolean {
  const algorithm = { 32: 'sha256', 48: 'sha384', 64: 'sha512' }[bytes.length];
  if (algorithm === undefined) return false;
  return [...DIGESTED_WORDS, ...DIGESTED_WORDS_MORE]
    .flatMap((word) => [word, `${word}\n`])
    .some((word) => createHash(algorithm).update(word).digest().equals(bytes));
}

/** Valid UTF-8 without control characters: a typed passphrase. 32 random bytes are that about once in 10^13 times. */
function isText(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString('utf8');
  return !text.includes('\ufffd') && !/\p{Cc}/u.test(text.trim());
}

function hasPattern(bytes: Uint8Array): boolean {
  const counts = new Map<number, number>();
  for (const byte of bytes) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  if (counts.size < MIN_DISTINCT_BYTES || Math.max(...counts.values()) > bytes.length * MAX_SHARE_OF_ONE_BYTE) return true;
  return deflateRawSync(bytes, { level: 9 }).length < bytes.length;
}

/** Differences of neighbouring bytes, modulo 256. */
function stepsOf(bytes: Uint8Array): Uint8Array {
  return bytes.slice(1).map((byte, index) => byte - (bytes[index] ?? 0));
}

/** A secret with two uses leaks through the weaker one. Other values may hold it inside, such as a URL with a password. */
function findTwin(bytes: Uint8Array, text: string, { variable, environment }: SecretPlace): string | null {
  for (const [name, value] of Object.entries(environment)) {
    if (name === variable || value === undefined || value === '') continue;
    if (value.includes(text) || isSameSecret(bytes, decodeSecret(value.trim())))
      return `the variable ${name} holds the same secret`;
  }
  return null;
}

function isSameSecret(left: Uint8Array, right: Uint8Array | null): boolean {
  return right !== null && left.length === right.length && timingSafeEqual(left, right);
}
