// sync: production's rows into a shadow database, masked on the way. Everything that can be refused is refused before the shadow is
// touched; from then on it is marked incomplete until keys, references and sequences are in place.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import type { Progress } from '../core/progress.ts';
import { type ClientTools, runScript } from '../postgres/client-tools.ts';
import { type ConnectOptions, connect } from '../postgres/connect.ts';
import { endWithClient } from '../postgres/end-with-client.ts';
import { runQuery } from '../postgres/query.ts';
import { openSnapshot, type Snapshot } from '../postgres/read-only-snapshot.ts';
import { readServerMajor } from '../postgres/server-version.ts';
import { beginShadow, completeShadow } from '../postgres/shadow-marker.ts';
import { refuseUnsafeTarget } from '../postgres/target-guard.ts';
import type { RulesOrigin } from '../spec/rules-origin.ts';
import type { ShadowDigests } from '../spec/shadow-digests.ts';
import type { SyncResult } from '../spec/sync-result.ts';
import type { SyncRules } from '../spec/sync-rules.ts';
import { readSequences, setSequences } from './copy-sequences.ts';
import { type CopiedTable, copyTables } from './copy-tables.ts';
import { chosenBytes, describeTables, tellPlan } from './describe-plan.ts';
import { takeDigests } from './digests/take-digests.ts';
import { createKeyedHash, type KeyedHash } from './masks/keyed-hash.ts';
import type { SyncPlan } from './plan-sync.ts';
import { planSource, readSchema } from './prepare-source.ts';
import { claimShadow, endGhosts, readIdentitySha256, refuseForeignShadow, refuseSameDatabase } from './refuse.ts';
import { refuseMissingExtensions, refuseOlderShadow } from './refuse-unreadable.ts';
import { type Attempt, onceMore, withSnapshot } from './standby.ts';
import type { RowCounts } from './subset/ask-filters.ts';
import { refuseNewOrphans } from './subset/orphans.ts';

export interface SyncOptions {
  readonly sourceUrl: string;
  readonly shadowUrl: string;
  readonly rules: SyncRules;
  /** SHA-256 of the rules file, hex. */
  readonly rulesSha256: string;
  readonly rulesOrigin: RulesOrigin;
  /** At least 32 random bytes. */
  readonly key: Uint8Array;
  readonly runId: string;
  readonly toolVersion: string;
  /** Tables at once, at least 1. */
  readonly jobs: number;
  /** How often the copy may start over when a standby cancels its snapshot. */
  readonly mostRestarts: number;
  /** Milliseconds per statement of the source; 0: no limit. */
  readonly statementTimeoutMs: number;
  /** --replace as typed. */
  readonly replace: string | null;
  /** The folder of pg_dump and psql; null: the PATH. */
  readonly toolFolder: string | null;
  readonly dryRun: boolean;
  /** Gets the digest set for verify-shadow when the shadow is complete; null: none is taken, because nobody will know the key. */
  readonly keepDigests: ((digests: ShadowDigests) => void) | null;
  readonly now: () => Date;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** A step of the run, for the log: names and counts. */
  readonly log: (line: string) => void;
  /** A remark to the person at the terminal: names and counts. */
  readonly tell: (line: string) => void;
  readonly startProgress: (label: string, total: number, unit: string) => Progress;
}

export const LOCK_TIMEOUT_MS = 30_000;

/** Copies, or with `dryRun` only plans. Throws every refusal before the shadow is changed; afterwards what broke, the shadow marked incomplete. */
export async function sync(options: SyncOptions): Promise<SyncResult> {
  refuseUnsafeTarget('sync', options.shadowUrl, options.environment);
  const shadow = await connectShadow(options);
  const { mostRestarts, signal } = options;
  const open = (either: AbortSignal) => openSource(options, either);
  try {
    return await withSnapshot({ mostRestarts, signal, open, onRestart: onceMore(options) }, (attempt) =>
      syncInto(shadow, { options, ...attempt }),
    );
  } catch (error) {
    if (options.signal.aborted) throw new ShapecastError('INTERRUPTED', { what: 'sync' });
    throw error;
  } finally {
    await endQuickly(shadow);
  }
}

interface Run extends Attempt {
  readonly options: SyncOptions;
}

