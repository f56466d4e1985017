// The door of load: asks a target whether it holds what the generator's report says, makes it ready for measuring, and
// leaves a run record. It changes no row, key or index; all it makes is the extended statistics that the spec names.
import type pg from 'pg';
import { type Progress, silentProgress } from '../core/progress.ts';
import { cancelOnAbort } from '../postgres/cancel-on-abort.ts';
import { readCatalog } from '../postgres/catalog/read-catalog.ts';
import { connect, describeServer } from '../postgres/connect.ts';
import { runQuery } from '../postgres/query.ts';
import { refuseUnsafeTarget } from '../postgres/target-guard.ts';
import type { Report } from '../spec/report.ts';
import type { MeasuredDistribution, RunRecord, Verdict } from '../spec/run-record.ts';
import { analyzeTables } from './analyze.ts';
import { checkMarker } from './check-marker.ts';
import { formatDistributions } from './judge-distributions.ts';
import { makeRecord } from './make-record.ts';
import { type PrewarmChoice, requestPrewarm } from './prewarm/list-relations.ts';
import { prewarm } from './prewarm.ts';
import { provideStatistics } from './provide-statistics.ts';
import { createStopwatch } from './stopwatch.ts';
import { pairTables, type Verification } from './target-tables.ts';
import { checkDefinitions } from './verify/check-definitions.ts';
import { checkValidity } from './verify/check-validity.ts';
import { compareContent } from './verify/compare-content.ts';
import { countRows } from './verify/count-rows.ts';
import { findOrphans } from './verify/find-orphans.ts';
import { measureColumns } from './verify/measure-columns.ts';
import { measureDegrees } from './verify/measure-degrees.ts';
import { writeRunRecord } from './write-record.ts';

export interface LoadOptions {
  /** Empty: libpq's environment. */
  readonly url: string;
  readonly report: Report;
  /** Only tables of this schema; null: all of the report. */
  readonly schema: string | null;
  /** What is read into memory; left out: all that fits. */
  readonly prewarm?: PrewarmChoice;
  readonly operator: string;
  readonly print: (line: string) => void;
  /** Where the run record goes; left out: it is returned and not written. */
  readonly recordFolder?: string;
  readonly startProgress?: (label: string, total: number, unit: string) => Progress;
  readonly signal?: AbortSignal;
  readonly environment?: NodeJS.ProcessEnv;
  readonly now?: () => Date;
}

/** What load found; `status` is `failed` when any verdict is. */
export type LoadResult = RunRecord;

/**
 * Verifies, analyses, prewarms and records. Findings are verdicts in the result, not errors. Throws PRODUCTION_REFUSED,
 * HOST_REFUSED, INTERRUPTED, FILE_UNWRITABLE, OPTION_INVALID (schema, prewarm), NAME_INVALID (prewarm), and those of a failing server.
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  refuseUnsafeTarget('load', options.url, options.environment ?? process.env);
  const client = await connect(options.url, { applicationName: 'shapecast load' });
  try {
    const { url, signal } = options;
    const result = await cancelOnAbort({ client, url, signal, what: 'load' }, () => verify(client, options));
    printClosing(result, options);
    return result;
  } finally {
    await client.end();
  }
}

async function verify(client: pg.Client, options: LoadOptions): Promise<LoadResult> {
  const { report, print, schema } = options;
  const now = options.now ?? (() => new Date());
  const startedAt = now();
  const { timed, steps } = createStopwatch();
  await prepareSession(client);
  const catalog = await readCatalog(client);
  const tables = pairTables(report, catalog, schema);
  const startProgress = options.startProgress ?? (() => silentProgress);
  const verification: Verification = { client, catalog, tables, print, startProgress };
  const wanted = await requestPrewarm(verification, options.prewarm ?? 'all');

  const marker = await timed('marker', () => checkMarker(client, report, print));
  const statistics = await timed('statistics', () => provideStatistics(verification, marker.verdict.passed));
  if (marker.isMarked) await timed('analyze', () => analyzeTables(verification));
  const counts = await timed('count', () => countRows(verification));
  const integrity = await timed('integrity', () => checkIntegrity(verification));
  const validity = await timed('validity', () => checkValidity(verification));
  const content = await timed('content', () => compareContent(verification));
  const distributions = await timed('distribution', () => measureDistributions(verification));
  const warmed = await timed('prewarm', () => prewarm(verification, wanted));

  const { operator } = options;
  const target = describeServer(options.url);
  const serverVersion = await readServerVersion(client);
  return makeRecord({
    run: { operator, target, serverVersion, startedAt, completedAt: now(), steps, schema },
    report,
    tables,
    findings: { marker: marker.verdict, statistics, counts, integrity, validity, content, distributions, warmed },
  });
}

/** Big sorts and hash tables are what most questions are made of. */
async function prepareSession(client: pg.Client): Promise<void> {
  await runQuery(client, 'setting work_mem', `set work_mem = '128MB'`);
}

async function checkIntegrity(verification: Verification): Promise<Verdict[]> {
  const verdicts = [...(await checkDefinitions(verification)), ...(await findOrphans(verification))];
  if (verdicts.every((verdict) => verdict.passed)) {
    verification.print('[Integrity] ✓ All referential integrity constraints satisfied');
  }
  return verdicts;
}

async function measureDistributions(verification: Verification): Promise<MeasuredDistribution[]> {
  const measured = [...(await measureDegrees(verification)), ...(await measureColumns(verification))];
  for (const line of formatDistributions(measured)) verification.print(line);
  return measured;
}

async function readServerVersion(client: pg.Client): Promise<string> {
  const [row] = await runQuery<{ version: string }>(
    client,
    'reading the version',
    `select current_setting('server_version') as version`,
  );
  return row?.version ?? 'unknown';
}

function printClosing(result: LoadResult, { print, recordFolder }: LoadOptions): void {
  const seconds = Math.round(result.durationMs / 1000);
  const failed = result.verdicts.filter((verdict) => !verdict.passed).length;
  if (failed === 0) print(`[Load] ✓ Load completed in ${seconds}s`);
  else print(`[Load] ✗ Load completed in ${seconds}s with ${failed} ${failed === 1 ? 'finding' : 'findings'}`);
  if (recordFolder !== undefined) print(`[Metadata] ✓ Saved to ${writeRunRecord(result, recordFolder)}`);
}
