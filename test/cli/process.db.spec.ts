// The command line as a process: what a shell, a signal and a closed pipe see.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { withDatabase } from '../support/database.ts';

const root = path.resolve(import.meta.dirname, '../..');
const program = path.join(root, 'bin/shapecast.js');

function start(argv: readonly string[], environment: NodeJS.ProcessEnv): { child: ChildProcess; stderr: () => string } {
  const child = spawn(process.execPath, [program, ...argv], {
    env: { PATH: process.env.PATH, SHAPECAST_EVIDENCE: 'off', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr?.on('data', (chunk) => {
    text += String(chunk);
  });
  return { child, stderr: () => text };
}

test('the exit status reaches the shell', () => {
  const run = (argv: readonly string[]) =>
    spawnSync(process.execPath, [program, ...argv], { env: { PATH: process.env.PATH } }).status;

  expect(run(['--version'])).toBe(0);
  expect(run(['smaple'])).toBe(2);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops generate, closes its connections and ends with 3', async (signal) => {
  await withDatabase('', async (url, client) => {
    const { child, stderr } = start(['generate', '--seed', 'a', '--target', url], {});
    const ended = once(child, 'exit');
    // Rows are being copied once a chunk's connection is at work.
    for (;;) {
      const { rowCount } = await client.query(
        `select from pg_stat_activity where datname = current_database() and query ilike 'copy %'`,
      );
      if (rowCount !== 0 || child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }

    child.kill(signal);

    expect(await ended).toEqual([3, null]);
    expect(stderr()).toContain('error INTERRUPTED');
  });
});
