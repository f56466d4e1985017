// loadtest beside a gateway on a server with pg_stat_statements: what the database and the pool tell of the same seconds, and that no
// literal of a statement does.
import fs from 'node:fs';
import path from 'node:path';
import { serveWorkload } from '../../loadtest/serve.ts';
import { connect } from '../../postgres/connect.ts';
import { startEmbeddedServer } from '../../postgres/embedded-server.ts';
import { loadResultSchema } from '../../spec/load-result.ts';
import { parseWorkload } from '../../spec/workload.ts';
import { createBench } from '../cli/test-context.ts';

const WORKLOAD = `
-- name: notes of a room
-- :room = hot of notes.room
select id, 'canary-4711' as label from notes where room = :room order by id limit 3;
-- name: sleeps
select pg_sleep(0.5);`;

test('figures of the database, its statements by name, its waits and the pool come into the result and the page', async () => {
  const bench = createBench();
  const server = await startEmbeddedServer({ settings: { fsync: 'off', shared_preload_libraries: 'pg_stat_statements' } });
  try {
    await server.createDatabase('watched');
    const url = server.url('watched');
    const client = await connect(url, { applicationName: 'test' });
    await client.query('set search_path = public');
    await client.query('create extension pg_stat_statements schema public');
    await client.query(
      'create table notes (id int primary key, room int); insert into notes select g, g % 7 from generate_series(1, 5000) g',
    );
    await client.query('analyze notes');
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
    fs.writeFileSync(path.join(bench.folder, 'w.sql'), WORKLOAD);
    const requests = ['/queries/notes-of-a-room?room=hot', '/queries/sleeps'].map((each) => ({ name: each, path: each }));
    const stages = [{ connections: 3, durationSeconds: 3 }];
    fs.writeFileSync(
      path.join(bench.folder, 's.json'),
      JSON.stringify({ name: 's', targets: [gateway.address], requests, stages }),
    );
    const metrics = `${gateway.metricsAddress}/metrics`;
    const flags = ['--server', url, '--workload', 'w.sql', '--metrics', metrics, '--json'];

    const ended = await bench.run(['loadtest', '--scenario', 's.json', ...flags]);
    await gateway.stop();
    await client.end();

    expect(ended.status).toBe(0);
    const [stage] = loadResultSchema.parse(JSON.parse(ended.stdout)).stages;
    const names = stage?.server?.database?.statements?.map(({ calls, name }) => [name, calls > 0]);
    expect(names).toEqual(
      expect.arrayContaining([
        ['notes of a room', true],
        ['sleeps', true],
      ]),
    );
    const notes = stage?.server?.database?.statements?.find(({ name }) => name === 'notes of a room');
    expect(notes).toMatchObject({ calls: stage?.requests[0]?.answered, rows: 3 * (notes?.calls ?? 0) });
    expect(notes?.sharedHit).toBeGreaterThan(0);
    // A session that sleeps waits for the clock.
    expect(stage?.server?.database?.waits.some(({ sessions }) => (sessions.Timeout ?? 0) > 0)).toBe(true);
    expect(stage?.server?.gateway?.samples.some(({ queue }) => queue > 0)).toBe(true);
    expect(stage?.server?.gateway?.meanWaitMs).toBeGreaterThan(100);
    const page = fs.readFileSync(path.join(bench.folder, 'loadtest/results/autocannon-20260131T120000Z.html'), 'utf8');
    expect(page).toContain('<td>notes of a room</td>');
    expect(page).toContain('What sessions wait for over time in stage 1');
    expect(page + ended.stdout + ended.stderr).not.toContain('canary-4711');
  } finally {
    await server.stop();
    bench.remove();
  }
});

test('the database is guarded as every target is, before anything is sent', async () => {
  const bench = createBench();
  const flags = ['--server', 'postgresql://me:hunter2@db.example/prod'];
  const refused = await bench.run(['loadtest', ...flags]);
  const unreadable = await bench.run(['loadtest', '--server', 'hunter2']);
  bench.remove();

  expect([refused.status, unreadable.status]).toEqual([2, 2]);
  expect(refused.stderr).toContain('error HOST_REFUSED');
  expect(unreadable.stderr).toContain('error URL_INVALID');
  expect(refused.stderr + unreadable.stderr).not.toContain('hunter2');
});