async function syncInto(shadow: pg.Client, run: Run): Promise<SyncResult> {
  const { options, snapshot } = run;
  const hash = createKeyedHash(options.key);
  await refuseShadow(shadow, run);
  const { rules } = options;
  const { plan, counts, tools, source } = await planSource(snapshot, { ...options, hash, isFirst: run.restarts === 0 });
  const planned = {
    runId: options.runId,
    rulesSha256: options.rulesSha256,
    rules: options.rulesOrigin,
    tables: describeTables(plan.tables, counts.rows),
    empty: [...plan.empty],
    restarts: run.restarts,
  };
  tellPlan(planned, options);
  const dumped = { url: options.sourceUrl, snapshotId: snapshot.snapshotId, signal: run.signal };
  const { preData, postData } = await readSchema(tools, { ...dumped, reviewedStrings: rules.reviewedStrings });
  options.log('schema: read, no literal looks like personal data');
  if (options.dryRun) return { ...planned, status: 'planned', sequences: null };
  const sourceSha256 = await readIdentitySha256(source);
  const copied = await replaceShadow(shadow, { ...run, plan, counts, tools, hash, preData, sourceSha256 });
  const digests = options.keepDigests === null ? null : await takeDigests({ ...options, ...plan, clients: snapshot.clients });
  if (digests !== null) options.log(`digests: taken of ${digests.columns.length} columns`);
  const states = await readSequences(source);
  // Nobody waits for the snapshot any more; holding it would hold back vacuum in production.
  await snapshot.close();
  const script = { url: options.shadowUrl, signal: run.signal };
  await runScript(tools, { ...script, sql: postData, what: 'creating keys, indexes and references' });
  await refuseNewOrphans(shadow, plan, counts.orphans);
  const sequences = await setSequences(shadow, states);
  options.log(`keys, indexes and references: made and valid; ${sequences} sequences set`);
  await analyze(shadow);
  await completeShadow(shadow);
  options.log('complete');
  if (digests !== null) options.keepDigests?.(digests);
  const rows = new Map(copied.map((table) => [table.table, table.rows]));
  return {
    ...planned,
    tables: planned.tables.map((table) => ({ ...table, rows: rows.get(table.table) ?? null })),
    status: 'complete',
    sequences,
  };
}

/** All that can be refused for the sake of the shadow, before the source is asked for its plan. */
async function refuseShadow(shadow: pg.Client, { options, snapshot }: Run): Promise<void> {
  const [source] = snapshot.clients;
  if (source === undefined) throw new ShapecastError('BUG', { what: 'a snapshot without a connection' });
  await refuseSameDatabase(source, shadow);
  await claimShadow(shadow);
  await refuseForeignShadow(shadow, options.replace);
  const shadowMajor = await readServerMajor(shadow);
  options.log(`shadow: PostgreSQL ${shadowMajor}`);
  refuseOlderShadow(snapshot.serverMajor, shadowMajor);
  await refuseMissingExtensions(source, shadow);
}

interface Replacement extends Run {
  readonly plan: SyncPlan;
  readonly counts: RowCounts;
  readonly tools: ClientTools;
  readonly hash: KeyedHash;
  readonly preData: string;
  readonly sourceSha256: string;
}

/** From the empty database to all masked rows, without keys. */
async function replaceShadow(shadow: pg.Client, work: Replacement): Promise<CopiedTable[]> {
  const { options, snapshot, plan, counts, hash, signal, fail } = work;
  const { runId, toolVersion, rulesSha256, rulesOrigin } = options;
  const rulesCommit = rulesOrigin.state === 'committed' ? rulesOrigin.commit : null;
  await endGhosts(shadow);
  await beginShadow(shadow, { runId, toolVersion, rulesSha256, rulesCommit, sourceSha256: work.sourceSha256 });
  options.log('shadow: emptied and marked incomplete');
  await runScript(work.tools, { url: options.shadowUrl, sql: work.preData, what: 'creating the tables', signal });
  const progress = options.startProgress(
    'copy',
    plan.tables.reduce((sum, table) => sum + chosenBytes(table, counts.rows), 0),
    'bytes',
  );
  let bytes = 0;
  const counted: Progress = {
    ...progress,
    advance: (amount, current) => {
      bytes += amount;
      progress.advance(amount, current);
    },
  };
  const writers: pg.Client[] = [];
  try {
    for (const _ of snapshot.clients) writers.push(await connectShadow(options));
    const pairs = snapshot.clients.flatMap((source, at) => {
      const writer = writers[at];
      return writer === undefined ? [] : [{ source, shadow: writer }];
    });
    const onCopied = (table: string, rows: number) => options.log(`copied ${table}: ${rows} rows`);
    return await copyTables({ tables: plan.tables, pairs, hash, signal, fail, progress: counted, onCopied });
  } finally {
    // A page holds more than its values and less than their text: the total was a guess, unless the work broke off.
    progress.finish(signal.aborted ? undefined : bytes);
    await Promise.all(writers.map(endQuickly));
  }
}

function openSource(options: SyncOptions, signal: AbortSignal): Promise<Snapshot> {
  return openSnapshot(options.sourceUrl, {
    readers: options.jobs,
    statementTimeoutMs: options.statementTimeoutMs,
    lockTimeoutMs: LOCK_TIMEOUT_MS,
    applicationName: 'shapecast sync',
    signal,
  });
}

async function connectShadow({ shadowUrl }: SyncOptions): Promise<pg.Client> {
  const settings: ConnectOptions = { applicationName: 'shapecast sync', lockTimeoutMs: LOCK_TIMEOUT_MS };
  const client = await connect(shadowUrl, settings);
  await endWithClient(client);
  // A crash of the shadow's server costs a run that starts clean anyway.
  await runQuery(client, 'preparing the session', 'set synchronous_commit = off');
  return client;
}

async function analyze(shadow: pg.Client): Promise<void> {
  // The last commit of a run has to be on the disk before the shadow counts as complete.
  await runQuery(shadow, 'preparing the session', 'set synchronous_commit = on');
  await runQuery(shadow, 'analysing the shadow', 'analyze');
}

/** A connection in the middle of a COPY does not answer; two seconds are enough for one that does. */
async function endQuickly(client: pg.Client): Promise<void> {
  await Promise.race([client.end().catch(() => undefined), sleep(2000, undefined, { ref: false })]);
}
