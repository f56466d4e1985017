// How large and how long, as it is told before the first row and by a dry run.
import os from 'node:os';
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { formatBytes, formatCount, formatSeconds } from '../core/progress.ts';
import type { Catalog } from '../postgres/catalog/catalog.ts';
import { isLoopback, isSocketFolder, resolveServerAddress } from '../postgres/server-address.ts';
import type { Plan } from '../spec/plan.ts';
import { estimateTime, type TimeEstimate } from './estimate-time.ts';
import type { GenerateOptions } from './generate-options.ts';
import { measureCosts } from './measure-costs.ts';
import { analyseSize } from './plan-size.ts';

/** Smaller plans are done in about the time that an estimate takes. */
const LEAST_ROWS = 1_000_000;

/** The time that a plan takes, or why nobody knows it. */
export type MeasuredTime =
  | { readonly time: TimeEstimate; readonly reason: null }
  | { readonly time: null; readonly reason: string };

/** The time that a plan takes into the database behind the URL, all of it by this machine. What the server refuses is a reason, not an error. */
export async function measureTime(
  client: pg.Client,
  plan: Plan,
  catalog: Catalog,
  { target, workers, unlogged }: Pick<GenerateOptions, 'target' | 'workers' | 'unlogged'>,
): Promise<MeasuredTime> {
  const { host } = resolveServerAddress(target.url, process.env);
  const isLocal = isLoopback(host) || isSocketFolder(host);
  try {
    const costs = await measureCosts(client, plan, catalog, { unlogged });
    return { time: estimateTime(costs, { workers, processors: os.availableParallelism(), isLocal }), reason: null };
  } catch (error) {
    if (!(error instanceof ShapecastError) || error.class === 'bug') throw error;
    return { time: null, reason: `no estimate of the time: ${error.message}` };
  }
}

/** Tells bytes and time of a plan that goes into a database, unless it is small. Of a shard the bytes alone: all of them would measure. */
export async function tellEstimate(client: pg.Client, plan: Plan, catalog: Catalog, options: GenerateOptions): Promise<void> {
  const { rows, bytes, diskBytes } = analyseSize(plan, catalog);
  if (options.warn === undefined || options.target.kind !== 'postgres' || rows < LEAST_ROWS) return;
  const size = `${formatCount(rows)} rows, ${formatBytes(bytes)} over COPY, ${formatBytes(diskBytes)} of tables and indexes on disk`;
  if (options.shard !== undefined) return options.warn(`estimate of all shards: ${size} (--dry-run tells the time)`);
  const { reason, time } = await measureTime(client, plan, catalog, options);
  options.warn(`estimate: ${size}, ${time === null ? reason : formatTime(time)}`);
}

/** `about 4 min 10 s (rows 3 min 5 s, keys and indexes 1 min 5 s)`. */
function formatTime({ seconds, rowsSeconds, keysSeconds }: TimeEstimate): string {
  return `about ${formatSeconds(seconds)} (rows ${formatSeconds(rowsSeconds)}, keys and indexes ${formatSeconds(keysSeconds)})`;
}
