// The target's side: a table's row hashes summed by bucket, and the rows of some buckets one by one, all computed by the server.
import type { Progress } from '../../core/progress.ts';
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';
import { type HashedColumn, rowHashSql } from '../../postgres/content-hash.ts';
import { Buckets, bucketSql } from './buckets.ts';
import { listParts, type Readers, readParts } from './readers.ts';

/** A table with the columns of its content hash. */
export interface StoredTable {
  readonly table: CatalogTable;
  readonly columns: readonly HashedColumn[];
}

/** Many buckets come back from every part, so that a table is then cut into few. */
const MOST_PARTS = 16;

/** Rows and hash sums of the table by bucket; with 0 bits of the whole. */
export async function sumByBucket(
  readers: Readers,
  { table, columns }: StoredTable,
  bits: number,
  startProgress: (pages: number) => Progress,
): Promise<Buckets> {
  const buckets = new Buckets(bits);
  const parts = await listParts(readers, table, bits === 0 ? undefined : MOST_PARTS);
  const progress = startProgress(parts.reduce((sum, part) => sum + part.pages, 0));
  await readParts<{ bucket: number; rows: number; sum: string }>(
    readers,
    parts,
    ({ from, where }) =>
      `select ${bucketSql('hash', bits)}::int4 as bucket, count(*)::float8 as rows, sum(hash)::text as sum
       from (select ${rowHashSql(columns)} as hash from ${from} where ${where} offset 0) as hashed
       group by 1`,
    ({ bucket, rows, sum }) => buckets.addSum(bucket, rows, BigInt(sum)),
    progress,
  );
  progress.finish();
  return buckets;
}

/** A row of the target by its hash, as often as it is there. */
export interface StoredRow {
  /** The hash of its key columns; 0 without a key. */
  readonly key: bigint;
  copies: number;
  /** How many of the copies the run made, and the number of the last such row. */
  made: number;
  row: number;
}

/** The rows of the buckets, by their hash (64 bits, unsigned). */
export async function readBuckets(
  readers: Readers,
  { table, columns }: StoredTable,
  wanted: { readonly bits: number; readonly buckets: readonly number[]; readonly key: readonly number[] | null },
  startProgress: (pages: number) => Progress,
): Promise<Map<bigint, StoredRow>> {
  const { bits, buckets, key } = wanted;
  const found = new Map<bigint, StoredRow>();
  const parts = await listParts(readers, table);
  const progress = startProgress(parts.reduce((sum, part) => sum + part.pages, 0));
  const keyHash = key === null ? '0' : rowHashSql(columns, key);
  await readParts<{ hash: string; key: string }>(
    readers,
    parts,
    ({ from, where }) =>
      `select hash::text as hash, key::text as key
       from (select ${rowHashSql(columns)} as hash, ${keyHash} as key from ${from} where ${where} offset 0) as hashed
       where ${bucketSql('hash', bits)} in (select unnest('{${buckets.join(',')}}'::int8[]))`,
    (row) => {
      const hash = BigInt.asUintN(64, BigInt(row.hash));
      const known = found.get(hash);
      if (known !== undefined) known.copies += 1;
      else found.set(hash, { key: BigInt.asUintN(64, BigInt(row.key)), copies: 1, made: 0, row: -1 });
    },
    progress,
  );
  progress.finish();
  return found;
}
