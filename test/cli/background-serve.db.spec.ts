// The demo's gateway answers while its steps run and is gone after them, also when they fail; withDatabase fails on a session that is left.
import fs from 'node:fs';
import path from 'node:path';
import { Writable } from 'node:stream';
import { type GatewayPlaces, type StepContext, withGateway } from '../../cli/demo/background-serve.ts';
import { silentProgress } from '../../core/progress.ts';
import { withDatabase } from '../support/database.ts';
import { createBench } from './test-context.ts';

function contextOf(url: string, folder: string, signal: AbortSignal, tell: (line: string) => void): StepContext {
  return {
    environment: { DATABASE_URL: url },
    folder,
    now: () => new Date(),
    signal,
    print: () => undefined,
    output: new Writable(),
    tell,
    startProgress: () => silentProgress,
    confirm: async () => false,
  };
}

test('it serves for the action, ends when the action fails or Ctrl-C comes, and says why it does not start', async () => {
  const bench = createBench();
  const said: string[] = [];
  const quiet = new AbortController().signal;
  const interrupted = new AbortController();
  const argv = ['serve', '--workload', 'w.sql', '--port', '0', '--metrics-port', '0'];
  const ask = async ({ metrics, queries }: GatewayPlaces) => {
    expect((await fetch(metrics)).status).toBe(200);
    return (await fetch(`${queries}/queries/one`)).status;
  };
  let last = '';
  try {
    fs.writeFileSync(path.join(bench.folder, 'w.sql'), '-- name: one\nselect 1;');
    await withDatabase('', async (url) => {
      const context = (signal: AbortSignal, target = url) => contextOf(target, bench.folder, signal, (line) => said.push(line));

      expect(await withGateway(argv, context(quiet), ask)).toBe(200);
      const failing = withGateway(argv, context(quiet), async ({ queries }) => {
        last = queries;
        throw new Error('a step failed');
      });
      await expect(failing).rejects.toThrow('a step failed');
      await expect(fetch(last)).rejects.toThrow();
      const stopped = await withGateway(argv, context(interrupted.signal), async () => {
        interrupted.abort();
        return 130;
      });
      expect(stopped).toBe(130);
      expect(said).toEqual(['stopping: requests under way are answered']);
      expect(await withGateway(argv, context(quiet, 'postgresql://localhost:1/none'), ask)).toBeNull();
      expect(said.join('\n')).toContain('CONNECT_FAILED');
    });
  } finally {
    bench.remove();
  }
});
