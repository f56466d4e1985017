// Tokens stand for labels that stay in production: 64 bits of an HMAC under a key of the column's own, so that equal values
// in two columns, data sets or epochs cannot be joined. They satisfy "no plaintext"; the argument for privacy is the fold
// (docs/privacy.md), because whoever holds the salt can try out guesses. Computed here and never in SQL, where the key
// would reach the server's log.
import { createHmac, hkdfSync, randomUUID } from 'node:crypto';

interface TokeniserOptions {
  /** The key material that readSalt returned. */
  readonly salt: Uint8Array;
  /** Names the source; equal labels of two data sets get unlike tokens. */
  readonly dataset: string;
  /** Changes when tokens are to be unlinkable with earlier packs; default `1`. */
  readonly epoch?: string;
}

export interface Tokeniser {
  /**
   * The token of a value: 16 lower-case hex digits, the same for the same salt, data set, epoch, table key, column, type and
   * value (Unicode-normalised). NULL has no token.
   */
  token(table: string, column: string, typeTag: string, value: string): string;
  /** Random for this tokeniser and unrelated to the salt. */
  readonly keyId: string;
}

const KEY_BYTES = 32;
const TOKEN_HEX_DIGITS = 16;

/** A tokeniser that holds the salt in memory and nowhere else. Pure apart from the random key id. */
export function createTokeniser(options: TokeniserOptions): Tokeniser {
  const salt = Uint8Array.from(options.salt);
  const prefix = `pack-token|v1|${escapePart(options.epoch ?? '1')}|${escapePart(options.dataset)}`;
  const keys = new Map<string, Uint8Array>();
  const keyOf = (table: string, column: string): Uint8Array => {
    const info = `${prefix}|${table}.${quotePart(column)}`;
    const known = keys.get(info);
    if (known !== undefined) return known;
    const key = new Uint8Array(hkdfSync('sha256', salt, new Uint8Array(0), info, KEY_BYTES));
    keys.set(info, key);
    return key;
  };
  return {
    keyId: randomUUID(),
    token: (table, column, typeTag, value) =>
      createHmac('sha256', keyOf(table, column)).update(canonicalBytes(typeTag, value)).digest('hex').slice(0, TOKEN_HEX_DIGITS),
  };
}

/** Type tag, NUL (which no type name holds), byte length, bytes: no two (type, value) pairs have equal bytes. */
function canonicalBytes(typeTag: string, value: string): Uint8Array {
  const bytes = Buffer.from(value.normalize('NFC'), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([Buffer.from(`${typeTag.replaceAll('\0', '')}\0`, 'utf8'), length, bytes]);
}

/** Keeps `|` for the borders between the parts. */
function escapePart(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('|', '%7C');
}

/** A column name as a table key writes its parts, so that a dot inside a name is no border. */
function quotePart(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
