// A door: the masked rows as a file for psql instead of a shadow database. Rules, refusals and masks are those of sync; what reaches the disk
// went through them first.
import os from 'node:os';
import { ShapecastError } from '../core/errors.ts';
import type { Progress } from '../core/progress.ts';
import { openSnapshot } from '../postgres/read-only-snapshot.ts';
import { refuseProduction } from '../postgres/target-guard.ts';
import type { ShadowDigests } from '../spec/shadow-digests.ts';
import type { SyncResult } from '../spec/sync-result.ts';
import { chosenBytes, describeTables, tellPlan } from './describe-plan.ts';
import { takeDigests } from './digests/take-digests.ts';
import { type WrittenDump, writeDump } from './dump-file.ts';
import { dumpScript, type ScriptWork } from './dump-script.ts';
import { createKeyedHash } from './masks/keyed-hash.ts';
import { planSource, readSchema } from './prepare-source.ts';
import { readIdentitySha256 } from './refuse.ts';
import { type Attempt, onceMore, withSnapshot } from './standby.ts';
import type { RowCounts } from './subset/ask-filters.ts';
import { LOCK_TIMEOUT_MS, type SyncOptions } from './sync.ts';

export interface DumpOptions extends Omit<SyncOptions, 'shadowUrl' | 'replace' | 'jobs'> {
  /** As placeDump gave it. */
  readonly file: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Writes the dump, or with `dryRun` only plans. Throws what sync refuses, and FILE_UNWRITABLE; whatever breaks leaves no file. */
export async function dumpMasked(options: DumpOptions): Promise<SyncResult> {
  refuseProduction('sync', options.environment);
  const open = (signal: AbortSignal) =>
    openSnapshot(options.sourceUrl, {
      readers: 1,
      statementTimeoutMs: options.statementTimeoutMs,
      lockTimeoutMs: LOCK_TIMEOUT_MS,
      applicationName: 'shapecast sync',
      signal,
    });
  const { mostRestarts, signal } = options;
  try {
    return await withSnapshot({ mostRestarts, signal, open, onRestart: onceMore(options) }, async (attempt) => {
      try {
        return await dumpFrom(attempt, { ...options, signal: attempt.signal });
      } catch (error) {
        // A COPY that nobody reads any more is cut off, not waited for.
        attempt.fail();
        throw error;
      }
    });
  } catch (error) {
    if (options.signal.aborted) throw new ShapecastError('INTERRUPTED', { what: 'sync' });
    throw error;
  }
}

async function dumpFrom({ snapshot, restarts }: Attempt, options: DumpOptions): Promise<SyncResult> {
  const { runId, rules, rulesSha256, sourceUrl: url, signal, log } = options;
  const hash = createKeyedHash(options.key);
  const { plan, counts, tools, source } = await planSource(snapshot, { ...options, hash, isFirst: restarts === 0 });
  const planned = {
    runId,
    rulesSha256,
    rules: options.rulesOrigin,
    tables: describeTables(plan.tables, counts.rows),
    empty: [...plan.empty],
    sequences: null,
    restarts,
  };
  tellPlan(planned, options);
  const { reviewedStrings } = rules;
  const schema = await readSchema(tools, { url, snapshotId: snapshot.snapshotId, signal, reviewedStrings });
  log('schema: read, no literal looks like personal data');
  if (options.dryRun) return { ...planned, status: 'planned' };
  const digests: ShadowDigests[] = [];
  const release = async () => {
    if (options.keepDigests !== null) digests.push(await takeDigests({ ...options, ...plan, clients: [source] }));
    await snapshot.close();
  };
  const { written, rows, sequences } = await write({ tables: plan.tables, counts, schema, source, hash, release }, options);
  log(`complete: ${written.bytes} bytes, sha256 ${written.sha256}`);
  for (const one of digests) options.keepDigests?.(one);
  return {
    ...planned,
    tables: planned.tables.map((table) => ({ ...table, rows: rows.get(table.table) ?? null })),
    status: 'complete',
    sequences,
    dump: { file: options.file, ...written, expiresAt: options.expiresAt.toISOString() },
  };
}

type Work = Omit<ScriptWork, 'run' | 'onBytes' | 'onTable' | 'onSequences'> & { readonly counts: RowCounts };

interface Dumped {
  readonly written: WrittenDump;
  readonly rows: ReadonlyMap<string, number>;
  readonly sequences: number;
}

async function write(work: Work, options: DumpOptions): Promise<Dumped> {
  const { runId, toolVersion, rulesSha256, rulesOrigin, log } = options;
  const sourceSha256 = await readIdentitySha256(work.source);
  const rulesCommit = rulesOrigin.state === 'committed' ? rulesOrigin.commit : null;
  const expected = work.tables.reduce((sum, table) => sum + chosenBytes(table, work.counts.rows), 0);
  const progress: Progress = options.startProgress('dump', expected, 'bytes');
  const rows = new Map<string, number>();
  let bytes = 0;
  let sequences = 0;
  const script = dumpScript({
    ...work,
    run: { runId, toolVersion, rulesSha256, rulesCommit, sourceSha256 },
    onBytes: (amount, table) => {
      bytes += amount;
      progress.advance(amount, table);
    },
    onTable: (table, count) => {
      rows.set(table, count);
      log(`dumped ${table}: ${count} rows`);
    },
    onSequences: (count) => {
      sequences = count;
    },
  });
  const [createdAt, expiresAt] = [options.createdAt.toISOString(), options.expiresAt.toISOString()];
  const header = { format: 'shapecast-dump', version: 1, runId, tool: toolVersion, rulesSha256, createdAt, expiresAt } as const;
  try {
    const written = await writeDump(options.file, {
      header: { ...header, processId: process.pid, host: os.hostname().slice(0, 255) },
      script,
      signal: options.signal,
    });
    return { written, rows, sequences };
  } finally {
    progress.finish(options.signal.aborted ? undefined : bytes);
  }
}
