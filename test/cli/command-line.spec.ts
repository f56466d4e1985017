// What every command has in common: help, the ways to be wrong, and how errors are told.

import { defineCommand } from '../../cli/command.ts';
import { commands } from '../../cli/commands.ts';
import { runCommandLine } from '../../cli/run-command-line.ts';
import { ShapecastError } from '../../core/errors.ts';
import { silentProgress } from '../../core/progress.ts';
import { createBench, type TestBench } from './test-context.ts';

let bench: TestBench;
beforeEach(() => {
  bench = createBench();
});
afterEach(() => bench.remove());

describe('help', () => {
  test('lists every command with its sentence', async () => {
    const { status, stdout } = await bench.run(['--help']);

    expect(status).toBe(0);
    for (const { name } of commands) expect(stdout).toContain(`shapecast ${name}`);
  });

  test.each(commands.map(({ name }) => name))('of %s shows an example that names the command, and every option', async (name) => {
    const command = commands.find((candidate) => candidate.name === name);

    const { status, stdout } = await bench.run([name, '--help']);

    expect(status).toBe(0);
    expect(command?.example.startsWith(`shapecast ${name}`)).toBe(true);
    expect(stdout).toContain(`shapecast ${name}`);
    for (const option of Object.keys(command?.options ?? {})) expect(stdout).toContain(`--${option}`);
  });

  test('--version prints the version of the package', async () => {
    expect(await bench.run(['--version'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^shapecast \d+\.\d+\.\d+/),
    });
  });
});

describe('a wrong command line', () => {
  test.each([
    ['no command', []],
    ['an unknown command', ['smaple']],
    ['an unknown option', ['teardown', '--frce']],
    ['an option without its value', ['generate', '--seed']],
    ['a missing option', ['generate']],
    ['a missing operand', ['scan']],
    ['a value outside the choices', ['generate', '--seed', 'a', '--band', 'big']],
    ['an option given twice', ['generate', '--seed', 'a', '--seed', 'b']],
    ['a number that is none', ['compare', '--pack', 'p.json', '--with', 'p.json', '--readers', 'many']],
    ['a row count that is none', ['generate', '--seed', 'a', '--to', 'null', '--rows', 'users=lots']],
    ['a negative scale', ['generate', '--seed', 'a', '--to', 'null', '--scale=-1']],
  ])('(%s) ends with 2, a code and a next step, and prints no result', async (_what, argv) => {
    const { status, stdout, stderr } = await bench.run(argv);

    expect(status).toBe(2);
    expect(stderr).toMatch(/^error [A-Z_]+: .+\n {2}.+/s);
    expect(stdout).toBe('');
  });

  test('does not repeat a misplaced connection string', async () => {
    const { status, stderr } = await bench.run(['teardown', 'postgresql://me:hunter2@db.internal/app']);

    expect(status).toBe(2);
    expect(stderr).not.toContain('hunter2');
  });

  test('does not repeat a target that is no PostgreSQL URL', async () => {
    const { status, stderr } = await bench.run(['teardown', '--target', 'me:hunter2@db/app']);

    expect(status).toBe(2);
    expect(stderr).toContain('URL_INVALID');
    expect(stderr).not.toContain('hunter2');
  });
});

describe('an error inside a command', () => {
  const failing = (error: unknown) =>
    defineCommand({
      name: 'fail',
      summary: 'Fail',
      example: 'shapecast fail',
      options: {},
      run: () => Promise.reject(error),
    });

  async function runFailing(error: unknown, argv: readonly string[] = []): Promise<{ status: number; stderr: string }> {
    const lines: string[] = [];
    const context = {
      environment: {},
      folder: bench.folder,
      now: () => new Date(0),
      signal: new AbortController().signal,
      print: () => undefined,
      output: process.stdout,
      tell: (line: string) => lines.push(line),
      startProgress: () => silentProgress,
      confirm: async () => false,
    };
    const status = await runCommandLine(['fail', ...argv], [failing(error)], context);
    return { status, stderr: lines.join('\n') };
  }

  test('is told as code, sentence and hint when it is ours', async () => {
    const { status, stderr } = await runFailing(new ShapecastError('HOST_REFUSED', { host: 'db.internal' }));

    expect(status).toBe(2);
    expect(stderr.split('\n')).toEqual([
      'error HOST_REFUSED: The target host db.internal is not on the allow-list.',
      expect.stringMatching(/^ {2}Set SHAPECAST_ALLOWED_HOSTS/),
    ]);
  });

  test('keeps the message of its cause to itself, and with --debug shows where it happened', async () => {
    const error = new ShapecastError(
      'QUERY_FAILED',
      { what: 'x', sqlState: '23505', reason: 'y' },
      { cause: new Error('canary') },
    );

    expect((await runFailing(error)).stderr).not.toContain('canary');
    const { stderr } = await runFailing(error, ['--debug']);
    expect(stderr).toMatch(/caused by: Error\n\s+at /);
    expect(stderr).not.toContain('canary');
  });

  test('of another kind is a bug: 70, and its message is not repeated', async () => {
    const { status, stderr } = await runFailing(new TypeError('Key (email)=(canary@x.example) exists'));

    expect(status).toBe(70);
    expect(stderr).toContain('error BUG');
    expect(stderr).toContain('TypeError');
    expect(stderr).not.toContain('canary');
  });
});
