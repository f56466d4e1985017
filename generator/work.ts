// What main thread and workers say to each other, and the queue of chunks: longest table first, so that the last chunks to
// finish are small ones.
import type { ErrorCode } from '../core/errors.ts';
import { BLOCK_ROWS, chunkCount, type Plan } from '../spec/plan.ts';
import type { FileSink } from './sinks/file-sink.ts';

/** One unit of work: whole blocks of one table. */
export interface ChunkTask {
  /** Table index in the plan. */
  readonly table: number;
  readonly chunk: number;
}

/** What a worker is started with. `url` and `files` null: rows are made and hashed but go nowhere. */
export interface WorkerStart {
  readonly plan: Plan;
  /** What texts are cut from, shared by all: a worker that made it itself would load its word lists first. */
  readonly textPool: SharedArrayBuffer;
  readonly planId: string;
  readonly url: string | null;
  readonly files: FileSink | null;
  /** Of a worker with a connection. */
  readonly session: WorkerSession;
}

/** What a worker's connection is told. */
export interface WorkerSession {
  readonly name: string;
  /** Foreign keys are in place and are not checked: their parents may come later. */
  readonly ignoresForeignKeys: boolean;
  /** Empty tables may be truncated, so that their rows are frozen. */
  readonly mayStartAfresh: boolean;
}

export type ToWorker = { readonly kind: 'chunk'; readonly task: ChunkTask } | { readonly kind: 'stop' };

/** A chunk that is in. */
export interface ChunkResult {
  readonly task: ChunkTask;
  readonly rows: number;
  readonly bytes: number;
  /** 16 hex digits. */
  readonly contentHash: string;
  /** The digest of each block (block-digest.ts), 32 bytes each. */
  readonly blockDigests: Uint8Array;
  /** Where it went into one. */
  readonly file?: { readonly name: string; readonly bytes: number; readonly sha256: string };
}

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'rows'; readonly rows: number }
  | { readonly kind: 'done'; readonly result: ChunkResult }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly data: unknown; readonly trace: string };

/** All chunks of a plan, longest table first (ties by name), in row order within a table. */
export function listTasks(plan: Plan): ChunkTask[] {
  const order = plan.tables
    .map((table, index) => ({ table, index }))
    .sort((a, b) => b.table.rows - a.table.rows || a.index - b.index);
  return order.flatMap(({ table, index }) => Array.from({ length: chunkCount(table) }, (_, chunk) => ({ table: index, chunk })));
}

/** Blocks [first, end) of a chunk. */
export function blocksOf(plan: Plan, task: ChunkTask): { readonly first: number; readonly end: number } {
  const table = plan.tables[task.table];
  if (table === undefined) return { first: 0, end: 0 };
  const first = task.chunk * table.chunkBlocks;
  return { first, end: Math.min(first + table.chunkBlocks, Math.ceil(table.rows / BLOCK_ROWS)) };
}

/** Rows of the chunks. */
export function rowsOf(plan: Plan, tasks: readonly ChunkTask[]): number {
  return tasks.reduce((sum, task) => {
    const { first, end } = blocksOf(plan, task);
    return sum + Math.min(end * BLOCK_ROWS, plan.tables[task.table]?.rows ?? 0) - first * BLOCK_ROWS;
  }, 0);
}
