// A load test against the gateway: a rate that it holds passes, one that it cannot hold fails, and Ctrl-C ends it.
import fs from 'node:fs';
import path from 'node:path';
import { silentProgress } from '../../core/progress.ts';
import { runLoadTest } from '../../loadtest/run-loadtest.ts';
import { serveWorkload } from '../../loadtest/serve.ts';
import { loadResultSchema, type StageResult } from '../../spec/load-result.ts';
import { parseLoadScenario } from '../../spec/load-scenario.ts';
import { parseWorkload } from '../../spec/workload.ts';
import { createBench } from '../cli/test-context.ts';
import { withDatabase } from '../support/database.ts';

const WORKLOAD = `
  -- name: slow
  -- :id = hot | cold of notes.id
  select pg_sleep(0.05), count(*) from notes where id = :id;`;

async function withGateway(action: (address: string) => Promise<void>): Promise<void> {
  await withDatabase('create table notes (id int); insert into notes values (1), (1), (2)', async (url) => {
    const gateway = await serveWorkload({
      url,
      workload: parseWorkload(WORKLOAD, 'w.sql'),
      file: 'w.sql',
      host: '127.0.0.1',
      port: 0,
      metricsPort: 0,
      metricsBearer: null,
      connections: 1,
      statementTimeoutMs: 10_000,
    });
    try {
      await action(gateway.address);
    } finally {
      await gateway.stop();
    }
  });
}

const scenarioOf = (address: string, stage: object) => ({
  name: 'slow',
  targets: [address],
  requests: ['hot', 'cold'].map((rank) => ({ name: rank, path: `/queries/slow?id=${rank}` })),
  stages: [{ connections: 2, ...stage }],
  assertions: { p99Ms: 1500, maxErrorFraction: 0 },
});

async function run(scenario: object): Promise<{ readonly status: number; readonly stage: StageResult | undefined }> {
  const bench = createBench();
  try {
    fs.writeFileSync(path.join(bench.folder, 's.json'), JSON.stringify(scenario));
    const { status, stdout } = await bench.run(['loadtest', '--scenario', 's.json', '--json']);
    return { status, stage: loadResultSchema.parse(JSON.parse(stdout)).stages[0] };
  } finally {
    bench.remove();
  }
}

test('within what it can do it ends with 0; above it, latency since due fails the assertion that latency since sent would meet, and it ends with 1', async () => {
  await withGateway(async (address) => {
    const held = await run(scenarioOf(address, { durationSeconds: 2, ratePerSecond: 2 }));
    // One session answers 20 a second at most.
    const missed = await run(scenarioOf(address, { durationSeconds: 3, ratePerSecond: 80 }));

    expect([held.status, missed.status]).toEqual([0, 1]);
    expect(held.stage?.statusCodes).toEqual({ 200: held.stage?.answered });
    expect(missed.stage?.assertions.filter(({ isMet }) => !isMet).map(({ text }) => text)).toEqual(['p99 <= 1500 ms']);
    expect(missed.stage?.measuredMs?.p99).toBeLessThan(missed.stage?.latencyMs?.p99 ?? 0);
    const medians =
      missed.stage?.timeline.intervals.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs.p50])) ?? [];
    // It falls ever further behind.
    expect(medians.length).toBeGreaterThan(1);
    expect(medians).toEqual([...medians].sort((left, right) => left - right));
  });
});

test('Ctrl-C ends it before its time', async () => {
  await withGateway(async (address) => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 500);

    const scenario = parseLoadScenario(JSON.stringify(scenarioOf(address, { durationSeconds: 600 })), 's.json');
    const running = runLoadTest({
      scenario,
      scenarioFolder: '.',
      environment: {},
      now: () => new Date('2026-01-31T12:00:00Z'),
      startProgress: () => silentProgress,
      signal: abort.signal,
    });

    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
