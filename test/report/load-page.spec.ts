// The page of a load test: all there is of a stage is on it, and names from outside are text, in tables and in pictures.
import { loadPage } from '../../report/load-page.ts';
import type { LoadResult } from '../../spec/load-result.ts';

const hostile = '"><script>alert(1)</script>';
const latency = { p50: 2, p90: 4, p95: 5, p99: 9, p999: 12.5, max: 13 };

const makeResult = (isMet: boolean): LoadResult => ({
  format: 'shapecast-load-result',
  version: 2,
  scenario: hostile,
  targets: [`http://localhost/${hostile}`],
  startedAt: '2026-01-31T12:00:00.000Z',
  completedAt: '2026-01-31T12:00:03.000Z',
  tool: '0.1.0',
  status: isMet ? 'passed' : 'failed',
  stages: [
    {
      name: hostile,
      connections: 5,
      ratePerSecond: 100,
      seconds: 3.01,
      answered: 290,
      answeredPerSecond: 96.3,
      bytesPerSecond: 1000,
      statusCodes: { 200: 290 },
      connectionErrors: 0,
      timeouts: 0,
      unanswered: 0,
      errorFraction: 0,
      latencyMs: latency,
      measuredMs: latency,
      timeline: {
        secondsEach: 1,
        intervals: [0, 1, 2].map((second) => ({
          second,
          counted: second === 1 ? 0 : 145,
          errors: second,
          latencyMs: second === 1 ? null : latency,
          bins:
            second === 1
              ? []
              : [
                  { upToMs: 5, count: 140 },
                  { upToMs: null, count: 5 },
                ],
        })),
      },
      requests: [{ name: hostile, answered: 290, timeouts: 0, errorFraction: 0.5, latencyMs: latency }],
      flows: [{ name: hostile, completed: 1, broken: 2, unfinished: 3 }],
      server: {
        database: {
          figures: {
            commits: 300,
            rollbacks: 0,
            blocksHit: 999,
            blocksRead: 1,
            cacheHitFraction: 0.999,
            rowsReturned: 12_345,
            rowsFetched: 10,
            temporaryFiles: 0,
            temporaryBytes: 0,
            deadlocks: 0,
          },
          statements: [{ name: hostile, calls: 300, meanMs: 1.5, totalMs: 450, rows: 900, sharedHit: 1000, sharedRead: 1 }],
          waits: [1, 2].map((second) => ({ second, sessions: { running: 2, [hostile]: 1 } })),
          missedSamples: 0,
        },
        gateway: {
          samples: [1, 2].map((second) => ({ second, open: 5, idle: 1, queue: 3 })),
          statements: 300,
          meanWaitMs: 1.2,
          missedSamples: 0,
        },
      },
      assertions: [{ text: hostile, found: hostile, isMet }],
    },
  ],
});

test('every part of a stage is there, with five pictures', () => {
  const page = loadPage(makeResult(false));

  expect(page.match(/<svg /g)).toHaveLength(5);
  for (const text of [
    '✗ an assertion does not hold',
    '>12.5<',
    '99.90 %',
    '12,345',
    'waited 1.2 ms',
    'unfinished',
    'since a request was due',
  ])
    expect(page).toContain(text);
  expect(loadPage(makeResult(true))).toContain('✓ every assertion holds');
});

test('sessions that were idle at every sample are said instead of drawn', () => {
  const result = makeResult(true);
  for (const sample of result.stages[0]?.server?.database?.waits ?? []) sample.sessions = {};
  const page = loadPage(result);

  expect(page).toContain('None was at work at any of 2 samples.');
  expect(page.match(/<svg /g)).toHaveLength(4);
});

test('no name from outside is anything but text, and there is no script', () => {
  const page = loadPage(makeResult(true));

  expect(page).not.toMatch(/<script|onload=|javascript:|NaN|undefined/);
  expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(8);
});
