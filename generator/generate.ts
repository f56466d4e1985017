// generate: a spec, a band and a seed become rows in a target. Decide first (the plan), then copy, then put keys back.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { silentProgress } from '../core/progress.ts';
import { newRunId, toolVersion } from '../core/tool.ts';
import type { Catalog } from '../postgres/catalog/catalog.ts';
import { connect, describeServer } from '../postgres/connect.ts';
import { finishRun, startRun } from '../postgres/marker.ts';
import { putBack } from '../postgres/set-aside.ts';
import { refuseUnsafeTarget } from '../postgres/target-guard.ts';
import { type Plan, planId } from '../spec/plan.ts';
import type { Report } from '../spec/report.ts';
import { buildReport, type MadeChunk, madeChunk, storedChunk } from './build-report.ts';
import { decidePlan } from './decide-plan.ts';
import { executeChunks } from './execute.ts';
import type { GenerateOptions } from './generate-options.ts';
import { Problems } from './plan/problems.ts';
import { analyseSize, type PlanSize } from './plan-size.ts';
import { trySampleRows } from './preflight-sample.ts';
import { claimTarget, provideTables } from './prepare-target.ts';
import { setSequences } from './set-sequences.ts';
import { listTasks } from './work.ts';

/**
 * Fills the target and returns the report. Rows of an interrupted run of the same plan are kept and only the missing chunks
 * are made. Throws PRODUCTION_REFUSED, HOST_REFUSED, PLAN_IMPOSSIBLE, TARGET_NOT_EMPTY, TARGET_OTHER_RUN, INTERRUPTED,
 * QUERY_FAILED. Network and worker threads; no files.
 */
export async function generate(options: GenerateOptions): Promise<Report> {
  refuseUnsafeTarget('generate', options.target.url, options.environment ?? process.env);
  const startedAt = new Date();
  const client = await connect(options.target.url, { applicationName: 'shapecast generate' });
  try {
    const target = await provideTables(client, options.spec, options.createSql);
    const { plan, warnings, joint } = await decidePlan(client, options, target.catalog);
    await refuseBrokenChecks(client, plan, target.catalog);
    options.onPlan?.(plan, analyseSize(plan, target.catalog));
    const isReal = options.target.kind === 'postgres';
    const earlier = isReal ? (await claimTarget(client, plan, target)).map(storedChunk) : [];
    const runId = newRunId();
    if (isReal) await startRun(client, runOf(runId, plan, options));
    const made = await fillAndPutBack(client, plan, earlier, options).catch(async (error: unknown) => {
      if (isReal) await finishRun(client, runId, 'failed').catch(() => undefined);
      throw error;
    });
    if (isReal) await finishRun(client, runId, 'completed');
    return buildReport({
      options,
      plan,
      runId,
      startedAt,
      chunks: [...earlier, ...made],
      made,
      target: describeServer(options.target.url),
      serverVersion: target.catalog.serverVersion,
      warnings,
      joint,
    });
  } finally {
    await client.end();
  }
}

/** The rows, then the keys and indexes that were set aside. What fails here is put back by the next run, or by teardown. */
async function fillAndPutBack(
  client: pg.Client,
  plan: Plan,
  earlier: readonly MadeChunk[],
  options: GenerateOptions,
): Promise<MadeChunk[]> {
  const made = await makeMissing(plan, earlier, options);
  if (options.target.kind === 'postgres') {
    await putBack(client);
    await setSequences(client, plan);
  }
  return made;
}

/** The plan that generate would run, without touching any row. Throws PLAN_IMPOSSIBLE. Reads the target's catalog. */
export async function planOnly(options: GenerateOptions): Promise<{ plan: Plan; size: PlanSize }> {
  refuseUnsafeTarget('generate', options.target.url, options.environment ?? process.env);
  const client = await connect(options.target.url, { applicationName: 'shapecast generate --dry-run' });
  try {
    const { catalog } = await provideTables(client, options.spec, undefined);
    const { plan } = await decidePlan(client, { ...options, target: { kind: 'null', url: options.target.url } }, catalog);
    await refuseBrokenChecks(client, plan, catalog);
    return { plan, size: analyseSize(plan, catalog) };
  } finally {
    await client.end();
  }
}

async function refuseBrokenChecks(client: pg.Client, plan: Plan, catalog: Catalog): Promise<void> {
  const problems = new Problems();
  await trySampleRows(client, plan, catalog.tables, problems);
  problems.refuse();
}

function runOf(runId: string, plan: Plan, options: GenerateOptions) {
  return {
    runId,
    planId: planId(plan),
    seed: options.seed,
    band: options.band,
    specName: options.spec.name,
    toolVersion: toolVersion(),
  };
}

async function makeMissing(plan: Plan, earlier: readonly MadeChunk[], options: GenerateOptions): Promise<MadeChunk[]> {
  const done = new Set(earlier.map((chunk) => `${chunk.table}\0${chunk.chunk}`));
  const tasks = listTasks(plan).filter((task) => !done.has(`${plan.tables[task.table]?.name}\0${task.chunk}`));
  const rows = plan.tables.reduce((sum, table) => sum + table.rows, 0) - earlier.reduce((sum, chunk) => sum + chunk.rows, 0);
  if (options.signal?.aborted) throw new ShapecastError('INTERRUPTED', { what: 'generate' });
  const progress = options.startProgress?.('generate', rows, 'rows') ?? silentProgress;
  try {
    const results = await executeChunks({
      plan,
      planId: planId(plan),
      url: options.target.kind === 'postgres' ? options.target.url : null,
      tasks,
      workers: options.workers,
      onRows: (count) => progress.advance(count),
      signal: options.signal,
    });
    return results.map((result) => madeChunk(plan, result));
  } finally {
    progress.finish();
  }
}
