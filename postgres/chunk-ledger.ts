// The chunk ledger of the marker: which chunks of which plan are in. A row of it commits together with the rows that it counts.
import type pg from 'pg';
import { hasMarker, runIfThere } from './marker.ts';
import { runQuery } from './query.ts';

/** A chunk of the chunk ledger; it commits together with the rows it counts. */
export interface StoredChunk {
  readonly planId: string;
  /** Table key, `public.users`. */
  readonly table: string;
  readonly chunk: number;
  readonly rows: number;
  readonly bytes: number;
  /** 16 hex digits. */
  readonly contentHash: string;
  /** SHA-256 of each block, 32 bytes each, in block order. */
  readonly blockDigests: Buffer;
}

/** The chunks that are in, by table and chunk. */
export async function readChunks(client: pg.Client, planId: string): Promise<StoredChunk[]> {
  return runQuery<StoredChunk>(client, 'reading the chunk ledger', `${SELECT_CHUNKS} order by table_key collate "C", chunk`, [
    planId,
  ]);
}

/**
 * Inside the transaction that is to copy a chunk: waits for any other session that copies it, and says whether it is in now. So the same
 * shard run twice at once makes no row twice.
 */
export async function claimChunk(
  client: pg.Client,
  { planId, table, chunk }: Pick<StoredChunk, 'planId' | 'table' | 'chunk'>,
): Promise<StoredChunk | null> {
  await runQuery(client, 'claiming a chunk', 'select pg_advisory_xact_lock(hashtext($1), $2)', [
    `shapecast ${planId} ${table}`,
    chunk,
  ]);
  const [found] = await runQuery<StoredChunk>(
    client,
    'reading the chunk ledger',
    `${SELECT_CHUNKS} and table_key = $2 and chunk = $3`,
    [planId, table, chunk],
  );
  return found ?? null;
}

/** How many chunks of a table are in. */
export async function countChunks(client: pg.Client, planId: string, table: string): Promise<number> {
  const [found] = await runQuery<{ count: number }>(
    client,
    'reading the chunk ledger',
    'select count(*)::int as count from shapecast.chunks where plan_id = $1 and table_key = $2',
    [planId, table],
  );
  return found?.count ?? 0;
}

/** Adds a chunk; call it inside the transaction that copies the chunk's rows, so that both are there or neither. */
export async function insertChunk(client: pg.Client, chunk: StoredChunk): Promise<void> {
  await runQuery(
    client,
    'recording a chunk',
    `insert into shapecast.chunks (plan_id, table_key, chunk, rows, bytes, content_hash, block_digests)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [chunk.planId, chunk.table, chunk.chunk, chunk.rows, chunk.bytes, chunk.contentHash, chunk.blockDigests],
  );
}

const SELECT_CHUNKS = `
  select plan_id as "planId", table_key as "table", chunk, rows::float8 as rows, bytes::float8 as bytes,
         content_hash as "contentHash", block_digests as "blockDigests"
  from shapecast.chunks
  where plan_id = $1`;

/** Plans whose chunks are in the target, but for this one. */
export async function findOtherPlans(client: pg.Client, planId: string): Promise<string[]> {
  if (!(await hasMarker(client))) return [];
  const rows = await runIfThere<{ planId: string }>(
    client,
    'chunks',
    'select distinct plan_id as "planId" from shapecast.chunks order by 1',
  );
  return rows.map((row) => row.planId).filter((other) => other !== planId);
}
