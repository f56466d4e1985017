// One query under one binding on one side: its parameters are looked up there by rank, then it is run or planned.
import { ShapecastError } from '../../core/errors.ts';
import type { Binder } from '../../postgres/bind-parameters.ts';
import type { Side } from '../../postgres/read-side.ts';
import type { Binding, WorkloadQuery } from '../../spec/workload.ts';
import type { Plan } from './plan-tree.ts';
import { type QueryRun, readPlanOnly, runQueryOnce } from './run-query.ts';

export interface BoundQuery {
  readonly query: WorkloadQuery;
  readonly binding: Binding;
}

type Failed = Extract<QueryRun, { state: 'failed' }>;

/** Runs it; what cannot be bound, or fails, is a result. */
export async function runBound(
  side: Side,
  binder: Binder,
  { query, binding, warmRuns }: BoundQuery & { readonly warmRuns: number },
): Promise<QueryRun> {
  const values = await bindValues(binder, { query, binding });
  return 'state' in values ? values : runQueryOnce(side, query.sql, values, warmRuns);
}

/** Plans it, and never runs it. */
export async function planBound(
  side: Side,
  binder: Binder,
  { query, binding }: BoundQuery,
): Promise<Failed | { readonly state: 'planned'; readonly plan: Plan }> {
  const values = await bindValues(binder, { query, binding });
  return 'state' in values ? values : readPlanOnly(side, query.sql, values);
}

async function bindValues(binder: Binder, { query, binding }: BoundQuery): Promise<Failed | (string | null)[]> {
  try {
    const values = await binder.bind(query.parameters, binding);
    return values.includes(null) ? { state: 'failed', reason: 'a parameter has no value: its column is empty' } : values;
  } catch (error) {
    if (!(error instanceof ShapecastError) || error.code !== 'QUERY_FAILED') throw error;
    return { state: 'failed', reason: 'a parameter could not be bound: no such column, or it took too long' };
  }
}
