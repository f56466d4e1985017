// How large and how long, as it is told before the first row and by a dry run.
import os from 'node:os';
import type pg from 'pg';
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

/** The time that a plan takes into the database behind the URL, all of it by this machine. Throws QUERY_FAILED. */
export async function measureTime(
  client: pg.Client,
  plan: Plan,
  catalog: Catalog,
  { target, workers, unlogged }: Pick<GenerateOptions, 'target' | 'workers' | 'unlogged'>,
): Promise<TimeEstimate> {
  const { host } = resolveServerAddress(target.url, process.env);
  const isLocal = isLoopback(host) || isSocketFolder(host);
  const costs = await measureCosts(client, plan, catalog, { unlogged });
  return estimateTime(costs, { workers, processors: os.availableParallelism(), isLocal });
}

/** Tells bytes and time of a plan that goes into a database, unless it is small. Throws QUERY_FAILED. */
export async function tellEstimate(client: pg.Client, plan: Plan, catalog: Catalog, options: GenerateOptions): Promise<void> {
  const { rows, bytes, diskBytes } = analyseSize(plan, catalog);
  if (options.warn === undefined || options.target.kind !== 'postgres' || rows < LEAST_ROWS) return;
  const time = await measureTime(client, plan, catalog, options);
  options.warn(
    `estimate: ${formatCount(rows)} rows, ${formatBytes(bytes)} over COPY, ${formatBytes(diskBytes)} of tables and indexes on disk, ${formatTime(time)}`,
  );
}

/** `about 4 min 10 s (rows 3 min 5 s, keys and indexes 1 min 5 s)`. */
function formatTime({ seconds, rowsSeconds, keysSeconds }: TimeEstimate): string {
  return `about ${formatSeconds(seconds)} (rows ${formatSeconds(rowsSeconds)}, keys and indexes ${formatSeconds(keysSeconds)})`;
}
