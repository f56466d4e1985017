#!/usr/bin/env node
// Runs the tests that look at pages in a real browser (*.browser.spec.ts) with the Chromium of the system: CHROMIUM_BIN, else the first
// of its names on the PATH. Says so and ends with 0 where there is none.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The program, or null. */
function findChromium() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const onPath = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [process.env.CHROMIUM_BIN, ...onPath].find((file) => file && fs.existsSync(file)) ?? null;
}

function runJest(program) {
  const jest = path.join(root, 'node_modules/jest/bin/jest.js');
  const args = ['--experimental-vm-modules', jest, '--selectProjects', 'browser', '-c', 'jest.config.cjs'];
  const { status } = spawnSync(process.execPath, [...args, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, CHROMIUM_BIN: program },
  });
  return status ?? 1;
}

const program = findChromium();
if (program === null) {
  process.stdout.write(
    'browser tests skipped: no Chromium on this machine (CHROMIUM_BIN, chromium, chromium-browser, google-chrome)\n',
  );
} else {
  process.exitCode = runJest(program);
}
