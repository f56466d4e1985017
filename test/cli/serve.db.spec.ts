// serve as a process: it says where it listens, answers, and Ctrl-C ends it with 0. Its guards and its options.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { withDatabase } from '../support/database.ts';
import { createBench, type TestBench } from './test-context.ts';

const program = path.resolve(import.meta.dirname, '../../bin/shapecast.js');

let bench: TestBench;
beforeEach(() => {
  bench = createBench();
  fs.writeFileSync(path.join(bench.folder, 'w.sql'), '-- name: rooms\n-- :room = hot of notes.room\nselect :room::int as room;');
});
afterEach(() => bench.remove());

test.each(['SIGINT', 'SIGTERM'] as const)('listens, answers, and %s drains and ends it', async (signal) => {
  await withDatabase('create table notes (room int); insert into notes values (7)', async (url) => {
    const argv = ['serve', '--target', url, '--workload', 'w.sql', '--port', '0', '--metrics-port', '0'];
    const child = spawn(process.execPath, [program, ...argv], { cwd: bench.folder, env: { PATH: process.env.PATH } });
    const ended = once(child, 'exit');
    let stdout = '';
    for await (const chunk of child.stdout) {
      stdout += String(chunk);
      if (stdout.includes('/metrics')) break;
    }
    const address = (label: string) => new RegExp(`^${label} +(\\S+)$`, 'm').exec(stdout)?.[1] ?? '';

    const answer = await fetch(`${address('queries')}/queries/rooms?room=hot`);
    const metrics = await fetch(address('metrics'));

    expect(await answer.json()).toEqual({ rows: [{ room: 7 }] });
    expect(await metrics.text()).toContain('shapecast_request_seconds');
    expect(stdout).toContain('/queries/rooms');
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
  });
});

test.each([
  ['on production', [], { NODE_ENV: 'production' }, 'error PRODUCTION_REFUSED'],
  ['a target off the list', ['--target', 'postgresql://db.example/app'], {}, 'error HOST_REFUSED'],
  ['a port that is none', ['--port', '70000'], {}, 'error OPTION_INVALID: --port'],
  ['a pool without sessions', ['--connections', '0'], {}, 'error OPTION_INVALID: --connections'],
  ['a bearer that can be guessed', [], { METRICS_BEARER: 'short' }, 'error OPTION_INVALID: METRICS_BEARER'],
])('refuses %s', async (_what, argv, environment, text) => {
  const { status, stderr } = await bench.run(['serve', '--workload', 'w.sql', ...argv], environment);

  expect([status, stderr.startsWith(text)]).toEqual([2, true]);
  expect(stderr).not.toContain('short');
});
