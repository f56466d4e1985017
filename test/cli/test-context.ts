// A context for running command lines in a test: its own folder, clock and environment, and what was printed.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import type { World } from '../../cli/command.ts';
import { commands } from '../../cli/commands.ts';
import { runCommandLine } from '../../cli/run-command-line.ts';
import { silentProgress } from '../../core/progress.ts';

export interface RunResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What went to stdout as bytes. */
  readonly bytes: Buffer;
}

export interface TestBench {
  readonly folder: string;
  /** Runs a command line in the folder, with nothing in the environment but what is given. */
  run(argv: readonly string[], environment?: NodeJS.ProcessEnv): Promise<RunResult>;
  remove(): void;
}

/** A bench with a new temporary folder; the caller removes it. */
export function createBench(now = new Date('2026-01-31T12:00:00Z')): TestBench {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-cli-'));
  return {
    folder,
    async run(argv, environment = {}) {
      const stdout: string[] = [];
      const stderr: string[] = [];
      const bytes: Buffer[] = [];
      const context: World = {
        environment,
        folder,
        now: () => now,
        signal: new AbortController().signal,
        print: (line) => stdout.push(line),
        output: new Writable({
          write: (data: Buffer, _encoding, done) => {
            bytes.push(data);
            done();
          },
        }),
        tell: (line) => stderr.push(line),
        startProgress: () => silentProgress,
        confirm: async () => false,
      };
      const status = await runCommandLine(argv, commands, context);
      return { status, stdout: stdout.join('\n'), stderr: stderr.join('\n'), bytes: Buffer.concat(bytes) };
    },
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}
