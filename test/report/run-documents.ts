// Documents of a run made by hand, every name in them the same: for pages whose names are hostile.
import type { RunDocuments } from '../../report/run-report.ts';
import { comparisonSchema } from '../../spec/compare.ts';
import { explanationSchema } from '../../spec/explanation.ts';
import { loadResultSchema } from '../../spec/load-result.ts';
import { reportSchema } from '../../spec/report.ts';
import { runRecordSchema } from '../../spec/run-record.ts';

/** What a schema or a workload could be called to break a page; U+202E turns the direction of what follows. */
export const HOSTILE_NAME = `<script>alert("1")</script>]]>'--></style><img src=x onerror="x()">&amp;\u202eevil`;

const ID = 'ab'.repeat(32);
const QUANTILES = { p50: 1, p95: 12, p99: 50, max: 4321 };
const LATENCY = { p50: 2, p90: 3, p95: 4, p99: 77.25, p999: 80, max: 90 };
const MADE = { startedAt: '2026-01-31T12:00:00.000Z', completedAt: '2026-01-31T12:01:00.000Z', durationMs: 60_000 };
const WHO = { tool: 'shapecast 0.1.0', commit: null, operator: 'somebody' };

/** All five documents, of one run; every table, column, query and stage has this name. */
export function makeRunDocuments(name: string): { [Name in keyof RunDocuments]: NonNullable<RunDocuments[Name]> } {
  const identity = { runId: 'run-1', spec: name, band: 'dev', scale: 1, seed: name, planId: ID, fingerprint: ID };
  return {
    report: reportSchema.parse({
      format: 'shapecast-report',
      version: 1,
      ...identity,
      ...WHO,
      ...MADE,
      target: name,
      serverVersion: '18',
      workers: 1,
      rowsLoaded: 12_345,
      rowsPerSecond: 6789,
      tables: [
        {
          name,
          rows: 12_345,
          bytes: 5000,
          contentHash: 'ab'.repeat(8),
          hashedColumns: [name],
          references: [
            {
              columns: [name],
              table: name,
              to: [name],
              isVirtual: true,
              nulls: 0,
              degrees: QUANTILES,
              mode: { kind: 'chance', reason: name, by: [name] },
            },
          ],
          columns: [],
          joint: { profiles: 1, marginals: [{ axes: [name], before: 0.5, after: 0.125, unused: null }] },
        },
      ],
      errors: [name],
      warnings: [{ path: name, message: name }],
      status: 'completed',
    }),
    run: runRecordSchema.parse({
      format: 'shapecast-run',
      version: 1,
      command: 'load',
      ...WHO,
      startedAt: '2026-01-31T12:02:00.000Z',
      completedAt: '2026-01-31T12:02:10.000Z',
      durationMs: 10_000,
      runId: 'run-2',
      target: name,
      serverVersion: '18.1',
      report: identity,
      schema: name,
      tables: [{ name, rowsExpected: 12_345, rowsFound: 12_344, contentHash: null }],
      verdicts: [
        { question: 'count', subject: name, passed: false, expected: '12345', found: '12344' },
        { question: 'integrity', subject: name, passed: true, expected: '0', found: '0' },
      ],
      distributions: [{ subject: name, measure: 'degree', expected: QUANTILES, found: { ...QUANTILES, max: 4322 } }],
      prewarm: { relations: 0, bytes: 0, reason: name },
      steps: [{ name: 'count', durationMs: 10 }],
      status: 'failed',
    }),
    comparison: comparisonSchema.parse({
      format: 'shapecast-comparison',
      version: 1,
      limit: 0.03,
      marginals: [{ table: name, axis: name, reference: 10, candidate: 10, totalVariation: 0.4321, floor: 0.0123 }],
      tables: [
        {
          table: name,
          referenceRows: 2000,
          candidateRows: 2001,
          marginals: 1,
          meanTotalVariation: 0.4321,
          meanFloor: 0.0123,
          worst: { axis: name, totalVariation: 0.4321 },
          isJudged: true,
          isOk: false,
        },
      ],
      pairTables: [{ table: name, pairs: 1, missing: 0, meanTotalVariation: 0.1, meanFloor: 0.1, worst: null }],
      missing: [name],
      drift: [{ change: 'added', what: 'table', path: name, message: name }],
      isOk: false,
    }),
    explanation: explanationSchema.parse({
      format: 'shapecast-explanation',
      version: 1,
      mode: 'measured',
      serverMajor: 18,
      settings: { work_mem: name },
      queries: [
        {
          name,
          binding: name,
          weight: 1,
          state: 'explained',
          reason: null,
          fingerprint: 'ab',
          nodes: [{ depth: 0, label: `Seq Scan on ${name}`, isPartial: false, estimatedRows: 10, actualRows: 4000 }],
          figures: { runs: 1, p50Ms: 5.25, p95Ms: 6.5, buffers: 777, readBlocks: 0, spilledBlocks: 0, cost: 1 },
          assertions: [{ text: `uses ${name}`, isMet: false, found: name }],
        },
      ],
      whatIf: [
        {
          statement: name,
          how: 'built',
          pages: 1,
          changes: [{ name, binding: '', costRatio: 0.5, latencyRatio: null, difference: [] }],
        },
      ],
      indexes: [{ index: name, table: name, pages: 3, queries: 1, costRatio: 2, helps: true }],
      changes: [
        {
          name,
          binding: '',
          state: 'changed',
          rowsQuotient: null,
          latencyRatio: 3,
          difference: [{ side: 'now', depth: 0, label: `Sort by ${name}` }],
        },
      ],
    }),
    load: loadResultSchema.parse({
      format: 'shapecast-load-result',
      version: 2,
      scenario: name,
      targets: [name],
      startedAt: '2026-01-31T12:03:00.000Z',
      completedAt: '2026-01-31T12:03:10.000Z',
      tool: 'shapecast 0.1.0',
      status: 'failed',
      stages: [
        {
          name,
          connections: 10,
          ratePerSecond: 100,
          seconds: 10,
          answered: 987,
          answeredPerSecond: 98.7,
          bytesPerSecond: 1000,
          statusCodes: { 200: 980, 500: 7 },
          connectionErrors: 1,
          timeouts: 0,
          unanswered: 0,
          errorFraction: 0.01,
          latencyMs: LATENCY,
          measuredMs: { ...LATENCY, p99: 7 },
          timeline: {
            secondsEach: 1,
            intervals: [0, 1].map((second) => ({
              second,
              counted: 490,
              errors: 4,
              latencyMs: LATENCY,
              bins: [{ upToMs: 4, count: 490 }],
            })),
          },
          requests: [{ name, answered: 987, timeouts: 0, errorFraction: 0.01, latencyMs: LATENCY }],
          flows: [{ name, completed: 1, broken: 1, unfinished: 0 }],
          server: null,
          assertions: [{ text: name, found: name, isMet: false }],
        },
      ],
    }),
  };
}
