// What the evidence log takes from the documents that commands make: digests, counts and the verdict.
import path from 'node:path';
import { sha256Hex } from '../core/canonical-json.ts';
import type { EvidenceFacts } from '../spec/evidence.ts';
import type { Explanation } from '../spec/explanation.ts';
import type { LoadResult } from '../spec/load-result.ts';
import type { Pack } from '../spec/pack.ts';
import type { PurgeResult } from '../spec/purge-result.ts';
import type { Recheck } from '../spec/recheck.ts';
import type { Report } from '../spec/report.ts';
import type { RunRecord } from '../spec/run-record.ts';
import type { TeardownResult } from '../spec/teardown-result.ts';

/** Of a pack and the very text of it that was written. */
export function factsOfPack(pack: Pack, text: string): EvidenceFacts {
  return {
    hashes: { pack: sha256Hex(text) },
    counts: { tables: pack.structure.tables.length, marginals: pack.marginals.length },
  };
}

export function factsOfReport({ runId, planId, fingerprint, tables, rowsLoaded, status }: Report): EvidenceFacts {
  return { hashes: { planId, fingerprint }, counts: { tables: tables.length, rows: rowsLoaded }, verdict: status, runs: [runId] };
}

export function factsOfRunRecord({ report, tables, verdicts, status }: RunRecord): EvidenceFacts {
  return {
    hashes: { planId: report.planId, fingerprint: report.fingerprint },
    counts: {
      tables: tables.length,
      rows: tables.reduce((sum, { rowsFound }) => sum + (rowsFound ?? 0), 0),
      questions: verdicts.length,
      failures: verdicts.filter(({ passed }) => !passed).length,
    },
    verdict: status,
    runs: [report.runId],
  };
}

export function factsOfRecheck({ against: { planId, fingerprint }, tables, status }: Recheck): EvidenceFacts {
  return {
    hashes: { ...(planId === null ? {} : { planId }), ...(fingerprint === null ? {} : { fingerprint }) },
    counts: { tables: tables.length, differentTables: tables.filter(({ verdict }) => verdict === 'different').length },
    verdict: status,
  };
}

export function factsOfExplanation({ changes = [], queries }: Explanation, isPassed: boolean): EvidenceFacts {
  const assertions = queries.flatMap((query) => query.assertions);
  return {
    counts: {
      queries: queries.length,
      failures: queries.filter(({ state }) => state === 'failed').length,
      assertions: assertions.length,
      unmetAssertions: assertions.filter(({ isMet }) => !isMet).length,
      otherPlans: changes.filter(({ state }) => state === 'changed' || state === 'lost').length,
    },
    verdict: isPassed ? 'passed' : 'failed',
  };
}

/** Targets of a load test by host and port alone: a URL may hold more. */
export function factsOfLoadResult({ targets, stages, status }: LoadResult): EvidenceFacts {
  return {
    target: targets.map((target) => new URL(target).host).join(', '),
    counts: { stages: stages.length, answered: stages.reduce((sum, { answered }) => sum + answered, 0) },
    verdict: status,
  };
}

/** The receipt: what went, by name, and whether the server was asked afterwards and said so. */
export function factsOfTeardown(result: TeardownResult): EvidenceFacts {
  const { outcome, runs, drop, empty, objects, putBack, kept, files, proof, database } = result;
  const isDone = outcome === 'removed' || outcome === 'incomplete' || database === 'dropped';
  const counts = {
    dropped: drop.length,
    emptied: empty.length,
    rows: [...drop, ...empty].reduce((sum, { rows }) => sum + (rows ?? 0), 0),
    objects: objects.length,
    putBack: putBack.length,
    files: files.length,
  };
  if (!isDone) return { runs, verdict: outcome, counts };
  const receipt = {
    dropped: [...drop.map(({ name }) => name), ...objects, ...(database === 'dropped' ? ['the database'] : [])],
    emptied: empty.map(({ name }) => name),
    kept,
    files,
    isProven: proof.length === 0 ? null : proof.every(({ passed }) => passed),
  };
  return { runs, verdict: outcome, counts, receipt };
}

/** A purge by its counts; the receipt names the files that went. */
export function factsOfPurge({ dryRun, removed, kept, left, failed }: PurgeResult): EvidenceFacts {
  const counts = { removed: removed.length, kept: kept.length, left: left.length, failed: failed.length };
  if (dryRun) return { counts, verdict: 'planned' };
  const files = removed.map(({ what, file }) => `${what} ${path.basename(file)}`);
  const receipt = { dropped: [], emptied: [], kept: [], files, isProven: failed.length === 0 };
  return { counts, receipt, verdict: failed.length === 0 ? 'purged' : 'incomplete' };
}
