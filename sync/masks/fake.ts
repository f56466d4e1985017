// Made-up names, mails, phones and addresses, chosen by the keyed hash: the same value gives the same fake everywhere. A distinct one has
// a tail of 60 bits. Mails end in example.com (RFC 2606) and phones begin with +999, which no country has, so neither reaches anybody.
import { en } from '@faker-js/faker';
import type { FakeKind } from '../../spec/sync-rules.ts';
import { formatTail, type KeyedHash } from './keyed-hash.ts';

const firstNames = listOf(en.person?.first_name);
const lastNames = listOf(en.person?.last_name);
const streets = listOf(en.location?.street_suffix);
const cities = listOf(en.location?.city_name);

/** Faker has lists, and lists by sex with one for all. */
function listOf(names: unknown): readonly string[] {
  if (Array.isArray(names)) return names.filter((name): name is string => typeof name === 'string');
  const generic: unknown = typeof names === 'object' && names !== null ? Reflect.get(names, 'generic') : undefined;
  if (!Array.isArray(generic)) throw new TypeError('a list of names that faker no longer has');
  return generic.filter((name): name is string => typeof name === 'string');
}

/** The words that fakes are made of. */
export const FAKE_WORDS = { firstNames, lastNames, streets, cities } as const;

export interface FakeOptions {
  readonly isDistinct: boolean;
  /** Characters that the column takes; null: any number. */
  readonly maxLength: number | null;
}

/** Characters below which no distinct fake of the kind fits. */
export const SHORTEST_FAKE: Readonly<Record<FakeKind, number>> = {
  name: 12,
  firstName: 12,
  lastName: 12,
  mail: 24,
  phone: 21,
  address: 12,
};

/** The fake of the value. A mail is always distinct; what is too long loses its beginning words, never its tail. */
export function fakeOf(hash: KeyedHash, kind: FakeKind, value: string, { isDistinct, maxLength }: FakeOptions): string {
  const digest = hash.digest(`fake ${kind}`, value);
  const most = maxLength ?? Number.POSITIVE_INFINITY;
  switch (kind) {
    case 'mail':
      return fakeMail(digest, most);
    case 'phone':
      return fakePhone(digest, isDistinct).slice(0, most);
    default:
      return withTail(wordsOf(kind, digest), isDistinct ? formatTail(digest) : null, most);
  }
}

function wordsOf(kind: Exclude<FakeKind, 'mail' | 'phone'>, digest: Buffer): string {
  switch (kind) {
    case 'firstName':
      return pick(firstNames, digest, 0);
    case 'lastName':
      return pick(lastNames, digest, 4);
    case 'name':
      return `${pick(firstNames, digest, 0)} ${pick(lastNames, digest, 4)}`;
    case 'address':
      return `${1 + (digest.readUInt16LE(8) % 999)} ${pick(lastNames, digest, 4)} ${pick(streets, digest, 12)}, ${pick(cities, digest, 16)}`;
  }
}

function fakeMail(digest: Buffer, most: number): string {
  const end = `${formatTail(digest)}@example.com`;
  const name = `${pick(firstNames, digest, 0)}.${pick(lastNames, digest, 4)}`.toLowerCase().replaceAll(/[^a-z.]/g, '');
  const room = Math.max(0, Math.min(name.length, most - end.length - 1));
  return room === 0 ? end : `${name.slice(0, room)}.${end}`;
}

// 9 digits, or 17 (56 bits) where they must differ.
function fakePhone(digest: Buffer, isDistinct: boolean): string {
  const digits = String(digest.readBigUInt64LE(0) % 10n ** (isDistinct ? 17n : 9n));
  return `+999${digits.padStart(isDistinct ? 17 : 9, '0')}`;
}

function withTail(words: string, tail: string | null, most: number): string {
  if (tail === null) return words.slice(0, most);
  const room = Math.max(0, Math.min(words.length, most - tail.length - 1));
  return room === 0 ? tail : `${words.slice(0, room)} ${tail}`;
}

function pick(words: readonly string[], digest: Buffer, at: number): string {
  return words[digest.readUInt32LE(at) % words.length] ?? '';
}
