// psql for a person, in sessions that begin read-only and limited in time. It reads no start file and keeps no history; what it prints is the
// person's, so nothing of it passes through us.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ShapecastError } from '../core/errors.ts';
import { findTool, libpqEnvironment } from './client-tools.ts';

export interface PsqlOptions {
  readonly url: string;
  /** The folder of psql; null: the PATH. */
  readonly folder: string | null;
  /** SQL to run instead of asking; null: the terminal is psql's. */
  readonly sql: string | null;
  /** Milliseconds per statement, above 0. */
  readonly statementTimeoutMs: number;
  /** Ends psql when it fires. */
  readonly signal: AbortSignal;
}

const IDLE_TIMEOUT_MS = 600_000;
const LOCK_TIMEOUT_MS = 5000;

/** psql's exit status, or null when a signal ended it. Throws SYNC_TOOL_MISSING, INTERRUPTED. */
export function openPsql({ url, folder, sql, statementTimeoutMs, signal }: PsqlOptions): Promise<number | null> {
  const file = findTool('psql', folder);
  const environment = libpqEnvironment(url);
  const settings = [
    'default_transaction_read_only=on',
    `statement_timeout=${statementTimeoutMs}`,
    `lock_timeout=${LOCK_TIMEOUT_MS}`,
    `idle_in_transaction_session_timeout=${IDLE_TIMEOUT_MS}`,
  ];
  // The last of two settings counts, so the URL's own options cannot undo these.
  const options = [environment.PGOPTIONS ?? '', ...settings.map((setting) => `-c ${setting}`)].join(' ').trim();
  const child = spawn(file, psqlArguments(sql), {
    env: {
      ...environment,
      PGOPTIONS: options,
      PGAPPNAME: 'shapecast console',
      PSQL_HISTORY: '/dev/null',
      // The pager shows rows: it keeps no history of its own and starts no program.
      LESSHISTFILE: '-',
      LESSSECURE: '1',
    },
    stdio: [sql === null ? 'inherit' : 'pipe', 'inherit', 'inherit'],
    signal,
  });
  // Not on the command line, which other users of the machine can read.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(sql === null ? '' : `${sql}\n`);
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => {
      if (signal.aborted) reject(new ShapecastError('INTERRUPTED', { what: path.basename(file) }));
      else reject(new ShapecastError('SYNC_TOOL_MISSING', { tool: 'psql', reason: 'it cannot be started' }, { cause }));
    });
    child.on('close', resolve);
  });
}

function psqlArguments(sql: string | null): string[] {
  const always = ['-X', '--no-password', '-v', 'HISTFILE=/dev/null', '-v', 'HISTSIZE=0'];
  if (sql !== null) return [...always, '-v', 'ON_ERROR_STOP=1', '-f', '-'];
  const prompt = (end: string) => `[READ ONLY] %n@%M:%>/%/%R%x${end} `;
  return [...always, '-v', `PROMPT1=${prompt('%#')}`, '-v', `PROMPT2=${prompt('%#')}`];
}
