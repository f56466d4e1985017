// `npm run demo` is the first thing that anybody runs: it must end well, twice alike, and leave no server running.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const environment = { PATH: process.env.PATH };

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-demo-test-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const argvIn = (name: string) => [path.join(root, 'bin/shapecast.js'), 'demo', '--output-dir', path.join(folder, name)];

interface DemoRun {
  readonly status: number | null;
  /** The closing table by its first word. */
  readonly closing: ReadonlyMap<string, string>;
  readonly files: readonly string[];
}

function runDemo(): DemoRun {
  const { status, stdout } = spawnSync(process.execPath, argvIn('whole'), { encoding: 'utf8', env: environment });
  const lines = stdout.trimEnd().split('\n').slice(-11);
  const closing = new Map(lines.map((line) => [line.split(' ')[0] ?? '', line.replace(/^\S+\s+/, '')]));
  return { status, closing, files: fs.readdirSync(path.join(folder, 'whole')) };
}

/** The fingerprint of the copy; the demo gets Ctrl-C when it has told it, for what follows has been seen. */
async function runToFingerprint(): Promise<{ status: number | null; fingerprint: string | undefined }> {
  const child = spawn(process.execPath, argvIn('begun'), { env: environment, stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  let fingerprint: string | undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
    if (fingerprint !== undefined) return;
    // The first is of the made-up production.
    fingerprint = [...text.matchAll(/^fingerprint +([0-9a-f]{64})$/gm)][1]?.[1];
    if (fingerprint !== undefined) child.kill('SIGINT');
  });
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, fingerprint };
}

test('the demo ends with 0 and good verdicts, gives the same fingerprint again, and ends at once on Ctrl-C', async () => {
  const first = runDemo();
  const second = await runToFingerprint();

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
  expect(second.fingerprint).toBe(first.closing.get('fingerprint'));
  expect(second.status).not.toBe(0);
}, 600_000);
