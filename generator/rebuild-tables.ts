// Keys and indexes while the rows come in: says a table's rows are in when the ledger has its last chunk, counts what is back, and stops the
// copying when the server fails.
import type pg from 'pg';
import { type ErrorData, ShapecastError } from '../core/errors.ts';
import { type Progress, silentProgress } from '../core/progress.ts';
import { countChunks, type StoredChunk } from '../postgres/chunk-ledger.ts';
import { runSessionName } from '../postgres/run-lock.ts';
import type { StoredDefinition } from '../postgres/stored-definitions.ts';
import { chunkCount, type Plan, planId } from '../spec/plan.ts';
import { Builders } from './builders.ts';
import type { GenerateOptions } from './generate-options.ts';
import { Rebuild } from './rebuild.ts';
import { tasksOfShard } from './shard.ts';
import { type ChunkTask, listTasks } from './work.ts';

export interface Rebuilding {
  readonly plan: Plan;
  readonly options: GenerateOptions;
  readonly runId: string;
  readonly definitions: readonly StoredDefinition[];
  readonly stored: readonly Pick<StoredChunk, 'table' | 'chunk'>[];
}

/** Call chunkIsIn for each chunk, then finish, and end in any case. */
export class TableRebuild {
  private readonly input: Rebuilding;
  private readonly builders: Builders;
  private readonly rebuild: Rebuild;
  /** Chunks by table that this run still has to make. */
  private readonly left: Map<string, number>;
  private readonly looks: Promise<void>[] = [];
  private readonly stop = new AbortController();
  private readonly onInterrupt = () => this.giveUp(new ShapecastError('INTERRUPTED', { what: 'generate' }));
  private fault: unknown = null;
  private isOver = false;
  private done = 0;
  private progress: Progress = silentProgress;

  constructor(input: Rebuilding) {
    this.input = input;
    const { plan, options, runId, definitions, stored } = input;
    const limit = Math.max(1, Math.min(4, options.workers));
    this.builders = new Builders({ url: options.target.url, sessionName: runSessionName(runId), limit });
    options.signal?.addEventListener('abort', this.onInterrupt, { once: true });
    // A listener does not hear what was before it.
    if (options.signal?.aborted) this.onInterrupt();
    const isStored = new Set(stored.map(({ table, chunk }) => `${table}\0${chunk}`));
    const isMissing = ({ table, chunk }: ChunkTask) => !isStored.has(`${plan.tables[table]?.name}\0${chunk}`);
    this.left = countByTable(plan, tasksOfShard(listTasks(plan), options.shard).filter(isMissing));
    this.rebuild = new Rebuild({
      builders: this.builders,
      definitions,
      missing: new Set(countByTable(plan, listTasks(plan).filter(isMissing)).keys()),
      onStep: (name, isDone) => this.step(name, isDone),
      onFatal: (error) => this.giveUp(error),
    });
  }

  /** Aborted when the server fails while it builds, and when the run is interrupted. */
  get broken(): AbortSignal {
    return this.stop.signal;
  }

  chunkIsIn(table: string): void {
    const left = (this.left.get(table) ?? 0) - 1;
    this.left.set(table, left);
    if (left > 0) return;
    const look = this.builders.run((client) => this.look(client, table));
    this.looks.push(look.catch((error) => this.giveUp(error)));
  }

  /** Waits for every key and index whose table is whole. Throws the first refusal of one, or what stopped all. */
  async finish(): Promise<void> {
    await Promise.all(this.looks);
    // Tables whose last chunk another machine has made.
    for (const table of this.rebuild.waitsFor()) await this.builders.run((client) => this.look(client, table));
    const total = this.input.definitions.length;
    if (total > 0) this.progress = this.input.options.startProgress?.('keys and indexes', total, 'objects') ?? silentProgress;
    this.progress.advance(this.done);
    try {
      await this.orStopped(this.rebuild.finish());
    } finally {
      this.progress.finish();
    }
  }

  /** Closes the connections; what still runs on one fails, and nobody hears of it. */
  async end(): Promise<void> {
    this.isOver = true;
    this.input.options.signal?.removeEventListener('abort', this.onInterrupt);
    await this.builders.end();
  }

  /** What ended the run: the fault that stopped it, where there is one. A lost connection is no wrong address: the same command goes on. */
  explain(error: unknown): unknown {
    const cause = this.fault ?? error;
    if (!(cause instanceof ShapecastError) || cause.code !== 'CONNECT_FAILED') return cause;
    // The code says which data it has.
    const { reason } = cause.data as ErrorData<'CONNECT_FAILED'>;
    return new ShapecastError('CONNECTION_LOST', { reason }, { cause });
  }

  private async look(client: pg.Client, name: string): Promise<void> {
    const table = this.input.plan.tables.find((each) => each.name === name);
    if (table === undefined) return;
    const count = await countChunks(client, planId(this.input.plan), name);
    if (count === chunkCount(table)) this.rebuild.rowsAreIn(name);
  }

  private step(name: string, isDone: boolean): void {
    if (isDone) this.done += 1;
    this.progress.advance(isDone ? 1 : 0, name);
  }

  private giveUp(error: unknown): void {
    if (this.isOver) return;
    this.fault ??= error;
    this.stop.abort();
  }

  private orStopped(work: Promise<void>): Promise<void> {
    const { signal } = this.stop;
    return new Promise((resolve, reject) => {
      const stop = () => reject(new ShapecastError('INTERRUPTED', { what: 'generate' }));
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      work.then(resolve, reject);
    });
  }
}

function countByTable(plan: Plan, tasks: readonly ChunkTask[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { table } of tasks) {
    const name = plan.tables[table]?.name ?? '';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
