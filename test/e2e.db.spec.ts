// `npm run e2e` on this checkout: its four lines are the promise of the whole pipeline.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

test('npm run e2e ends with 0 and prints one line per stage', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/e2e.js'], { cwd: root, encoding: 'utf8' });

  expect({ status, stderr, lines: stdout.trimEnd().split('\n') }).toEqual({
    status: 0,
    stderr: '',
    lines: [
      '✓ Production sampler: no PII exported',
      '✓ Synthetic generator: reproducible with same seed',
      '✓ Loader: referential integrity maintained',
      '✓ Teardown: clean removal',
    ],
  });
}, 300_000);
