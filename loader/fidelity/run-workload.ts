// The whole workload on every side, query by query in turn, so that a busy minute of the machine falls on all sides alike.
import type { Progress } from '../../core/progress.ts';
import { createBinder } from '../../postgres/bind-parameters.ts';
import type { Side } from '../../postgres/read-side.ts';
import { type Binding, listBindings, nameBinding, type Workload, type WorkloadQuery } from '../../spec/workload.ts';
import { runBound } from './run-bound.ts';
import type { QueryRun } from './run-query.ts';

/** One query under one binding, on each side in the order of the sides. */
export interface WorkloadRun {
  readonly query: WorkloadQuery;
  readonly binding: string;
  readonly ranks: Binding;
  readonly runs: readonly QueryRun[];
}

export interface WorkloadOptions {
  readonly workload: Workload;
  readonly warmRuns: number;
  readonly startProgress: (label: string, total: number, unit: string) => Progress;
}

/** Every query under every combination of ranks, on all sides. */
export async function runWorkload(sides: readonly Side[], options: WorkloadOptions): Promise<WorkloadRun[]> {
  const { workload, warmRuns, startProgress } = options;
  const planned = workload.queries.flatMap((query) => listBindings(query).map((binding) => ({ query, binding })));
  const binders = sides.map((side) => ({ side, binder: createBinder(side) }));
  const progress = startProgress('running the workload', planned.length, 'queries');
  const results: WorkloadRun[] = [];
  for (const { query, binding } of planned) {
    const run = ({ side, binder }: (typeof binders)[number]) => runBound(side, binder, { query, binding, warmRuns });
    const runs: QueryRun[] = [];
    // Where nothing is timed the sides need not wait for each other.
    if (warmRuns === 0) runs.push(...(await Promise.all(binders.map(run))));
    else for (const each of binders) runs.push(await run(each));
    results.push({ query, binding: nameBinding(query, binding), ranks: binding, runs });
    progress.advance(1);
  }
  progress.finish();
  return results;
}
