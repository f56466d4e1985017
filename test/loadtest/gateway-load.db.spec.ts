// A load test against the gateway: a rate that it holds passes, one that it cannot hold fails, and Ctrl-C ends it.
import { silentProgress } from '../../core/progress.ts';
import { runLoadTest } from '../../loadtest/run-loadtest.ts';
import { serveWorkload } from '../../loadtest/serve.ts';
import { parseLoadScenario } from '../../spec/load-scenario.ts';
import { parseWorkload } from '../../spec/workload.ts';
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

const load = (address: string, stage: object, signal = new AbortController().signal) =>
  runLoadTest({
    scenario: parseLoadScenario(
      JSON.stringify({
        name: 'slow',
        targets: [address],
        requests: ['hot', 'cold'].map((rank) => ({ name: rank, path: `/queries/slow?id=${rank}` })),
        stages: [{ connections: 2, ...stage }],
        assertions: { p99Ms: 1500, maxErrorFraction: 0 },
      }),
      's.json',
    ),
    scenarioFolder: '.',
    environment: {},
    now: () => new Date('2026-01-31T12:00:00Z'),
    startProgress: () => silentProgress,
    signal,
  });

test('within what it can do it passes; above it, latency since due fails the assertion that latency since sent would meet', async () => {
  await withGateway(async (address) => {
    const held = await load(address, { durationSeconds: 2, ratePerSecond: 2 });
    // One session answers 20 a second at most.
    const missed = await load(address, { durationSeconds: 3, ratePerSecond: 80 });

    expect(held.status).toBe('passed');
    expect(held.stages[0]?.statusCodes).toEqual({ 200: held.stages[0]?.answered });
    expect(missed.status).toBe('failed');
    expect(missed.stages[0]?.assertions.filter(({ isMet }) => !isMet).map(({ text }) => text)).toEqual(['p99 <= 1500 ms']);
    expect(missed.stages[0]?.measuredMs?.p99).toBeLessThan(missed.stages[0]?.latencyMs?.p99 ?? 0);
  });
});

test('Ctrl-C ends it before its time', async () => {
  await withGateway(async (address) => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 500);

    await expect(load(address, { durationSeconds: 600 }, abort.signal)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
