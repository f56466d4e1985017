// The door of `explain`: a workload on one database, read only, each query under each way to bind it; its plan with rows and times, held to
// the workload's assertions. Production is only planned, and nothing but the trees is kept.
import type { Progress } from '../core/progress.ts';
import { createBinder } from '../postgres/bind-parameters.ts';
import { type Side, withSide } from '../postgres/read-side.ts';
import { compareExplanations } from '../spec/explanation/compare-explanations.ts';
import { EXPLANATION_FORMAT, type ExplainedQuery, type Explanation, type QueryChange, type WhatIf } from '../spec/explanation.ts';
import { listBindings, nameBinding, type Workload } from '../spec/workload.ts';
import { percentile } from '../stats/quotients.ts';
import { judgeAssertions } from './explain/judge-assertions.ts';
import { type NameFamilies, resolveNames } from './explain/resolve-names.ts';
import { explainWithIndex, valueIndexes } from './explain/what-if.ts';
import type { Plan } from './fidelity/plan-tree.ts';
import { orInterrupted, refuseAborted } from './fidelity/rolled-back.ts';
import { type BoundQuery, planBound, runBound } from './fidelity/run-bound.ts';
import { readChangedSettings } from './fidelity/settings.ts';

/** What to explain, where, and what to try. */
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
  /** CREATE INDEX statements to try, one by one; checked by index-statement.ts. */
  readonly whatIf?: readonly string[];
  /** Whether each index is dropped for a moment to see what it is worth. */
  readonly hasIndexValues?: boolean;
}

/** Explains the workload. A query that fails is a result. Throws INTERRUPTED and those of a failing server. It leaves nothing behind. */
export async function explainWorkload(options: ExplainOptions): Promise<Explanation> {
  return orInterrupted(options.signal, 'explain', () => explainAll(options));
}

async function explainAll(options: ExplainOptions): Promise<Explanation> {
  const found = await withSide(options.url, options, async (side) => ({
    format: EXPLANATION_FORMAT,
    version: 1 as const,
    mode: options.mode,
    serverMajor: side.serverMajor,
    settings: await readNamedSettings(side, options.mode),
    queries: await explainOn(side, options),
  }));
  // Only now: a lock on a table would wait for the snapshot above.
  const whatIf: WhatIf[] = [];
  for (const statement of options.whatIf ?? []) whatIf.push(await tryIndex(statement, found, options));
  return { ...found, whatIf, indexes: options.hasIndexValues === true ? await valueIndexes(options) : [] };
}

/** Values of settings are figures of the machine: where queries are only planned, names alone leave. */
async function readNamedSettings(side: Side, mode: Explanation['mode']): Promise<Explanation['settings']> {
  const settings = [...(await readChangedSettings(side))];
  return Object.fromEntries(settings.map(([name, value]) => [name, mode === 'planned' ? null : value]));
}

async function tryIndex(statement: string, without: Pick<Explanation, 'queries'>, options: ExplainOptions): Promise<WhatIf> {
  const { how, pages, queries } = await explainWithIndex(statement, options, (side, made) =>
    explainOn(side, { ...options, mode: 'measured', isRun: made === 'built' }),
  );
  const costOf = (list: readonly ExplainedQuery[], { binding, name }: QueryChange) =>
    list.find((query) => query.name === name && query.binding === binding)?.figures?.cost ?? null;
  const changes = compareExplanations(without, { queries }).flatMap((change) => {
    const { state } = change;
    if (state !== 'changed' && state !== 'lost') return [];
    const [before, after] = [costOf(without.queries, change), costOf(queries, change)];
    return [
      {
        name: change.name,
        binding: change.binding,
        state,
        costRatio: before === null || after === null || before === 0 ? null : after / before,
        latencyRatio: how === 'built' ? change.latencyRatio : null,
        difference: [...change.difference],
      },
    ];
  });
  return { statement, how, pages, changes };
}

/** The same on one session. `isRun` false: queries are planned, and their costs kept. */
async function explainOn(side: Side, options: ExplainOptions & { readonly isRun?: boolean }): Promise<ExplainedQuery[]> {
  const { isRun = true, mode, startProgress, warmRuns, workload } = options;
  const binder = createBinder(side);
  const assertions = mode === 'planned' ? [] : workload.queries.flatMap((query) => query.assertions);
  const families = await resolveNames(side, assertions);
  const bound = workload.queries.flatMap((query) => listBindings(query).map((binding) => ({ query, binding })));
  const progress = startProgress(
    mode === 'planned' ? 'planning the workload' : 'explaining the workload',
    bound.length,
    'queries',
  );
  const explained: ExplainedQuery[] = [];
  for (const each of bound) {
    refuseAborted(options.signal, 'explain');
    if (mode === 'planned') explained.push(await plan(side, each, binder));
    else explained.push(isRun ? await measure(side, { ...each, binder, families, warmRuns }) : await price(side, each, binder));
    progress.advance(1);
  }
  progress.finish();
  return explained;
}

type Binder = ReturnType<typeof createBinder>;

async function plan(side: Side, bound: BoundQuery, binder: Binder): Promise<ExplainedQuery> {
  return describePlan(bound, await planBound(side, binder, bound));
}

function describePlan(bound: BoundQuery, planned: Awaited<ReturnType<typeof planBound>>): ExplainedQuery {
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

/** Planned alone, with the cost. */
async function price(side: Side, bound: BoundQuery, binder: Binder): Promise<ExplainedQuery> {
  const planned = await planBound(side, binder, bound);
  const explained = planned.state === 'failed' ? null : figuresOf(planned.plan, []);
  return { ...describePlan(bound, planned), figures: explained };
}

interface Measured extends BoundQuery {
  readonly binder: Binder;
  readonly families: NameFamilies;
  readonly warmRuns: number;
}

async function measure(side: Side, { binder, families, warmRuns, ...bound }: Measured): Promise<ExplainedQuery> {
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
    assertions: judgeAssertions(bound.query.assertions, { plan: run.plan, latenciesMs, families }),
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
