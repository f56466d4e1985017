// The postmaster as a child process: start and wait until it accepts connections, stop in two steps.
// States: starting -> ready (postmaster.pid says so) -> stopping (SIGINT: fast shutdown; SIGQUIT after 20 s) -> ended.
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ShapecastError } from '../../core/errors.ts';
import { serverEnvironment } from './data-folder.ts';
import type { ServerUser } from './server-user.ts';
import { letGo, watchOverServer } from './watchdog.ts';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;

export interface ServerProcessOptions {
  readonly program: string;
  readonly data: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly user: ServerUser | null;
  readonly logFile: string;
  /** Removed after the end, also when we are killed. */
  readonly temporaryFolders: readonly string[];
}

export interface ServerProcess {
  /** Ends the server and removes the temporary folders; safe to call twice. */
  stop(): Promise<void>;
}

/** Starts the server; it ends with our process at the latest. Throws EMBEDDED_FAILED with the log's last FATAL line. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const logStart = fs.statSync(options.logFile).size;
  const child = spawnServer(options);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const dismissWatchdog = child.pid === undefined ? () => undefined : watchOverServer(child.pid, options.temporaryFolders);
  // The watchdog would do it too, a moment later.
  const quitAtExit = () => child.kill('SIGQUIT');
  process.once('exit', quitAtExit);
  const release = () => {
    process.off('exit', quitAtExit);
    dismissWatchdog();
  };
  ended.then(release);
  try {
    await waitUntilReady(child, options, logStart);
  } catch (error) {
    await stopServer(child, ended);
    throw error;
  }
  return {
    stop: async () => {
      await stopServer(child, ended);
      for (const folder of options.temporaryFolders) fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

function spawnServer(options: ServerProcessOptions): ChildProcess {
  const flags = Object.entries(options.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = fs.openSync(options.logFile, 'a', 0o600);
  try {
    // Detached: Ctrl-C on a terminal must reach us first, so that we can still use the server to tidy up.
    const child = spawn(options.program, ['-D', options.data, ...flags], {
      ...(options.user ?? {}),
      cwd: options.data,
      env: serverEnvironment(),
      detached: true,
      stdio: ['ignore', log, log],
    });
    letGo(child);
    return child;
  } finally {
    fs.closeSync(log);
  }
}

async function waitUntilReady(child: ChildProcess, options: ServerProcessOptions, logStart: number): Promise<void> {
  const deadlineMs = Date.now() + START_TIMEOUT_MS;
  while (!saysReady(options.data, child.pid)) {
    if (hasEnded(child)) throw startFailure(options, lastFatalLine(options.logFile, logStart) ?? `exit status ${child.exitCode}`);
    if (Date.now() > deadlineMs) throw startFailure(options, 'it was not ready within a minute');
    await sleep(25);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

// The file's first line is the process, its eighth the state; pg_ctl waits for the same line.
function saysReady(data: string, processId: number | undefined): boolean {
  try {
    const lines = fs.readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n');
    return lines[0] === String(processId) && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

// FATAL lines of a start speak of files, ports and settings; no session has run yet, so no row value can be in them.
function lastFatalLine(logFile: string, logStart: number): string | null {
  const lines = fs.readFileSync(logFile).subarray(logStart).toString('utf8').split('\n');
  const line = lines.findLast((candidate) => candidate.includes('FATAL:'));
  return line === undefined ? null : line.slice(line.indexOf('FATAL:') + 6).trim();
}

function startFailure(options: ServerProcessOptions, reason: string): ShapecastError {
  return new ShapecastError('EMBEDDED_FAILED', { step: 'its start', reason, logFile: options.logFile });
}

async function stopServer(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (hasEnded(child)) return;
  child.ref();
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGQUIT'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
