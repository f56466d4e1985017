// The door of `explain`: a workload on one database, read only, each query under each way to bind it; its plan with rows and times, held to
// the workload's assertions. Production is only planned, and nothing but the trees is kept.
import type { Progress } from '../core/progress.ts';
import { EXPLANATION_FORMAT, type ExplainedQuery, type Explanation } from '../spec/explanation.ts';
import { listBindings, nameBinding, type Workload } from '../spec/workload.ts';
import { percentile } from '../stats/quotients.ts';
import { judgeAssertions } from './explain/judge-assertions.ts';
import { createBinder } from './fidelity/bind-parameters.ts';
import type { Plan } from './fidelity/plan-tree.ts';
import { type Side, withSide } from './fidelity/read-side.ts';
import { type BoundQuery, planBound, runBound } from './fidelity/run-bound.ts';
import { readChangedSettings } from './fidelity/settings.ts';

export interface ExplainOptions {
  readonly url: string;
  readonly workload: Workload;
  /** planned: EXPLAIN alone, and no figure is kept. */
  readonly mode: Explanation['mode'];
  /** At least 1; of queries that take a millisecond or more. */
  readonly warmRuns: number;
  readonly statementTimeoutMs: number;
  readonly startProgress: (label: string, total: number, unit: string) => Progress;
  readonly signal?: AbortSignal;
}

/** Explains the workload. A query that fails is a result. Throws INTERRUPTED and those of a failing server; reads the database only. */
export async function explainWorkload(options: ExplainOptions): Promise<Explanation> {
  return withSide(options.url, options, async (side) => ({
    format: EXPLANATION_FORMAT,
    version: 1,
    mode: options.mode,
    serverMajor: side.serverMajor,
    settings: Object.fromEntries(await readChangedSettings(side)),
    queries: await explainOn(side, options),
  }));
}

/** The same on a session of the caller's. */
export async function explainOn(side: Side, options: Omit<ExplainOptions, 'url'>): Promise<ExplainedQuery[]> {
  const { mode, startProgress, warmRuns, workload } = options;
  const binder = createBinder(side);
  const bound = workload.queries.flatMap((query) => listBindings(query).map((binding) => ({ query, binding })));
  const progress = startProgress(
    mode === 'planned' ? 'planning the workload' : 'explaining the workload',
    bound.length,
    'queries',
  );
  const explained: ExplainedQuery[] = [];
  for (const each of bound) {
    explained.push(mode === 'planned' ? await plan(side, each, binder) : await measure(side, each, binder, warmRuns));
    progress.advance(1);
  }
  progress.finish();
  return explained;
}

type Binder = ReturnType<typeof createBinder>;

async function plan(side: Side, bound: BoundQuery, binder: Binder): Promise<ExplainedQuery> {
  const planned = await planBound(side, binder, bound);
  if (planned.state === 'failed') return { ...head(bound), state: 'failed', reason: planned.reason };
  const nodes = planned.plan.nodes.map(({ depth, isPartial, label }) => ({
    depth,
    label,
    isPartial,
    estimatedRows: null,
    actualRows: null,
  }));
  return { ...head(bound), state: 'explained', fingerprint: planned.plan.fingerprint, nodes };
}

async function measure(side: Side, bound: BoundQuery, binder: Binder, warmRuns: number): Promise<ExplainedQuery> {
  const run = await runBound(side, binder, { ...bound, warmRuns });
  if (run.state === 'failed') return { ...head(bound), state: 'failed', reason: run.reason };
  const { latenciesMs } = run;
  return {
    ...head(bound),
    state: 'explained',
    fingerprint: run.plan.fingerprint,
    nodes: run.plan.nodes.map(({ actualRows, depth, estimatedRows, isPartial, label, loops }) => ({
      depth,
      label,
      isPartial,
      estimatedRows: estimatedRows * Math.max(1, loops),
      actualRows: actualRows * loops,
    })),
    figures: figuresOf(run.plan, latenciesMs),
    assertions: judgeAssertions(bound.query.assertions, run.plan, latenciesMs),
  };
}

function head({ query, binding }: BoundQuery): ExplainedQuery {
  return {
    name: query.name,
    binding: nameBinding(query, binding),
    weight: query.weight,
    state: 'explained',
    reason: null,
    fingerprint: null,
    nodes: [],
    figures: null,
    assertions: [],
  };
}

function figuresOf(
  { buffers, cost, readBlocks, spilledBlocks }: Plan,
  latenciesMs: readonly number[],
): ExplainedQuery['figures'] {
  return {
    runs: Math.max(1, latenciesMs.length),
    p50Ms: percentile(latenciesMs, 0.5) ?? 0,
    p95Ms: percentile(latenciesMs, 0.95) ?? 0,
    buffers,
    readBlocks,
    spilledBlocks,
    cost,
  };
}
