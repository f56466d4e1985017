// The last line of .ci/run: nothing that failed may be lost on the way to it.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const program = path.resolve(import.meta.dirname, '../../bin/count-results.js');
const result = (passed: number, failed: number, broken = 0) =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed, numRuntimeErrorTestSuites: broken });

function count(files: Readonly<Record<string, string>>): { status: number | null; line: string } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-count-'));
  try {
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
    const { status, stdout } = spawnSync(process.execPath, [program, folder], { encoding: 'utf8' });
    return { status, line: stdout };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

test.each([
  ['adds up the suites', { 'test.json': result(5, 0), 'test:system.json': result(2, 0) }, 0, '7 passed, 0 failed\n'],
  ['counts failed tests', { 'test.json': result(5, 2), 'test.failed': '' }, 1, '5 passed, 2 failed\n'],
  ['counts a suite that could not be loaded', { 'test.json': result(5, 0, 1) }, 1, '5 passed, 1 failed\n'],
  ['counts a failed check', { 'test.json': result(5, 0), 'check.failed': '' }, 1, '5 passed, 1 failed\n'],
  [
    'counts a run that crashed without a result',
    { 'test.json': result(5, 0), 'test:system.failed': '' },
    1,
    '5 passed, 1 failed\n',
  ],
  ['ends with 1 when no test ran', {}, 1, '0 passed, 0 failed\n'],
])('%s', (_what, files, status, line) => {
  expect(count(files)).toEqual({ status, line });
});
