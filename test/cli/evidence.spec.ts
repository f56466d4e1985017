// The hook around every command: a record before the work and one at its end, whatever the end; and nothing that is secret.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { type Command, defineCommand, type World } from '../../cli/command.ts';
import { commands } from '../../cli/commands.ts';
import { runCommandLine } from '../../cli/run-command-line.ts';
import { ShapecastError } from '../../core/errors.ts';
import { silentProgress } from '../../core/progress.ts';
import { appendRecord, type NewRecord } from '../../evidence/evidence-log.ts';
import { listRecords } from '../../evidence/show-log.ts';
import { verifyLog } from '../../evidence/verify-log.ts';
import { createBench, type TestBench } from './test-context.ts';

let bench: TestBench;
beforeEach(() => {
  bench = createBench();
});
afterEach(() => bench.remove());

const evidenceFolder = () => path.join(bench.folder, '.shapecast/evidence');

function commandThat(run: Command['run']): Command {
  const options = {
    spec: { type: 'string' },
    target: { type: 'string' },
    operator: { type: 'string' },
    force: { type: 'boolean', default: false },
    confirm: { type: 'boolean', default: true },
  } as const;
  return defineCommand({ name: 'work', summary: 'Works', example: 'shapecast work', options, run });
}

async function run(
  command: Command,
  argv: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
  signal = new AbortController().signal,
) {
  const told: string[] = [];
  const world: World = {
    environment,
    folder: bench.folder,
    now: () => new Date('2026-01-31T12:00:00Z'),
    signal,
    print: () => undefined,
    output: process.stdout,
    tell: (line) => told.push(line),
    startProgress: () => silentProgress,
    confirm: async () => false,
  };
  const status = await runCommandLine(['work', ...argv], [command], world);
  return { status, told: told.join('\n') };
}

const refusal = new ShapecastError('OPTION_INVALID', { option: '--x', reason: 'wrong' });

test.each<[string, Command['run'], object, number]>([
  ['completed', async () => 0, { status: 'completed', error: null }, 0],
  ['a finding', async () => 1, { status: 'finding', error: null }, 1],
  ['refused', () => Promise.reject(refusal), { status: 'refused', error: 'OPTION_INVALID' }, 2],
  ['failed', () => Promise.reject(new Error('canary')), { status: 'failed', error: 'BUG' }, 70],
])('a run that ends %s leaves its start and its end', async (_name, work, ending, status) => {
  expect(await run(commandThat(work))).toMatchObject({ status });

  const records = listRecords(evidenceFolder());
  expect(records).toMatchObject([
    { command: 'work', status: 'started', completedAt: null },
    { command: 'work', completedAt: '2026-01-31T12:00:00.000Z', ...ending },
  ]);
  expect(records[0]?.runId).toBe(records[1]?.runId);
  expect(JSON.stringify(records)).not.toContain('canary');
});

test('an interrupted run says so', async () => {
  const abort = new AbortController();
  const work = async () => {
    abort.abort();
    throw new Error('the connection was cut');
  };

  await run(commandThat(work), [], {}, abort.signal);

  expect(listRecords(evidenceFolder())[1]).toMatchObject({ status: 'interrupted', error: 'INTERRUPTED' });
});

