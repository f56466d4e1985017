// Which rows of a table are not those of the run. Both sides are summed by the first bits of the row hash; the buckets that differ hold
// every row that does. Their rows in the target are read, the run's are made again and crossed off, and what is left on either side is
// told by row number: a row is known by its hash, so no key needs to be turned back into a number.
import { type Progress, silentProgress } from '../../core/progress.ts';
import { hashed } from '../../postgres/content-hash.ts';
import type { RowDifferences } from '../../spec/recheck.ts';
import { Buckets, bucketBits } from './buckets.ts';
import { groupDifferences, type RowDifference } from './group-differences.ts';
import type { MadeRows } from './made-hashes.ts';
import type { Readers } from './readers.ts';
import { readBuckets, type StoredRow, type StoredTable, sumByBucket } from './stored-hashes.ts';

/** Rows that are looked at one by one; they are in memory. */
const MAX_LOOKED_AT = 500_000;

export interface Search {
  readonly readers: Readers;
  readonly stored: StoredTable;
  readonly made: MadeRows;
  /** Positions of the key's columns among the hashed ones; null without a key. */
  readonly key: readonly number[] | null;
  readonly startProgress: ((label: string, total: number, unit: string) => Progress) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly maxLookedAt?: number | undefined;
}

/** The rows that differ, by kind and block. */
export async function findDifferences(search: Search): Promise<RowDifferences> {
  const bits = bucketBits(search.made.rows);
  const stored = await sumByBucket(search.readers, search.stored, bits, (pages) =>
    start(search, 'hashing by bucket', pages, 'pages'),
  );
  const made = await sumMade(search, bits);
  const differing = made.differing(stored);
  const buckets = takeFirst(differing, stored, made, search.maxLookedAt ?? MAX_LOOKED_AT);
  const rows = await readBuckets(search.readers, search.stored, { bits, buckets, key: search.key }, (pages) =>
    start(search, 'reading what differs', pages, 'pages'),
  );
  const missing = await crossOff(search, rows, new Set(buckets), made);
  const { differences, foreign } = pair(search, missing, rows);
  const key = search.key?.map((position) => search.stored.columns[position]?.name ?? '') ?? null;
  return groupDifferences({ differences, foreign, key, rows: search.made.rows, isComplete: buckets.length === differing.length });
}

function start({ startProgress, stored }: Search, label: string, total: number, unit: string): Progress {
  return startProgress?.(`${label} of ${stored.table.name}`, total, unit) ?? silentProgress;
}

async function sumMade(search: Search, bits: number): Promise<Buckets> {
  const buckets = new Buckets(bits);
  await search.made.each((_row, high, low) => buckets.add(buckets.bucketOf(high), 1, high, low), {
    progress: start(search, 'making again the rows', search.made.rows, 'rows'),
    signal: search.signal,
  });
  return buckets;
}

/** At least one bucket, and as many as have no more rows than are looked at. */
function takeFirst(differing: readonly number[], stored: Buckets, made: Buckets, limit: number): number[] {
  let rows = 0;
  return differing.filter((bucket, index) => {
    rows += Math.max(stored.rows[bucket] as number, made.rows[bucket] as number);
    return index === 0 || rows <= limit;
  });
}

interface MissingRow {
  readonly row: number;
  readonly key: bigint;
}

/** Marks the target's rows that the run made; returns the rows of the run that are not there. */
async function crossOff(
  search: Search,
  stored: Map<bigint, StoredRow>,
  wanted: ReadonlySet<number>,
  buckets: Buckets,
): Promise<MissingRow[]> {
  const missing: MissingRow[] = [];
  if (wanted.size === 0) return missing;
  const hashKey = search.made.hasher(search.key ?? []);
  await search.made.each(
    (row, high, low) => {
      if (!wanted.has(buckets.bucketOf(high))) return;
      const found = stored.get(toBigInt(high, low));
      if (found !== undefined && found.made < found.copies) {
        found.made += 1;
        found.row = row;
        return;
      }
      hashKey(row);
      missing.push({ row, key: toBigInt(hashed.high, hashed.low) });
    },
    { progress: start(search, 'looking for the rows', search.made.rows, 'rows'), signal: search.signal },
  );
  return missing;
}

/** What is left on both sides: with the same key it is a row that changed. */
function pair(
  search: Search,
  missing: readonly MissingRow[],
  stored: Map<bigint, StoredRow>,
): { differences: RowDifference[]; foreign: number } {
  const differences: RowDifference[] = [];
  const strangers = new Map<bigint, number>();
  for (const { key, copies, made, row } of stored.values()) {
    const left = copies - made;
    if (made > 0) for (let copy = 0; copy < left; copy += 1) differences.push({ row, what: 'duplicated' });
    else strangers.set(key, (strangers.get(key) ?? 0) + left);
  }
  for (const { row, key } of missing) {
    const others = search.key === null ? 0 : (strangers.get(key) ?? 0);
    differences.push({ row, what: others > 0 ? 'changed' : 'missing' });
    if (others > 0) strangers.set(key, others - 1);
  }
  return { differences, foreign: [...strangers.values()].reduce((sum, count) => sum + count, 0) };
}

function toBigInt(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}
