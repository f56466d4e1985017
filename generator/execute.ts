// Runs a plan's chunks over worker threads and collects what they made. The main thread only hands out work.
import { Worker } from 'node:worker_threads';
import { type ErrorCode, ShapecastError } from '../core/errors.ts';
import type { Plan } from '../spec/plan.ts';
import { makeTextPool } from './columns/text-pool.ts';
import type { FileSink } from './sinks/file-sink.ts';
import type { ChunkResult, ChunkTask, FromWorker, ToWorker, WorkerSession, WorkerStart } from './work.ts';
import { workerFile } from './worker-file.ts';

export interface Execution {
  readonly plan: Plan;
  readonly planId: string;
  /** null: make and hash the rows, send them nowhere. */
  readonly url: string | null;
  /** Or into files. */
  readonly files: FileSink | null;
  readonly tasks: readonly ChunkTask[];
  readonly workers: number;
  readonly onRows: (rows: number) => void;
  readonly session: WorkerSession;
  /** Called with each chunk as it is done. */
  readonly onChunk?: ((result: ChunkResult) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Results of all tasks, in no order. Throws the first failure of a worker, WORKER_ENDED, BUG or INTERRUPTED; other chunks under way are given up. */
export async function executeChunks(execution: Execution): Promise<ChunkResult[]> {
  const queue = [...execution.tasks];
  const results: ChunkResult[] = [];
  if (queue.length === 0) return results;
  const count = Math.min(execution.workers, queue.length);
  const { plan, planId, url, files, session } = execution;
  const textPool = sharedCopy(makeTextPool(plan.textKey));
  const start: WorkerStart = { plan, planId, url, files, session, textPool };
  const workers = Array.from({ length: count }, () => new Worker(workerFile(), { workerData: start }));
  try {
    const runs = workers.map((worker) => runWorker(worker, queue, results, execution));
    await Promise.all(runs);
    return results;
  } catch (error) {
    queue.length = 0;
    for (const worker of workers) worker.postMessage({ kind: 'stop' } satisfies ToWorker);
    await Promise.all(workers.map((worker) => ended(worker)));
    throw error;
  }
}

function sharedCopy(bytes: Buffer): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return shared;
}

/** Serves one worker until the queue is empty; resolves when its thread has ended. */
function runWorker(worker: Worker, queue: ChunkTask[], results: ChunkResult[], execution: Execution): Promise<void> {
  return new Promise((resolve, reject) => {
    let state: 'starting' | 'busy' | 'stopped' = 'starting';
    const next = () => {
      const task = queue.shift();
      state = task === undefined ? 'stopped' : 'busy';
      worker.postMessage((task === undefined ? { kind: 'stop' } : { kind: 'chunk', task }) satisfies ToWorker);
    };
    const abort = () => reject(new ShapecastError('INTERRUPTED', { what: 'generate' }));
    if (execution.signal?.aborted) abort();
    execution.signal?.addEventListener('abort', abort, { once: true });
    worker.on('message', (message: FromWorker) => {
      switch (message.kind) {
        case 'ready':
          return next();
        case 'rows':
          return execution.onRows(message.rows);
        case 'done':
          results.push(message.result);
          execution.onChunk?.(message.result);
          return next();
        case 'failed':
          return reject(rebuildError(message));
      }
    });
    const when = () => (state === 'starting' ? 'before its first chunk' : 'in the middle of a chunk');
    worker.on('error', (cause) => reject(threadError(cause, when())));
    worker.on('exit', () => {
      execution.signal?.removeEventListener('abort', abort);
      // Whatever ended it: without this the chunks that it was to make would be missing in silence.
      if (state !== 'stopped') reject(new ShapecastError('WORKER_ENDED', { when: when(), reason: 'it was ended' }));
      resolve();
    });
  });
}

/** A full heap is the machine's; anything else that nobody caught is our own mistake, which no other try repairs. */
function threadError(cause: unknown, when: string): ShapecastError {
  const isOutOfMemory = cause instanceof Error && Reflect.get(cause, 'code') === 'ERR_WORKER_OUT_OF_MEMORY';
  if (isOutOfMemory) return new ShapecastError('WORKER_ENDED', { when, reason: 'out of memory' }, { cause });
  const what = `an error that nobody caught in a worker thread ${when}`;
  return new ShapecastError('BUG', { what, keepsChunks: true }, { cause });
}

/** An error crosses the thread border as code and data; the texts are made again here. */
function rebuildError(message: FromWorker & { kind: 'failed' }): ShapecastError {
  const cause = new Error('in a worker thread');
  cause.stack = `in a worker thread\n${message.trace}`;
  // Code and data were taken from one ShapecastError, so they fit each other.
  return new ShapecastError(message.code as ErrorCode, message.data as never, { cause });
}

const STOP_LIMIT_MS = 10_000;

/** Waits for the thread to end by itself; one that does not within the limit is ended. */
async function ended(worker: Worker): Promise<void> {
  if (worker.threadId === -1) return;
  let timer: NodeJS.Timeout | undefined;
  const exit = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, STOP_LIMIT_MS);
  });
  await Promise.race([exit, limit]);
  clearTimeout(timer);
  await worker.terminate();
}