test('a record names options and input files, and holds what the command noted, but no login', async () => {
  fs.writeFileSync(path.join(bench.folder, 'my.yaml'), 'abc');
  const work = commandThat(async (_flags, { note }) => {
    note({ target: 'localhost:5432/dev', counts: { rows: 3 } });
    note({ counts: { tables: 1 }, verdict: 'a\u001b[31mb', runs: Array.from({ length: 500 }, (_, index) => `run-${index}`) });
    return 0;
  });
  const url = 'postgresql://ann:canary-secret@localhost/dev';

  await run(work, ['--spec', 'my.yaml', '--target', url, '--no-confirm', '--operator', 'bob\n'], { PGPASSWORD: 'canary-secret' });

  const [, record] = listRecords(evidenceFolder());
  expect(record).toMatchObject({
    options: ['spec', 'target', 'operator', 'no-confirm'],
    operator: 'bob?',
    inputs: [{ option: 'spec', file: 'my.yaml', sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' }],
    facts: { target: 'localhost:5432/dev', counts: { rows: 3, tables: 1 }, verdict: 'a?[31mb' },
  });
  expect(record?.facts.runs).toHaveLength(200);
  expect(fs.readFileSync(path.join(evidenceFolder(), 'evidence.jsonl'), 'utf8')).not.toContain('canary');
});

test('show has a line for each run: what it was about, no counts of nothing, and a dry run by its name', async () => {
  const facts = { counts: { tables: 2, restarts: 0 }, runs: ['run-0a', 'run-0b', 'run-0c', 'run-0d'], verdict: 'planned' };
  await run(
    commandThat(async (_flags, { note }) => {
      note(facts);
      return 0;
    }),
  );
  const killed: NewRecord = {
    ...{ runId: 'run-killed', command: 'work', options: [], tool: 'shapecast 0.1.0', commit: null, operator: 'ann' },
    ...{ startedAt: '2026-01-31T12:00:00Z', completedAt: null, status: 'started', error: null, inputs: [], facts: {} },
  };
  await appendRecord({ folder: evidenceFolder(), keyFile: null }, killed);

  const [ended, unfinished, ...more] = (await bench.run(['evidence', 'show'])).stdout.split('\n');

  expect(ended).toMatch(/ {4}2 .* completed .* {2}of run-0a, run-0b, run-0c and 1 more {2}tables 2 {2}dry run$/);
  expect(unfinished).toMatch(/ {4}3 .* started /);
  expect(more).toEqual([]);
});

test('every document that report puts on its page is an input', async () => {
  const names = ['config', 'run', 'comparison', 'explanation', 'load'];
  for (const name of names) fs.writeFileSync(path.join(bench.folder, `${name}.json`), name);

  await bench.run(['report', ...names.flatMap((name) => [`--${name}`, `${name}.json`])]);

  const [start] = listRecords(evidenceFolder());
  expect(start?.inputs.map(({ option, file }) => [option, file])).toEqual(names.map((name) => [name, `${name}.json`]));
});

test('no evidence, no work: a folder that cannot be written stops the run before it begins', async () => {
  fs.writeFileSync(path.join(bench.folder, 'file'), '');
  let hasRun = false;
  const work = async () => {
    hasRun = true;
    return 0 as const;
  };

  const { status, told } = await run(commandThat(work), [], { SHAPECAST_EVIDENCE_DIR: 'file/evidence' });

  expect({ status, hasRun }).toEqual({ status: 3, hasRun: false });
  expect(told).toContain('error FILE_UNWRITABLE');
});

test('a result stands when the record of its end cannot be written, and the exit status tells', async () => {
  const work = async () => {
    fs.rmSync(evidenceFolder(), { recursive: true });
    fs.writeFileSync(evidenceFolder(), '');
    return 0 as const;
  };

  const { status, told } = await run(commandThat(work));

  expect(status).toBe(3);
  expect(told).toContain('its result stands');
});

test('SHAPECAST_EVIDENCE=off leaves nothing and says so; another value is a mistake', async () => {
  const off = await run(
    commandThat(async () => 0),
    [],
    { SHAPECAST_EVIDENCE: 'off' },
  );
  const odd = await run(
    commandThat(async () => 0),
    [],
    { SHAPECAST_EVIDENCE: 'no' },
  );

  expect(off).toEqual({ status: 0, told: 'note: SHAPECAST_EVIDENCE=off: this work leaves no evidence' });
  expect(odd.status).toBe(2);
  expect(fs.existsSync(evidenceFolder())).toBe(false);
});

test('only commands that touch no data, or whose steps are recorded, leave none', () => {
  expect(commands.filter((command) => command.leavesNoEvidence === true).map(({ name }) => name)).toEqual([
    'demo',
    'evidence',
    'env',
  ]);
});

test('processes that append at once, one of them killed, make one chain', async () => {
  const script = `
    const { appendRecord } = await import(process.argv[1]);
    const record = { runId: 'run-' + process.pid, command: 'work', options: [], tool: 'shapecast 0.1.0', commit: null, operator: 'ann',
      startedAt: '2026-01-31T12:00:00Z', completedAt: null, status: 'started', error: null, inputs: [], facts: {} };
    for (let index = 0; index < 12; index += 1) await appendRecord({ folder: process.argv[2], keyFile: null }, record);`;
  const door = path.resolve(import.meta.dirname, '../../dist/evidence/evidence-log.js');
  const start = () =>
    spawn(process.execPath, ['--input-type=module', '-e', script, door, evidenceFolder()], { stdio: 'inherit' });
  const victim = start();
  const others = [start(), start(), start()];
  const ends = [victim, ...others].map((child) => once(child, 'exit'));
  const log = path.join(evidenceFolder(), 'evidence.jsonl');
  while (victim.exitCode === null && !(fs.existsSync(log) && fs.readFileSync(log, 'utf8').includes(`run-${victim.pid}`)))
    await new Promise((resolve) => setTimeout(resolve, 2));

  victim.kill('SIGKILL');

  const [, ...codes] = await Promise.all(ends);
  expect(codes).toEqual([
    [0, null],
    [0, null],
    [0, null],
  ]);
  const { faults, records } = await verifyLog({ folder: evidenceFolder(), keysFile: null, expectedHead: null });
  expect(faults).toEqual([]);
  expect(records).toBeGreaterThan(36);
});

test('evidence verify, show and rotate from the command line', async () => {
  expect((await bench.run(['evidence', 'verify'])).stderr).toContain('error EVIDENCE_NONE');
  await bench.run(['scan', 'missing.json']);
  expect((await bench.run(['evidence', 'rotate'])).status).toBe(0);
  await bench.run(['scan', 'missing.json']);

  const verified = await bench.run(['evidence', 'verify', '--json']);
  expect(JSON.parse(verified.stdout)).toMatchObject({
    records: 5,
    faults: [],
    keys: [{ isRetired: true }, { isRetired: false }],
  });
  const head = (JSON.parse(verified.stdout) as { head: { hash: string } }).head.hash;
  expect((await bench.run(['evidence', 'verify', '--expect-head', head])).stdout).toContain(`head ${head} (record 5)`);
  const shown = (await bench.run(['evidence', 'show'])).stdout.split('\n');
  expect(shown[0]).toMatch(/^ {4}2 {2}2026-01-31T12:00:00.000Z {2}scan {11}refused {6}.* {2}FILE_UNREADABLE$/);
  expect(shown.map((line) => line.trim().split(' ')[0])).toEqual(['2', '3', '5']);
  expect((await bench.run(['evidence', 'show', '--last', '2'])).stdout.split('\n')).toEqual(shown.slice(1));
  expect(JSON.parse((await bench.run(['evidence', 'show', '--last', '1', '--json'])).stdout)).toHaveLength(2);
  expect((await bench.run(['evidence', 'show', '--last', '0'])).status).toBe(2);
  expect(
    (await bench.run(['evidence', 'show', '--ecs'])).stdout.split('\n').map((line) => (JSON.parse(line) as { ecs: object }).ecs),
  ).toHaveLength(5);
  expect((await bench.run(['evidence', 'what'])).status).toBe(2);

  const log = path.join(evidenceFolder(), 'evidence.jsonl');
  fs.writeFileSync(log, fs.readFileSync(log, 'utf8').replace('"status":"refused"', '"status":"completed"'));
  const altered = await bench.run(['evidence', 'verify']);
  expect(altered.status).toBe(1);
  expect(altered.stdout).toContain('✗ record 2: altered: its signature is of another text');
});
