// A worker thread: owns one generator and one connection, takes chunks one by one, and commits each chunk's rows together
// with its row of the chunk ledger.
// States: starting -> idle ("ready" or "done" sent) -> working (a chunk) -> idle ... -> stopped. A failure ends the thread
// after "failed"; the open transaction is gone with its connection, so a chunk is in wholly or not at all.
import { parentPort, workerData } from 'node:worker_threads';
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { ColumnKernels } from './columns/column-kernels.ts';
import { Parents } from './keys/parents.ts';
import { type Chunk, type ChunkHooks, copyChunk, discardChunk } from './make-chunk.ts';
import { type ChunkEncoder, chunkEncoder } from './sinks/encode-chunk.ts';
import { fileFormat } from './sinks/file-names.ts';
import { writeChunk } from './sinks/write-chunk.ts';
import { TableKernel } from './table-kernel.ts';
import type { ChunkResult, ChunkTask, FromWorker, ToWorker, WorkerStart } from './work.ts';
import { openWorkerSession } from './worker-session.ts';

const start = workerData as WorkerStart;
const kernels = new ColumnKernels(start.plan, new Parents(start.plan), Buffer.from(start.textPool));
const tables = new Map<number, TableKernel>();
const encoders = new Map<number, ChunkEncoder>();
let stopping = false;

function say(message: FromWorker): void {
  parentPort?.postMessage(message);
}

function tableKernel(index: number): TableKernel {
  const known = tables.get(index);
  if (known !== undefined) return known;
  const table = start.plan.tables[index];
  if (table === undefined) throw new ShapecastError('BUG', { what: 'a chunk of a table that the plan does not have' });
  const made = new TableKernel(table, index, kernels);
  tables.set(index, made);
  return made;
}

async function runChunk(client: pg.Client | null, task: ChunkTask): Promise<void> {
  const { plan, planId, session } = start;
  const chunk = { plan, planId, task, kernel: tableKernel(task.table), mayStartAfresh: session.mayStartAfresh };
  const hooks = { onRows: (rows: number) => say({ kind: 'rows', rows }), isStopping: () => stopping };
  say({ kind: 'done', result: await deliver(client, chunk, hooks) });
}

function deliver(client: pg.Client | null, chunk: Chunk, hooks: ChunkHooks): Promise<ChunkResult> {
  if (client !== null) return copyChunk(client, chunk, hooks);
  const { files } = start;
  if (files === null) return discardChunk(chunk, hooks);
  const { table } = chunk.kernel;
  const encoder = encoders.get(chunk.task.table) ?? chunkEncoder(table, chunk.task.table, fileFormat(table, files), kernels);
  encoders.set(chunk.task.table, encoder);
  return writeChunk(files, chunk, encoder, hooks);
}

function sayFailure(error: unknown): void {
  const known =
    error instanceof ShapecastError ? error : new ShapecastError('BUG', { what: 'a worker failed' }, { cause: error });
  // Only the stack's own frames: the message of a foreign error may quote a row.
  const cause = known.cause instanceof Error ? known.cause : error;
  const trace =
    cause instanceof Error
      ? (cause.stack ?? '')
          .split('\n')
          .filter((line) => line.startsWith('    at '))
          .join('\n')
      : '';
  say({ kind: 'failed', code: known.code, data: known.data, trace });
}

/** The worker's connection; null when rows go nowhere, undefined after saying why there is none. */
async function openClient(): Promise<pg.Client | null | undefined> {
  if (start.url === null) return null;
  try {
    return await openWorkerSession(start.url, start.session);
  } catch (error) {
    sayFailure(error);
    return undefined;
  }
}

const client = await openClient();
// Chunks are served in turn: a message that comes while one is being made waits here.
let queue: Promise<void> = Promise.resolve();
if (client !== undefined) {
  parentPort?.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') {
      stopping = true;
      queue = queue.then(() => client?.end()).then(() => parentPort?.close());
      return;
    }
    queue = queue.then(() => runChunk(client, message.task)).catch(sayFailure);
  });
  say({ kind: 'ready' });
}
