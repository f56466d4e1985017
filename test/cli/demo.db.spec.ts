// `npm run demo` is the first thing that anybody runs: it must end well, twice alike, and leave no server running.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

interface DemoRun {
  readonly status: number | null;
  /** The closing table by its first word. */
  readonly closing: ReadonlyMap<string, string>;
  readonly files: readonly string[];
}

function runDemo(): DemoRun {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-demo-test-'));
  try {
    const argv = [path.join(root, 'bin/shapecast.js'), 'demo', '--output-dir', folder];
    const { status, stdout } = spawnSync(process.execPath, argv, { encoding: 'utf8', env: { PATH: process.env.PATH } });
    const lines = stdout.trimEnd().split('\n').slice(-11);
    const closing = new Map(lines.map((line) => [line.split(' ')[0] ?? '', line.replace(/^\S+\s+/, '')]));
    return { status, closing, files: fs.readdirSync(folder) };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

test('the demo ends with 0 and good verdicts, and gives the same fingerprint again', () => {
  const first = runDemo();
  const second = runDemo();

  expect(first.status).toBe(0);
  expect([...first.closing.keys()]).toEqual([
    'pack',
    'rows',
    'fingerprint',
    'integrity',
    'compare',
    'plans',
    'load',
    'guarantee',
    'time',
    'report',
    'files',
  ]);
  expect(first.closing.get('fingerprint')).toMatch(/^[0-9a-f]{64}$/);
  expect(first.closing.get('integrity')).toMatch(/^✓/);
  expect(first.closing.get('compare')).toMatch(/^✓/);
  expect(first.closing.get('plans')).toMatch(/^✓/);
  expect(first.closing.get('load')).toMatch(/^✓ [1-9]\d* answers/);
  expect(first.files).toEqual(expect.arrayContaining(['shape-metrics.json', 'spec.yaml', 'comparison.json', 'report.html']));
  expect(second.closing.get('fingerprint')).toBe(first.closing.get('fingerprint'));
}, 600_000);
