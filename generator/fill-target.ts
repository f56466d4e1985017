// The rows, and with them the keys and indexes: each table's are made as soon as its last chunk is in, while others are still copied.
// What a run leaves undone, by a fault or because other machines make the rest of the rows, stays recorded for the next one.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { type Progress, silentProgress } from '../core/progress.ts';
import { countChunks, readMarker } from '../postgres/marker.ts';
import { runSessionName } from '../postgres/run-lock.ts';
import { chunkCount, type Plan, planId } from '../spec/plan.ts';
import { type MadeChunk, madeChunk } from './build-report.ts';
import { Builders } from './builders.ts';
import { executeChunks } from './execute.ts';
import type { GenerateOptions } from './generate-options.ts';
import { Rebuild } from './rebuild.ts';
import { type ChunkTask, listTasks } from './work.ts';

export interface Filling {
  readonly plan: Plan;
  /** Some table of the plan has a foreign key in the target. */
  readonly hasForeignKeys: boolean;
  /** Chunks that are in already. */
  readonly earlier: readonly MadeChunk[];
  readonly options: GenerateOptions;
  readonly runId: string;
}

/** Makes the missing chunks and lets their rows go. Throws INTERRUPTED. */
export async function fillNothing(filling: Filling): Promise<MadeChunk[]> {
  return copyMissing(filling, missingTasks(filling), null, filling.options.signal, () => undefined);
}

/**
 * Makes the missing chunks and puts back every key and index whose table is whole. Throws INTERRUPTED, QUERY_FAILED, CONNECT_FAILED,
 * PUT_BACK_UNSURE.
 */
export async function fillTarget(client: pg.Client, filling: Filling): Promise<MadeChunk[]> {
  const { plan, options, runId } = filling;
  const url = options.target.url;
  const tasks = missingTasks(filling);
  const left = countByTable(plan, tasks);
  const builders = new Builders({ url, sessionName: runSessionName(runId), limit: Math.max(1, Math.min(4, options.workers)) });
  const stop = new AbortController();
  let fault: unknown = null;
  const onFatal = (error: unknown) => {
    fault ??= error;
    stop.abort();
  };
  const onInterrupt = () => onFatal(new ShapecastError('INTERRUPTED', { what: 'generate' }));
  options.signal?.addEventListener('abort', onInterrupt, { once: true });
  // A listener does not hear what was before it.
  if (options.signal?.aborted) onInterrupt();
  try {
    const shown = new KeyProgress();
    const missing = new Set(plan.tables.filter((table) => left.has(table.name)).map(({ name }) => name));
    const definitions = (await readMarker(client))?.definitions ?? [];
    const rebuild = new Rebuild({ builders, definitions, missing, onStep: (name, isDone) => shown.step(name, isDone), onFatal });
    const pending: Promise<boolean>[] = [];
    const onTable = (table: string) => {
      const isWhole = builders.run((builder) => isTableWhole(builder, plan, table));
      isWhole.then((yes) => yes && rebuild.rowsAreIn(table)).catch(onFatal);
      pending.push(isWhole);
    };
    const made = await copyMissing(filling, tasks, url, stop.signal, (table) => {
      const count = (left.get(table) ?? 0) - 1;
      left.set(table, count);
      if (count === 0) onTable(table);
    });
    await Promise.all(pending);
    shown.show(options, definitions.length);
    await orStopped(rebuild.finish(), stop.signal);
    shown.finish();
    return made;
  } catch (error) {
    throw fault ?? error;
  } finally {
    options.signal?.removeEventListener('abort', onInterrupt);
    await builders.end();
  }
}

async function copyMissing(
  { plan, hasForeignKeys, earlier, options, runId }: Filling,
  tasks: readonly ChunkTask[],
  url: string | null,
  signal: AbortSignal | undefined,
  onChunk: (table: string) => void,
): Promise<MadeChunk[]> {
  const rows = plan.tables.reduce((sum, table) => sum + table.rows, 0) - earlier.reduce((sum, chunk) => sum + chunk.rows, 0);
  if (signal?.aborted) throw new ShapecastError('INTERRUPTED', { what: 'generate' });
  const progress = options.startProgress?.('generate', rows, 'rows') ?? silentProgress;
  try {
    const results = await executeChunks({
      plan,
      planId: planId(plan),
      url,
      tasks,
      workers: options.workers,
      session: { name: runSessionName(runId), ignoresForeignKeys: options.keepIndexes === true && hasForeignKeys },
      onRows: (count) => progress.advance(count),
      onChunk: (result) => onChunk(plan.tables[result.task.table]?.name ?? ''),
      signal,
    });
    return results.map((result) => madeChunk(plan, result));
  } finally {
    progress.finish();
  }
}

function missingTasks({ plan, earlier }: Filling): ChunkTask[] {
  const done = new Set(earlier.map((chunk) => `${chunk.table}\0${chunk.chunk}`));
  return listTasks(plan).filter((task) => !done.has(`${plan.tables[task.table]?.name}\0${task.chunk}`));
}

function countByTable(plan: Plan, tasks: readonly ChunkTask[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { table } of tasks) {
    const name = plan.tables[table]?.name ?? '';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** The ledger knows what other machines have made. */
async function isTableWhole(client: pg.Client, plan: Plan, name: string): Promise<boolean> {
  const table = plan.tables.find((each) => each.name === name);
  return table !== undefined && (await countChunks(client, planId(plan), name)) === chunkCount(table);
}

function orStopped(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new ShapecastError('INTERRUPTED', { what: 'generate' }));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Keys and indexes are counted from the start and shown when the rows are in: a terminal has one line. */
class KeyProgress {
  private done = 0;
  private progress: Progress | null = null;

  step(name: string, isDone: boolean): void {
    if (isDone) this.done += 1;
    this.progress?.advance(isDone ? 1 : 0, name);
  }

  show(options: GenerateOptions, total: number): void {
    if (total === 0) return;
    this.progress = options.startProgress?.('keys and indexes', total, 'objects') ?? null;
    this.progress?.advance(this.done);
  }

  finish(): void {
    this.progress?.finish();
  }
}
