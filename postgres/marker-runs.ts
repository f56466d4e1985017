// The runs of the marker: when each began and how it ended.
import type pg from 'pg';
import type { MarkerRun, RunStatus } from './marker.ts';
import { runQuery } from './query.ts';

/** What is written down of a run when it begins. */
export interface RunStart extends Omit<MarkerRun, 'status' | 'startedAt' | 'finishedAt'> {
  /** SHA-256 of the spec. */
  readonly specDigest?: string;
  /** --scale and --rows as canonical JSON. */
  readonly size?: string;
}

/**
 * Records that a run began; earlier runs of its plan that were killed, and so still read as running, are failed now. Not by a shard
 * (`hasSiblings`): they may be other shards at work.
 */
export async function startRun(client: pg.Client, run: RunStart, hasSiblings = false): Promise<void> {
  if (!hasSiblings) await failOtherRuns(client, run);
  await runQuery(
    client,
    'recording the run',
    `insert into shapecast.runs (run_id, plan_id, seed, band, spec_name, tool_version, spec_digest, size, status)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'running')
     on conflict (run_id) do update set status = 'running', finished_at = null`,
    [run.runId, run.planId, run.seed, run.band, run.specName, run.toolVersion, run.specDigest ?? null, run.size ?? null],
  );
}

/** Runs of the plan that still read as running, but for this one, are failed: those that are at work after all say how they ended. */
export async function failOtherRuns(client: pg.Client, { planId, runId }: Pick<MarkerRun, 'planId' | 'runId'>): Promise<void> {
  await runQuery(
    client,
    'recording the end of an earlier run',
    `update shapecast.runs set status = 'failed', finished_at = now() where plan_id = $1 and run_id <> $2 and status = 'running'`,
    [planId, runId],
  );
}

/** Records how a run ended. */
export async function finishRun(client: pg.Client, runId: string, status: Exclude<RunStatus, 'running'>): Promise<void> {
  await runQuery(
    client,
    'recording the end of the run',
    'update shapecast.runs set status = $2, finished_at = now() where run_id = $1',
    [runId, status],
  );
}
