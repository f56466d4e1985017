// Whether values of production are in the shadow: two lists of hashes in ascending order, one of each side, read side by side. What is on
// both is a survivor; whether chance explains it is chance.ts's to say.
import type pg from 'pg';
import type { Progress } from '../../../core/progress.ts';
import { copyToStdout } from '../../../postgres/copy-streams.ts';
import { runQuery, sqlStateIn, wrapQueryError } from '../../../postgres/query.ts';
import type { DigestColumn } from '../../../spec/shadow-digests.ts';
import type { ComparedColumn } from '../../../spec/shadow-verification.ts';
import type { Comparable } from '../../digests/comparable-columns.ts';
import { createDigestMaker, unpackDigests } from '../../digests/digest-key.ts';
import { DIGEST_SEED, distinctHashesSql, shareBelow } from '../../digests/hash-sql.ts';
import { type LineReader, readLines } from '../line-reader.ts';
import { expectedMatches, mostByChance } from './chance.ts';

interface Found {
  readonly sourceValues: number;
  /** Of those, the ones that the mask could have made too. */
  readonly ofForm: number;
  readonly shadowValues: number;
  readonly survivors: number;
}

/** With the source at hand: all values. Null where a server cannot read the values as jsonb. Throws QUERY_FAILED, CONNECT_FAILED. */
export async function compareWithSource(
  sides: { readonly source: pg.Client; readonly shadow: pg.Client; readonly seed: bigint },
  comparable: Comparable,
  progress: Progress,
): Promise<ComparedColumn | null> {
  const sql = `copy (${distinctHashesSql(comparable, sides.seed)}) to stdout`;
  const found = await readSides([sides.source, sides.shadow], { comparable, sql }, ([source, shadow]) => {
    if (source === undefined || shadow === undefined) throw new RangeError('two sides');
    return mergeHashes(source, shadow, () => progress.advance(1, comparable.table.key));
  });
  return found === null ? null : judge(comparable, found, 1);
}

/** With a digest set: the values that it holds. */
export async function compareWithDigests(
  side: { readonly shadow: pg.Client; readonly key: Uint8Array; readonly digests: DigestColumn },
  comparable: Comparable,
  progress: Progress,
): Promise<ComparedColumn | null> {
  const { shadow, key, digests } = side;
  const known = unpackDigests(digests.digests);
  const maker = createDigestMaker(key, digests);
  const limited = `select h from (${distinctHashesSql(comparable, DIGEST_SEED)}) as all_hashes (h) where h <= (${digests.limit})::bigint`;
  const found = await readSides([shadow], { comparable, sql: `copy (${limited}) to stdout` }, async ([reader]) => {
    if (reader === undefined) throw new RangeError('one side');
    let shadowValues = 0;
    let survivors = 0;
    for (;;) {
      const waiting = reader.next();
      const line = typeof waiting === 'string' ? waiting : await waiting;
      if (line === null) break;
      shadowValues += 1;
      if (known.has(maker.digest(BigInt(line)))) survivors += 1;
      progress.advance(1, comparable.table.key);
    }
    return { sourceValues: known.size, ofForm: digests.ofForm, shadowValues, survivors };
  });
  return found === null ? null : judge(comparable, found, shareBelow(BigInt(digests.limit)));
}

/** Counts what is in both of two ascending lists of `hash TAB form`. */
export async function mergeHashes(source: LineReader, shadow: LineReader, onValue: () => void): Promise<Found> {
  const found = { sourceValues: 0, ofForm: 0, shadowValues: 0, survivors: 0 };
  const nextSource = async () => {
    const line = await source.next();
    if (line === null) return null;
    found.sourceValues += 1;
    if (line.endsWith('t')) found.ofForm += 1;
    onValue();
    return hashOf(line);
  };
  const nextShadow = async () => {
    const line = await shadow.next();
    if (line === null) return null;
    found.shadowValues += 1;
    return hashOf(line);
  };
  let left = await nextSource();
  let right = await nextShadow();
  while (left !== null || right !== null) {
    const isLeft = right === null || (left !== null && left <= right);
    const isRight = left === null || (right !== null && right <= left);
    if (isLeft && isRight) found.survivors += 1;
    if (isLeft) left = await nextSource();
    if (isRight) right = await nextShadow();
  }
  return found;
}

function hashOf(line: string): bigint {
  const end = line.indexOf('\t');
  return BigInt(end < 0 ? line : line.slice(0, end));
}

interface Reading {
  readonly comparable: Comparable;
  readonly sql: string;
}

/** The statement on every side. A json that no jsonb can hold makes null; other failures are thrown as ours. */
async function readSides(
  clients: readonly pg.Client[],
  { comparable: { table, path }, sql }: Reading,
  read: (readers: readonly LineReader[]) => Promise<Found>,
): Promise<Found | null> {
  const what = `comparing ${table.key}`;
  for (const client of clients) await runQuery(client, what, 'savepoint comparing');
  const readers = clients.map((client) => readLines(copyToStdout(client, sql)));
  try {
    const found = await read(readers);
    for (const client of clients) await runQuery(client, what, 'release savepoint comparing');
    return found;
  } catch (error) {
    const failure = wrapQueryError(error, what);
    if (path === null || !/^22/.test(sqlStateIn(failure) ?? '')) throw failure;
    for (const reader of readers) await reader.drain();
    for (const client of clients) await runQuery(client, what, 'rollback to savepoint comparing');
    return null;
  }
}

function judge({ table, column, path, rule, size }: Comparable, found: Found, share: number): ComparedColumn {
  const { sourceValues, shadowValues, survivors } = found;
  const expected = expectedMatches({ ...found, size, share });
  return {
    table: table.key,
    column,
    path,
    rule,
    share,
    sourceValues,
    shadowValues,
    survivors,
    expected,
    mostByChance: mostByChance(expected),
  };
}
