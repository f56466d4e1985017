// The run record put together from what the questions brought.
import { newRunId, toolCommit, toolVersion } from '../core/tool.ts';
import { namedRecord } from '../spec/named-record.ts';
import type { Report } from '../spec/report.ts';
import type { MeasuredDistribution, PrewarmResult, RunRecord, Validity, Verdict } from '../spec/run-record.ts';
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
    readonly statistics: readonly Verdict[];
    readonly counts: { readonly verdicts: readonly Verdict[]; readonly rows: ReadonlyMap<string, number> };
    readonly integrity: readonly Verdict[];
    readonly validity: { readonly verdicts: readonly Verdict[]; readonly validity: Validity };
    readonly content: { readonly verdicts: readonly Verdict[]; readonly hashes: ReadonlyMap<string, string> };
    readonly distributions: readonly MeasuredDistribution[];
    readonly warmed: PrewarmResult;
  };
}

/** Pure but for the run id and the tool's own version. `passed` only when every verdict is. */
export function makeRecord({ run, report, tables, findings }: RecordInput): RunRecord {
  const { counts, content, distributions, validity, warmed } = findings;
  const { startedAt, completedAt, steps, ...about } = run;
  const verdicts = listVerdicts(report, findings);
  const failed = verdicts.filter((verdict) => !verdict.passed);
  const tool = toolVersion();
  return {
    format: 'shapecast-run',
    version: 1,
    command: 'load',
    runId: newRunId(),
    tool,
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
    validity: validity.validity,
    generation: describeGeneration(report),
    versions: { tool, node: process.version, server: run.serverVersion, generatedBy: describeMaker(report) },
    rowsLoaded: [...counts.rows.values()].reduce((sum, rows) => sum + rows, 0),
    errors: failed.map(
      ({ expected, found, question, subject }) => `${question}: ${subject}: expected ${expected}, found ${found}`,
    ),
    steps: [...steps],
    status: failed.length === 0 ? 'passed' : 'failed',
  };
}

/** In the order of LOAD_QUESTIONS. */
function listVerdicts(report: Report, findings: RecordInput['findings']): Verdict[] {
  const { content, counts, distributions, integrity, marker, statistics, validity } = findings;
  return [
    judgeReport(report),
    marker,
    ...statistics,
    ...counts.verdicts,
    ...integrity,
    ...validity.verdicts,
    ...content.verdicts,
    ...judgeDistributions(distributions),
  ];
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

function describeGeneration(report: Report): RunRecord['generation'] {
  const { band, completedAt, durationMs, scale, seed, spec, startedAt, tables, workers } = report;
  const counts = namedRecord(tables.map(({ name, rows }) => [name, rows] as const));
  return { spec, band, scale, seed, workers, counts, startedAt, completedAt, durationMs };
}

function describeMaker({ commit, serverVersion, tool }: Report): NonNullable<RunRecord['versions']>['generatedBy'] {
  return { tool, commit, server: serverVersion };
}
