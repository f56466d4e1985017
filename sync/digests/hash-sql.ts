// 64-bit hashes of values, made by the servers themselves with a seed that both get, so that values are compared and none leaves a server.
import type pg from 'pg';
import { ShapecastError } from '../../core/errors.ts';
import { runQuery } from '../../postgres/query.ts';
import type { Comparable } from './comparable-columns.ts';

/** Digests of different months have to meet, so their seed is fixed; who has them has hashes under a key alone. */
export const DIGEST_SEED = 7_022_026n;

const LEAST = -(1n << 63n);
const HASHES = 2 ** 64;

/** The largest hash: a limit that takes every value. */
export const LARGEST_HASH = (1n << 63n) - 1n;

/** The hash of a text expression; NULL of NULL. */
export function hashSql(value: string, seed: bigint): string {
  return `pg_catalog.hashtextextended((${value}) collate "C", (${seed})::bigint)`;
}

/** The share of all values whose hash is at most the limit. */
export function shareBelow(limit: bigint): number {
  return limit >= LARGEST_HASH ? 1 : Number(limit - LEAST + 1n) / HASHES;
}

/** The limit that takes this share of all values. */
export function limitOf(share: number): bigint {
  if (share >= 1) return LARGEST_HASH;
  return LEAST + BigInt(Math.floor(share * 2 ** 52)) * 4096n;
}

/** SELECT of the different hashes of a column, ascending; the second column tells whether the mask could have made the value. */
export function distinctHashesSql({ from, value, form }: Comparable, seed: bigint): string {
  const values = `select ${hashSql(value, seed)} as h, coalesce(${form ?? 'false'}, false) as f from ${from}`;
  return `select h, bool_or(f) from (${values}) as hashed where h is not null group by h order by h`;
}

/** The hash of a fixed word: servers that agree on it hash alike (texts as UTF-8, bytes in one order). */
export async function hashOfWord(client: pg.Client): Promise<string> {
  const sql = `select ${hashSql("'Zoë'::text", DIGEST_SEED)}::text as hash`;
  const [found] = await runQuery<{ hash: string }>(client, 'hashing a word', sql);
  return found?.hash ?? '';
}

/** Throws SHADOW_HASHES_DIFFER unless the shadow's server hashes the word as the source's did. */
export async function refuseOtherHashes(shadow: pg.Client, expected: string): Promise<void> {
  if ((await hashOfWord(shadow)) !== expected) throw new ShapecastError('SHADOW_HASHES_DIFFER', {});
}
