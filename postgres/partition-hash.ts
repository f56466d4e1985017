// The hash by which PostgreSQL routes rows into hash partitions (src/backend/partitioning/partbounds.c): the extended hash of the
// key under a fixed 64-bit seed, combined into a row hash that starts at 0, modulo the partitions' modulus.
import { hashBytes, hashed, hashWhole } from './content-hash.ts';

/** HASH_PARTITION_SEED, 0x7A5B22367996DCFD. */
const SEED_HIGH = 0x7a5b2236;
const SEED_LOW = 0x7996dcfd;
/** What hash_combine64 adds to the hash of the first (here the only) key. */
const COMBINE_HIGH = 0x49a0f4dd;
const COMBINE_LOW = 0x15e5a8e3;
const WORD = 4294967296;

/** A modulus above this one has products past 2^53 in remainderOf. */
export const MAX_HASH_MODULUS = 65536;

const wholeTypes = new Set(['int2', 'int4', 'int8', 'bool', 'date', 'timestamp', 'timestamptz']);
const bytesTypes = new Set(['text', 'varchar', 'uuid', 'bytea', 'bpchar']);

/** Whether a key of this stored type can be hashed here. */
export function isHashablePartitionKey(baseType: string): boolean {
  return wholeTypes.has(baseType) || bytesTypes.has(baseType);
}

/** The remainder of a whole number, date (days) or time (microseconds); NaN is NULL. */
export function hashRemainderOfNumber(value: number, modulus: number): number {
  // NULL keys leave the row hash at 0.
  if (Number.isNaN(value)) return 0;
  hashWhole(value, SEED_LOW, SEED_HIGH);
  return remainderOf(modulus);
}

/** The remainder of data[from, to): a text in UTF-8, the 16 bytes of a UUID, a bytea. */
export function hashRemainderOfBytes(data: DataView, from: number, to: number, modulus: number): number {
  hashBytes(data, from, to, SEED_LOW, SEED_HIGH);
  return remainderOf(modulus);
}

function remainderOf(modulus: number): number {
  const sum = hashed.low + COMBINE_LOW;
  const carry = sum >= WORD ? 1 : 0;
  const high = (hashed.high + COMBINE_HIGH + carry) % WORD;
  return ((high % modulus) * (WORD % modulus) + (sum % WORD)) % modulus;
}
