// One chunk: its blocks made, digested and hashed, and either copied into the target or let go.
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { type QualifiedName, quoteIdentifier, quoteQualified } from '../core/identifiers.ts';
import { claimChunk, insertChunk } from '../postgres/chunk-ledger.ts';
import { formatContentHash } from '../postgres/content-hash.ts';
import { copyFromStdin } from '../postgres/copy-streams.ts';
import { BINARY_HEADER, BINARY_TRAILER } from '../postgres/encode-binary.ts';
import { startAfresh } from '../postgres/fresh-table.ts';
import type { HashSum } from '../postgres/hash-columns.ts';
import { runQuery, wrapQueryError } from '../postgres/query.ts';
import { BLOCK_ROWS, chunkCount, type Plan, type PlanTable } from '../spec/plan.ts';
import type { Steps } from '../stats/steps.ts';
import { digestBlock } from './block-digest.ts';
import { LeafRows } from './leaf-rows.ts';
import type { TableKernel } from './table-kernel.ts';
import { blocksOf, type ChunkResult, type ChunkTask } from './work.ts';

export interface Chunk {
  readonly plan: Plan;
  readonly planId: string;
  readonly task: ChunkTask;
  readonly kernel: TableKernel;
  /** An empty table that gets all its rows from this chunk may be truncated first. */
  readonly mayStartAfresh?: boolean;
}

export interface ChunkHooks {
  /** Called after each block with its rows. */
  readonly onRows: (rows: number) => void;
  /** True when the run was interrupted: the chunk is given up at the next block. */
  readonly isStopping: () => boolean;
}

/** Makes the chunk and lets its rows go; for benchmarks and the fingerprint alone. */
export async function discardChunk(chunk: Chunk, hooks: ChunkHooks): Promise<ChunkResult> {
  return makeBlocks(chunk, hooks, async () => {
    // The thread must see a stop message between blocks.
    await new Promise((resolve) => setImmediate(resolve));
  });
}

/** Copies the chunk into the target and records it in the chunk ledger, in one transaction. Throws QUERY_FAILED, INTERRUPTED. */
export async function copyChunk(client: pg.Client, chunk: Chunk, hooks: ChunkHooks): Promise<ChunkResult> {
  const what = `copying into ${chunk.kernel.table.name}`;
  const id = { planId: chunk.planId, table: chunk.kernel.table.name, chunk: chunk.task.chunk };
  await runQuery(client, what, 'begin isolation level read committed');
  try {
    const stored = await claimChunk(client, id);
    if (stored !== null) {
      await runQuery(client, what, 'rollback');
      return { ...stored, task: chunk.task };
    }
    const result = await copyRows(client, chunk, hooks, what);
    await insertChunk(client, {
      ...id,
      rows: result.rows,
      bytes: result.bytes,
      contentHash: result.contentHash,
      blockDigests: Buffer.from(result.blockDigests),
    });
    await runQuery(client, what, 'commit');
    return result;
  } catch (error) {
    // The first error is the one to report; a connection that is gone has rolled back by itself.
    await client.query('rollback').catch(() => undefined);
    throw wrapQueryError(error, what);
  }
}

/** A plain table's rows stream into it block by block; a partitioned one's are gathered and go leaf by leaf. */
function copyRows(client: pg.Client, chunk: Chunk, hooks: ChunkHooks, what: string): Promise<ChunkResult> {
  return chunk.kernel.isRouted ? copyIntoLeaves(client, chunk, hooks, what) : copyIntoTable(client, chunk, hooks, what);
}

async function copyIntoTable(client: pg.Client, chunk: Chunk, hooks: ChunkHooks, what: string): Promise<ChunkResult> {
  const { table } = chunk.kernel;
  return withCopy(client, chunk, { schema: table.schema, name: table.relation }, what, async (write) => {
    let sent: Promise<void> = Promise.resolve();
    const result = await makeBlocks(chunk, hooks, async (rows) => {
      const before = sent;
      sent = write(rows);
      sent.catch(() => undefined);
      await before;
    });
    await sent;
    return result;
  });
}

