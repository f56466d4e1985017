// One query with one binding on one side: its plan with actual rows, and how long it takes when warm.
import { ShapecastError } from '../../core/errors.ts';
import { readRows, type Side } from '../../postgres/read-side.ts';
import { percentile } from '../../stats/quotients.ts';
import { type Plan, readPlan } from './plan-tree.ts';

export type QueryRun =
  | {
      readonly state: 'measured';
      readonly plan: Plan;
      /** null: it was run once, which says nothing about time. */
      readonly latencyMs: number | null;
      /** Of the warm runs. */
      readonly latenciesMs: readonly number[];
      readonly buffers: number;
    }
  | { readonly state: 'failed'; readonly reason: string };

/** Below this the clock and the planner make the difference, and one warm run is enough to see that. */
export const TIMED_MS = 1;

// VERBOSE writes every column with its relation, which the diagnosis reads.
const PLAN_ONLY = 'explain (verbose, format json)';
const EXPLAIN = 'explain (analyze, verbose, buffers, timing off, settings, summary, format json)';

/**
 * Runs the query once cold and then `warmRuns` times (once when it takes less than 1 ms); the latency is the median of the warm
 * ones. With no warm run the cold one gives plan and rows. A query that the server refuses or ends is a result, by its code; a lost connection throws.
 */
export async function runQueryOnce(side: Side, sql: string, values: readonly unknown[], warmRuns: number): Promise<QueryRun> {
  try {
    let plan = await explain(side, sql, values);
    const latencies: number[] = [];
    const runs = () => (warmRuns > 0 && (latencies[0] ?? TIMED_MS) < TIMED_MS ? 1 : warmRuns);
    while (latencies.length < runs()) {
      plan = await explain(side, sql, values);
      latencies.push(plan.executionMs);
    }
    return { state: 'measured', plan, latencyMs: percentile(latencies, 0.5), latenciesMs: latencies, buffers: plan.buffers };
  } catch (error) {
    if (error instanceof ShapecastError && error.code === 'QUERY_FAILED') return { state: 'failed', reason: reasonOf(error) };
    throw error;
  }
}

/** Its plan without running it. */
export async function readPlanOnly(
  side: Side,
  sql: string,
  values: readonly unknown[],
): Promise<Extract<QueryRun, { state: 'failed' }> | { readonly state: 'planned'; readonly plan: Plan }> {
  try {
    return { state: 'planned', plan: await explain(side, sql, values, PLAN_ONLY) };
  } catch (error) {
    if (error instanceof ShapecastError && error.code === 'QUERY_FAILED') return { state: 'failed', reason: reasonOf(error) };
    throw error;
  }
}

async function explain(side: Side, sql: string, values: readonly unknown[], how = EXPLAIN): Promise<Plan> {
  const [row] = await readRows<Record<string, unknown>>(side, 'a query of the workload', `${how} ${sql}`, values);
  return readPlan(row?.['QUERY PLAN']);
}

function reasonOf(error: ShapecastError): string {
  const data: unknown = error.data;
  const code: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'sqlState') : null;
  if (code === '57014') return 'it ran into the statement time-out';
  if (code === '25006') return 'it would write, and only reading queries are run';
  return `the server refused it (SQLSTATE ${String(code)})`;
}
