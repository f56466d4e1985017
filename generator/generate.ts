// generate: a spec, a band and a seed become rows in a target. Decide first (the plan), then copy, then put keys back.
import type pg from 'pg';
import { canonicalJson, sha256Hex } from '../core/canonical-json.ts';
import { ShapecastError } from '../core/errors.ts';
import { silentProgress } from '../core/progress.ts';
import { newRunId, toolVersion } from '../core/tool.ts';
import type { Catalog } from '../postgres/catalog/catalog.ts';
import { connect, describeServer } from '../postgres/connect.ts';
import { endWithClient } from '../postgres/end-with-client.ts';
import type { RunStart } from '../postgres/marker-runs.ts';
import { runSessionName } from '../postgres/run-lock.ts';
import { refuseUnsafeTarget } from '../postgres/target-guard.ts';
import { withTargetLock } from '../postgres/target-lock.ts';
import { type Plan, planId } from '../spec/plan.ts';
import type { Report } from '../spec/report.ts';
import { buildReport, type MadeChunk, madeChunk } from './build-report.ts';
import { decidePlan } from './decide-plan.ts';
import { executeChunks } from './execute.ts';
import type { GenerateOptions } from './generate-options.ts';
import { Problems } from './plan/problems.ts';
import { analyseSize, type PlanSize } from './plan-size.ts';
import { trySampleRows } from './preflight-sample.ts';
import { provideTables, type TargetTables } from './prepare-target.ts';
import { tasksOfShard } from './shard.ts';
import { type ChunkStore, chunkKey, emptyStore } from './sinks/chunk-store.ts';
import { openDatabaseStore } from './sinks/database-store.ts';
import { openFilesStore } from './sinks/files-store.ts';
import { tellEstimate } from './tell-estimate.ts';
import { listTasks, rowsOf } from './work.ts';

/** What one run of a share of the chunks came to. */
export interface Generated {
  /** Of the whole dataset; null while chunks of other shards are missing. */
  readonly report: Report | null;
  readonly chunks: { readonly done: number; readonly of: number };
  /** That this run made. */
  readonly rowsMade: number;
}

/** generateShard of everything. */
export async function generate(options: GenerateOptions): Promise<Report> {
  const { report } = await generateShard({ ...options, shard: undefined });
  if (report === null) throw new ShapecastError('BUG', { what: 'chunks are missing after the last one' });
  return report;
}

/**
 * Fills the target with the shard's rows, and puts keys and indexes back when all are in. Rows of an interrupted run of the same
 * plan are kept and only the missing chunks are made. Throws PRODUCTION_REFUSED, HOST_REFUSED, PLAN_IMPOSSIBLE, TARGET_NOT_EMPTY,
 * TARGET_OTHER_RUN, FOLDER_NOT_OURS, FOLDER_OTHER_RUN, FILE_UNWRITABLE, INTERRUPTED, CONNECTION_LOST, WORKER_ENDED,
 * QUERY_FAILED. Network and worker threads.
 */
export async function generateShard(options: GenerateOptions): Promise<Generated> {
  refuseUnsafeTarget('generate', options.target.url, options.environment ?? process.env);
  const startedAt = new Date();
  const runId = newRunId();
  const client = await connect(options.target.url, { applicationName: runSessionName(runId) });
  try {
    await endWithClient(client);
    const target = await withTargetLock(client, () => provideTables(client, options.spec, options.createSql));
    const { plan, warnings, joint } = await decidePlan(client, options, target.catalog);
    await refuseBrokenChecks(client, plan, target.catalog);
    options.onPlan?.(plan, analyseSize(plan, target.catalog));
    await tellEstimate(client, plan, target.catalog, options);
    const store = await openStore(client, plan, target, runId, options);
    const { made, chunks } = await fill(plan, store, options);
    const of = listTasks(plan).length;
    const report = () =>
      buildReport({
        options,
        plan,
        runId,
        startedAt,
        chunks,
        made,
        target: describeServer(options.target.url),
        serverVersion: target.catalog.serverVersion,
        warnings,
        joint,
      });
    return {
      report: chunks.length === of || options.shard === undefined ? report() : null,
      chunks: { done: chunks.length, of },
      rowsMade: made.reduce((sum, chunk) => sum + chunk.rows, 0),
    };
  } finally {
    await client.end();
  }
}

function openStore(
  client: pg.Client,
  plan: Plan,
  target: TargetTables,
  runId: string,
  options: GenerateOptions,
): Promise<ChunkStore> {
  switch (options.target.kind) {
    case 'postgres':
      return openDatabaseStore(client, { plan, target, options, run: runOf(runId, plan, options) });
    case 'files':
      return openFilesStore(options.target.sink, plan, options);
    case 'null':
      return Promise.resolve(emptyStore());
  }
}

/** The missing chunks made, and the store finished. What fails is left so that the next run goes on. */
async function fill(
  plan: Plan,
  store: ChunkStore,
  options: GenerateOptions,
): Promise<{ readonly made: readonly MadeChunk[]; readonly chunks: readonly MadeChunk[] }> {
  try {
    const made = await makeMissing(plan, store, options);
    return { made, chunks: await store.finish(made) };
  } catch (error) {
    await store.giveUp();
    throw store.explain?.(error) ?? error;
  }
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

async function makeMissing(plan: Plan, store: ChunkStore, options: GenerateOptions): Promise<MadeChunk[]> {
  const done = new Set(store.earlier.map(chunkKey));
  const tasks = tasksOfShard(listTasks(plan), options.shard).filter(
    ({ table, chunk }) => !done.has(chunkKey({ table: plan.tables[table]?.name ?? '', chunk })),
  );
  if (options.signal?.aborted) throw new ShapecastError('INTERRUPTED', { what: 'generate' });
  const progress = options.startProgress?.('generate', rowsOf(plan, tasks), 'rows') ?? silentProgress;
  const { target } = options;
  try {
    const results = await executeChunks({
      plan,
      planId: planId(plan),
      url: target.kind === 'postgres' ? target.url : null,
      files: target.kind === 'files' ? target.sink : null,
      session: store.session ?? { name: 'shapecast generate', ignoresForeignKeys: false, mayStartAfresh: false },
      tasks,
      workers: options.workers,
      onRows: (count) => progress.advance(count),
      onChunk: (result) => store.add(result),
      signal: store.broken ?? options.signal,
    });
    return results.map((result) => madeChunk(plan, result));
  } finally {
    progress.finish();
  }
}