/** One COPY a leaf, in the chunk's transaction. Rows whose leaf only the server knows go through the root. */
async function copyIntoLeaves(client: pg.Client, chunk: Chunk, hooks: ChunkHooks, what: string): Promise<ChunkResult> {
  const { table } = chunk.kernel;
  const leaves = table.partitions?.leaves ?? [];
  const gathered = new LeafRows(leaves.length);
  const result = await makeBlocks(chunk, hooks, async (rows, count) => {
    gathered.addBlock(rows, count, chunk.kernel);
    // The thread must see a stop message between blocks.
    await new Promise((resolve) => setImmediate(resolve));
  });
  for (const { leaf, pieces } of gathered.drain()) {
    const to = leaves[leaf] ?? table;
    await withCopy(client, chunk, { schema: to.schema, name: to.relation }, what, async (write) => {
      for (const piece of pieces) await write(piece);
    });
    if (hooks.isStopping()) throw new ShapecastError('INTERRUPTED', { what: 'generate' });
  }
  return result;
}

type Write = (rows: Buffer) => Promise<void>;

/** Runs one COPY of the table's columns into a relation; `fill` writes its rows. Throws what the server says. */
async function withCopy<Result>(
  client: pg.Client,
  chunk: Chunk,
  into: QualifiedName,
  what: string,
  fill: (write: Write) => Promise<Result>,
): Promise<Result> {
  const { table } = chunk.kernel;
  const isFresh = chunk.mayStartAfresh === true && chunkCount(table) === 1 && (await startAfresh(client, into));
  const stream = copyFromStdin(client, copyStatement(table, into, isFresh));
  const ended = finished(stream);
  // Marked as handled at once; it is awaited below, also when a write fails first.
  ended.catch(() => undefined);
  const isBinary = table.format === 'binary';
  try {
    if (isBinary) stream.write(BINARY_HEADER);
    // A write whose connection is gone may never be done; the server's word ends it too.
    const result = await fill((rows) => Promise.race([writeTo(stream, rows), ended]));
    stream.end(isBinary ? BINARY_TRAILER : undefined);
    await ended;
    return result;
  } catch (error) {
    stream.destroy();
    if (error instanceof ShapecastError) throw error;
    // A failed write hides the server's own error, which arrives on the stream.
    throw wrapQueryError(
      await ended.then(
        () => error,
        (reason: unknown) => reason,
      ),
      what,
    );
  }
}

function writeTo(stream: NodeJS.WritableStream, rows: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(rows, (error) => (error ? reject(error) : resolve()));
  });
}

function copyStatement(table: PlanTable, into: QualifiedName, isFresh: boolean): string {
  const columns = table.columns.map((column) => quoteIdentifier(column.name)).join(', ');
  return `copy ${quoteQualified(into)} (${columns}) from stdin with (format ${table.format}${isFresh ? ', freeze' : ''})`;
}

/** The block, while the event loop has its turns: what waits to be sent must not wait for the whole block, nor a stop message. */
async function inTurns(steps: Steps<undefined, Buffer>): Promise<Buffer> {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Makes every block of the chunk and hands its bytes on; a block's bytes stay valid until the block after the next. */
export async function makeBlocks(
  chunk: Chunk,
  hooks: ChunkHooks,
  take: (rows: Buffer, count: number) => Promise<void>,
): Promise<ChunkResult> {
  const { first, end } = blocksOf(chunk.plan, chunk.task);
  const blockDigests = Buffer.alloc((end - first) * 32);
  let content = 0n;
  let rows = 0;
  let bytes = 0;
  for (let block = first; block < end; block += 1) {
    if (hooks.isStopping()) throw new ShapecastError('INTERRUPTED', { what: 'generate' });
    const sum: HashSum = { high: 0, low: 0 };
    const data = await inTurns(chunk.kernel.encodeInSteps(block, sum));
    const count = Math.min(BLOCK_ROWS, chunk.kernel.table.rows - block * BLOCK_ROWS);
    digestBlock(chunk.kernel.rowHashes, count, data.length).copy(blockDigests, (block - first) * 32);
    content += (BigInt(sum.high) << 32n) + BigInt(sum.low);
    rows += count;
    bytes += data.length;
    await take(data, count);
    hooks.onRows(count);
  }
  return { task: chunk.task, rows, bytes, contentHash: formatContentHash(content), blockDigests };
}
