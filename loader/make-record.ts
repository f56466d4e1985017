// The run record put together from what the questions brought.
import { newRunId, toolCommit, toolVersion } from '../core/tool.ts';
import type { Report } from '../spec/report.ts';
import type { MeasuredDistribution, PrewarmResult, RunRecord, Verdict } from '../spec/run-record.ts';
import { judgeDistributions } from './judge-distributions.ts';
import type { TargetTable } from './target-tables.ts';

export interface RecordInput {
  readonly run: Pick<RunRecord, 'operator' | 'target' | 'serverVersion' | 'schema'> & {
    readonly startedAt: Date;
    readonly completedAt: Date;
    readonly steps: readonly RunRecord['steps'][number][];
  };
  readonly report: Report;
  readonly tables: readonly TargetTable[];
  readonly findings: {
    readonly marker: Verdict;
    readonly counts: { readonly verdicts: readonly Verdict[]; readonly rows: ReadonlyMap<string, number> };
    readonly integrity: readonly Verdict[];
    readonly content: { readonly verdicts: readonly Verdict[]; readonly hashes: ReadonlyMap<string, string> };
    readonly distributions: readonly MeasuredDistribution[];
    readonly warmed: PrewarmResult;
  };
}

/** Pure but for the run id and the tool's own version. `passed` only when every verdict is. */
export function makeRecord({ run, report, tables, findings }: RecordInput): RunRecord {
  const { marker, counts, integrity, content, distributions, warmed } = findings;
  const { startedAt, completedAt, steps, ...about } = run;
  const judged = judgeDistributions(distributions);
  const verdicts = [judgeReport(report), marker, ...counts.verdicts, ...integrity, ...content.verdicts, ...judged];
  return {
    format: 'shapecast-run',
    version: 1,
    command: 'load',
    runId: newRunId(),
    tool: toolVersion(),
    commit: toolCommit(),
    ...about,
    startedAt: startedAt.toISOString(),
    completedAt: completedAt.toISOString(),
    durationMs: Math.max(0, completedAt.getTime() - startedAt.getTime()),
    report: describeReport(report),
    tables: tables.map(({ key, expected }) => ({
      name: key,
      rowsExpected: expected.rows,
      rowsFound: counts.rows.get(key) ?? null,
      contentHash: content.hashes.get(key) ?? null,
    })),
    verdicts,
    distributions: [...distributions],
    prewarm: warmed,
    steps: [...steps],
    status: verdicts.every((verdict) => verdict.passed) ? 'passed' : 'failed',
  };
}

function judgeReport(report: Report): Verdict {
  return {
    question: 'report',
    subject: report.runId,
    passed: report.status === 'completed',
    expected: 'completed',
    found: report.status,
  };
}

function describeReport(report: Report): RunRecord['report'] {
  const { runId, spec, band, scale, seed, planId, fingerprint } = report;
  return { runId, spec, band, scale, seed, planId, fingerprint };
}
