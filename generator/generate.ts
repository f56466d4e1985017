// generate: a spec, a band and a seed become rows in a target. Decide first (the plan), then copy, then put keys back.
import type pg from 'pg';
import { canonicalJson, sha256Hex } from '../core/canonical-json.ts';
import { type ErrorData, ShapecastError } from '../core/errors.ts';
import { newRunId, toolVersion } from '../core/tool.ts';
import type { Catalog } from '../postgres/catalog/catalog.ts';
import { connect, describeServer } from '../postgres/connect.ts';
import { endWithClient } from '../postgres/end-with-client.ts';
import { finishRun, type RunStart, startRun } from '../postgres/marker.ts';
import { holdRunLock, runSessionName } from '../postgres/run-lock.ts';
import { refuseUnsafeTarget } from '../postgres/target-guard.ts';
import { type Plan, planId } from '../spec/plan.ts';
import type { Report } from '../spec/report.ts';
import { buildReport, type MadeChunk, storedChunk } from './build-report.ts';
import { decidePlan } from './decide-plan.ts';
import { type Filling, fillNothing, fillTarget } from './fill-target.ts';
import type { GenerateOptions } from './generate-options.ts';
import { Problems } from './plan/problems.ts';
import { analyseSize, type PlanSize } from './plan-size.ts';
import { trySampleRows } from './preflight-sample.ts';
import { claimTarget, plannedTables, provideTables } from './prepare-target.ts';
import { setSequences } from './set-sequences.ts';

/**
 * Fills the target and returns the report. Rows of an interrupted run of the same plan are kept and only the missing chunks
 * are made. Throws PRODUCTION_REFUSED, HOST_REFUSED, PLAN_IMPOSSIBLE, TARGET_NOT_EMPTY, TARGET_OTHER_RUN, INTERRUPTED,
 * CONNECTION_LOST,
 * QUERY_FAILED. Network and worker threads; no files.
 */
export async function generate(options: GenerateOptions): Promise<Report> {
  refuseUnsafeTarget('generate', options.target.url, options.environment ?? process.env);
  const startedAt = new Date();
  const runId = newRunId();
  const client = await connect(options.target.url, { applicationName: runSessionName(runId) });
  try {
    await endWithClient(client);
    const target = await provideTables(client, options.spec, options.createSql);
    const { plan, warnings, joint } = await decidePlan(client, options, target.catalog);
    await refuseBrokenChecks(client, plan, target.catalog);
    options.onPlan?.(plan, analyseSize(plan, target.catalog));
    const isReal = options.target.kind === 'postgres';
    const run = runOf(runId, plan, options);
    const earlier = isReal ? (await claimTarget(client, { plan, target, options, run })).map(storedChunk) : [];
    const hasForeignKeys = plannedTables(plan, target.catalog).some((table) => table.foreignKeys.length > 0);
    const filling = { plan, hasForeignKeys, earlier, options, runId };
    const made = isReal ? await fillAndRecord(client, run, filling) : await fillNothing(filling);
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

/** The rows, keys and indexes, with the run's beginning and end in the marker. */
async function fillAndRecord(client: pg.Client, run: RunStart, filling: Filling): Promise<MadeChunk[]> {
  await holdRunLock(client, run.runId);
  await startRun(client, run);
  try {
    const made = await fillTarget(client, filling);
    await setSequences(client, filling.plan);
    await finishRun(client, run.runId, 'completed');
    return made;
  } catch (error) {
    await finishRun(client, run.runId, 'failed').catch(() => undefined);
    throw asLostConnection(error);
  }
}

/** A connection that is lost once the run has begun is no wrong address: the same command goes on. */
function asLostConnection(error: unknown): unknown {
  if (!(error instanceof ShapecastError) || error.code !== 'CONNECT_FAILED') return error;
  const { reason } = error.data as ErrorData<'CONNECT_FAILED'>;
  return new ShapecastError('CONNECTION_LOST', { reason }, { cause: error });
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

function runOf(runId: string, plan: Plan, options: GenerateOptions): RunStart {
  return {
    runId,
    planId: planId(plan),
    seed: options.seed,
    band: options.band,
    specName: options.spec.name,
    toolVersion: toolVersion(),
    specDigest: sha256Hex(canonicalJson(options.spec)),
    size: canonicalJson({ scale: options.scale ?? 1, rows: Object.fromEntries(options.rows ?? []) }),
  };
}
