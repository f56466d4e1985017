// Runs the plan: first the label searches, then the passes and degrees, each a queue that all readers take from. One process
// counts for all readers, so their results need no merging.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import type { Progress } from '../core/progress.ts';
import type { Snapshot } from '../postgres/read-only-snapshot.ts';
import { GROUP_FIELDS, startCountingGroups } from './measure/child-units.ts';
import { copyOut } from './measure/copy-out.ts';
import type { CodeTranslation } from './measure/counters.ts';
import { type CategoryAxis, type FoundLabels, findLabels, type LabelSearch } from './measure/labels.ts';
import type { Pass } from './measure/pass.ts';
import { type PassCounts, startCounting } from './measure/pass-counts.ts';
import { passesOf, type TablePlan } from './measure/plan.ts';
import type { Tokeniser } from './protect/tokens.ts';

/** A measured pass; its category axes have their labels. */
export interface MeasuredPass {
  readonly pass: Pass;
  readonly counts: PassCounts;
}

export interface MeasuredTable {
  readonly plan: TablePlan;
  readonly rows: MeasuredPass;
  /** Of its columns whose labels were looked for, by name. */
  readonly labels: ReadonlyMap<string, CodeTranslation>;
  /** What is counted beside the rows: the table's degrees and depths. */
  readonly others: readonly MeasuredPass[];
}

export interface RunOptions {
  readonly snapshot: Snapshot;
  readonly tokeniser: Tokeniser;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
}

/** Measures all tables of the plan, in its order. Throws INTERRUPTED at once when the signal aborts, QUERY_FAILED, CONNECT_FAILED. */
export async function measureTables(plans: readonly TablePlan[], options: RunOptions): Promise<MeasuredTable[]> {
  const labels = new Map<LabelSearch, FoundLabels>();
  const searches = plans.flatMap((plan) => plan.searches);
  await runTasks(
    searches.map((search) => ({
      pages: search.pages,
      run: async (client) => void labels.set(search, await findLabels(client, search, options.tokeniser)),
    })),
    options,
  );
  const tables = plans.map((plan) => ({
    plan,
    rows: prepare(plan.pass, plan.searches, labels),
    labels: new Map(
      plan.searches.flatMap((search): [string, CodeTranslation][] => {
        const found = labels.get(search);
        return found === undefined ? [] : [[search.column, found.translation]];
      }),
    ),
    others: passesOf(plan).flatMap((pass) => (pass === plan.pass ? [] : [prepare(pass, [], labels)])),
  }));
  await runTasks(tables.flatMap(({ rows, others }) => [rows, ...others]).flatMap(tasksOf), options);
  return tables;
}

/** The pages that the plan will read, for the progress. */
export function countPages(plans: readonly TablePlan[]): number {
  const parts = plans.flatMap((plan) => [...plan.searches, ...passesOf(plan).flatMap(({ statements }) => statements)]);
  return parts.reduce((sum, { pages }) => sum + pages, 0);
}

/** The pass with the labels that were found, and empty counts. */
function prepare(pass: Pass, searches: readonly LabelSearch[], labels: ReadonlyMap<LabelSearch, FoundLabels>): MeasuredPass {
  const translations = new Map<number, CodeTranslation>();
  const marginals = pass.marginals.map((marginal) => {
    const search = marginal.axis.kind === 'category' ? searches.find(({ column }) => isOf(marginal.axis, column)) : undefined;
    const found = search === undefined ? undefined : labels.get(search);
    if (found === undefined || marginal.axis.kind !== 'category') return marginal;
    translations.set(marginal.code, found.translation);
    const axis: CategoryAxis = { ...marginal.axis, labels: [...found.labels] };
    return { ...marginal, axis };
  });
  const counts = pass.childK === null ? startCounting(pass, translations) : startCountingGroups(pass.hasBucket);
  return { pass: { ...pass, marginals }, counts };
}

function isOf(axis: Pass['marginals'][number]['axis'], column: string): boolean {
  return axis.kind === 'category' && axis.column === column;
}

export interface Task {
  readonly pages: number;
  readonly run: (client: pg.Client) => Promise<void>;
}

function tasksOf({ pass, counts }: MeasuredPass): Task[] {
  const fields = pass.codes.length + (pass.hasBucket ? 1 : 0) + (pass.childK === null ? 0 : GROUP_FIELDS);
  return pass.statements.map(({ sql, pages }) => ({
    pages,
    run: (client) => copyOut(client, sql, fields, counts.addRow, pass.what),
  }));
}

/** Runs all tasks on all connections. Throws INTERRUPTED at once when the signal aborts. */
export async function runTasks(tasks: readonly Task[], options: RunOptions): Promise<void> {
  const queue = tasks[Symbol.iterator]();
  const stop = new AbortController();
  const read = async (client: pg.Client) => {
    for (const task of queue) {
      if (stop.signal.aborted) return;
      await task.run(client);
      options.progress.advance(task.pages);
    }
  };
  try {
    await untilAborted(options.signal, Promise.all(options.snapshot.clients.map(read)));
  } catch (error) {
    stop.abort();
    await options.snapshot.cancel();
    throw error;
  }
}

/** The work's result, or INTERRUPTED as soon as the signal aborts, whatever the work is doing. */
export async function untilAborted<T>(signal: AbortSignal | undefined, work: Promise<T>, what = 'sample'): Promise<T> {
  if (signal === undefined) return work;
  // The work fails a moment later, when its statements are cancelled; nobody waits for that any more.
  work.catch(() => undefined);
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new ShapecastError('INTERRUPTED', { what }));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
