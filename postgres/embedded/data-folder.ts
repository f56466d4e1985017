// The data folder of the embedded server: made by initdb under another name and renamed, so that it is whole or absent, and
// checked for a server that still uses it.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ShapecastError } from '../../core/errors.ts';
import { systemCodeOf } from '../../core/system-code.ts';
import type { Programs } from './programs.ts';
import { giveTo, isReachable, makePrivateFolder, type ServerUser } from './server-user.ts';

export const SUPERUSER = 'shapecast';

export interface DataFolderOptions {
  /** Holds `data`, the log and, for TCP, the password. */
  readonly folder: string;
  readonly programs: Programs;
  readonly user: ServerUser | null;
  readonly logFile: string;
  /** False leaves the flush of the new files to the operating system: for a folder that will be thrown away. */
  readonly isDurable: boolean;
  /** Loopback TCP is open to every user of the machine, so it gets a password; the socket's folder is private already. */
  readonly withPassword: boolean;
}

/** The folder `data`, initialised now if it is new. Throws EMBEDDED_IN_USE, EMBEDDED_FAILED. */
export async function prepareDataFolder(options: DataFolderOptions): Promise<string> {
  const data = path.join(options.folder, 'data');
  if (!isReachable(options.folder, options.user)) {
    const reason = `the user that the server runs as cannot reach ${options.folder}; choose a folder outside a private home`;
    throw new ShapecastError('EMBEDDED_FAILED', { step: 'preparing the data folder', reason, logFile: options.logFile });
  }
  if (fs.existsSync(path.join(data, 'PG_VERSION'))) refuseFolderInUse(options.folder, data);
  else await initialise(options, data);
  return data;
}

/** The password that was made with the folder, or null. */
export function readServerPassword(folder: string): string | null {
  const file = path.join(folder, 'password');
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null;
}

async function initialise(options: DataFolderOptions, data: string): Promise<void> {
  const fresh = makePrivateFolder(options.folder, 'data-', options.user);
  try {
    await runInitdb(options, fresh);
    fs.renameSync(fresh, data);
  } catch (error) {
    fs.rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
}

// The builtin C.UTF-8 locale (17 and later) sorts by code point and needs neither ICU nor a locale of the system: the same order everywhere.
function initdbArguments(options: DataFolderOptions, data: string): string[] {
  const common = [
    '-D',
    data,
    '-U',
    SUPERUSER,
    '-E',
    'UTF8',
    '--no-locale',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  const login = options.withPassword ? ['-A', 'scram-sha-256', `--pwfile=${writePassword(options)}`] : ['-A', 'trust'];
  return [...common, ...login, '--no-instructions', ...(options.isDurable ? [] : ['--no-sync'])];
}

function writePassword(options: DataFolderOptions): string {
  const file = path.join(options.folder, 'password');
  fs.writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  giveTo(file, options.user);
  return file;
}

async function runInitdb(options: DataFolderOptions, data: string): Promise<void> {
  const log = fs.openSync(options.logFile, 'a', 0o600);
  try {
    const child = spawn(options.programs.initdb, initdbArguments(options, data), {
      ...(options.user ?? {}),
      cwd: data,
      env: serverEnvironment(),
      stdio: ['ignore', log, log],
    });
    const ending = await new Promise<string | null>((resolve) => {
      child.once('error', (error) => resolve(String(systemCodeOf(error) ?? 'it cannot be run')));
      child.once('exit', (code, signal) => resolve(code === 0 ? null : `exit status ${code ?? signal}`));
    });
    if (ending !== null)
      throw new ShapecastError('EMBEDDED_FAILED', { step: 'initdb', reason: ending, logFile: options.logFile });
  } finally {
    fs.closeSync(log);
  }
}

/** The environment of the server's programs: none of the PG* variables or secrets of ours. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH, TMPDIR, SystemRoot } = process.env;
  return {
    ...(PATH ? { PATH } : {}),
    ...(TMPDIR ? { TMPDIR } : {}),
    ...(SystemRoot ? { SystemRoot } : {}),
    LC_ALL: 'C',
    TZ: 'UTC',
  };
}

// PostgreSQL takes a lock file for stale only when no process has its number. After a crash the number may have gone to
// something else (in a container it surely has), so we look what the process is.
function refuseFolderInUse(folder: string, data: string): void {
  const file = path.join(data, 'postmaster.pid');
  if (!fs.existsSync(file)) return;
  const processId = Number(fs.readFileSync(file, 'utf8').split('\n')[0]);
  if (isServer(processId, data)) throw new ShapecastError('EMBEDDED_IN_USE', { folder, processId });
  fs.rmSync(file, { force: true });
}

function isServer(processId: number, data: string): boolean {
  if (!Number.isInteger(processId) || processId <= 0) return false;
  if (!isAlive(processId)) return false;
  try {
    // A postmaster's working directory is its data folder.
    return fs.readlinkSync(`/proc/${processId}/cwd`) === fs.realpathSync(data);
  } catch {
    // No /proc, or not ours to look into: believe the file.
    return true;
  }
}

/** True when a process has this number, whoever owns it. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) === 'EPERM';
  }
}
