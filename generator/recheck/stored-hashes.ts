// The target's side: a table's row hashes summed by bucket, and the rows of some buckets one by one, all computed by the server.
import type { Progress } from '../../core/progress.ts';
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { ConstantColumn } from '../../postgres/constant-columns.ts';
import { type HashedColumn, madeRowHashSql, rowHashSql } from '../../postgres/content-hash.ts';
import { Buckets, bucketSql } from './buckets.ts';
import { type Readers, readTable } from './readers.ts';

/** A table with the columns of its content hash. */
export interface StoredTable {
  readonly table: CatalogTable;
  readonly columns: readonly HashedColumn[];
  readonly constants: readonly ConstantColumn[];
}

/** Many buckets come back from every part, so that a table is then cut into few. */
const MOST_PARTS = 16;

/** Rows and hash sums of the table by bucket; with 0 bits of the whole. */
export async function sumByBucket(
  readers: Readers,
  stored: StoredTable,
  bits: number,
  startProgress: (pages: number) => Progress,
): Promise<Buckets> {
  const buckets = new Buckets(bits);
  await readTable<{ bucket: number; rows: number; sum: string }>(readers, {
    table: stored.table,
    mostParts: bits === 0 ? Number.MAX_SAFE_INTEGER : MOST_PARTS,
    parameters: stored.constants.map(({ text }) => text),
    sql: (rows) =>
      `select ${bucketSql('hash', bits)}::int4 as bucket, count(*)::float8 as rows, sum(hash)::text as sum
       from (select ${madeRowHashSql(stored.columns, stored.constants)} as hash ${rows} offset 0) as hashed
       group by 1`,
    take: ({ bucket, rows, sum }) => buckets.addSum(bucket, rows, BigInt(sum)),
    startProgress,
  });
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
  stored: StoredTable,
  wanted: { readonly bits: number; readonly buckets: readonly number[]; readonly key: readonly number[] | null },
  startProgress: (pages: number) => Progress,
): Promise<Map<bigint, StoredRow>> {
  const { bits, buckets, key } = wanted;
  const found = new Map<bigint, StoredRow>();
  const keyHash = key === null ? '0' : rowHashSql(stored.columns, key);
  await readTable<{ hash: string; key: string }>(readers, {
    table: stored.table,
    mostParts: Number.MAX_SAFE_INTEGER,
    parameters: [...stored.constants.map(({ text }) => text), buckets],
    sql: (rows) =>
      `select hash::text as hash, key::text as key
       from (select ${madeRowHashSql(stored.columns, stored.constants)} as hash, ${keyHash} as key ${rows} offset 0) as hashed
       where ${bucketSql('hash', bits)} in (select unnest($${stored.constants.length + 1}::int8[]))`,
    take: (row) => {
      const hash = BigInt.asUintN(64, BigInt(row.hash));
      const known = found.get(hash);
      if (known !== undefined) known.copies += 1;
      else found.set(hash, { key: BigInt.asUintN(64, BigInt(row.key)), copies: 1, made: 0, row: -1 });
    },
    startProgress,
  });
  return found;
}
