// The entry of the command line, and the only place that sets the exit status and listens for signals.
// First Ctrl-C: the running command is told to stop and closes what it opened. Second Ctrl-C: the process ends at once.
import readline from 'node:readline/promises';
import { ShapecastError } from '../core/errors.ts';
import { startProgress } from '../core/progress.ts';
import type { Terminal, World } from './command.ts';
import { commands } from './commands.ts';
import { runCommandLine } from './run-command-line.ts';

const STATUS_OF_INTERRUPT = 130;
const STATUS_OF_UNWRITABLE = 3;

/** Runs one command line (without node and script) and sets process.exitCode. Never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  const abort = new AbortController();
  let isLent = false;
  const terminal: Terminal = {
    lend: async (action) => {
      isLent = true;
      try {
        return await action();
      } finally {
        isLent = false;
      }
    },
  };
  const onSignal = (signal: NodeJS.Signals) => {
    // The terminal sends Ctrl-C to us too, and there it ends a statement, not the program.
    if (isLent && signal === 'SIGINT') return;
    // The second signal: whoever waits for the first one to be honoured has waited long enough.
    if (abort.signal.aborted) process.exit(STATUS_OF_INTERRUPT);
    abort.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // `shapecast scan ... | head` closes our stdout early: that is no fault of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    const { message } = new ShapecastError('FILE_UNWRITABLE', { file: 'stdout', reason: error.code ?? 'unknown reason' });
    process.stderr.write(`error FILE_UNWRITABLE: ${message}\n`);
    process.exit(STATUS_OF_UNWRITABLE);
  });
  try {
    process.exitCode = await runCommandLine(argv, commands, createProcessContext(abort.signal, terminal));
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

function createProcessContext(signal: AbortSignal, terminal: Terminal): World {
  return {
    environment: process.env,
    folder: process.cwd(),
    now: () => new Date(),
    signal,
    print: (line) => process.stdout.write(`${line}\n`),
    output: process.stdout,
    tell: (line) => process.stderr.write(`${line}\n`),
    startProgress: (label, total, unit, quietMs = 0) => startProgress({ label, total, unit, quietMs }),
    confirm: (question) => askOnTerminal(question, signal),
    ...(process.stdin.isTTY ? { terminal } : {}),
  };
}

async function askOnTerminal(question: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = readline.createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    terminal.close();
  }
}
