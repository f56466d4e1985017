// pg_dump and psql as the user has them. They get the address by libpq's environment, so no password stands on a command line, and
// nothing that they print is shown: only a SQLSTATE, a line number and the beginning of our own statement.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ShapecastError } from '../core/errors.ts';
import { resolveServerAddress } from './server-address.ts';

export interface ClientTools {
  readonly pgDump: string;
  readonly psql: string;
  /** Of pg_dump: 15, 16, ... */
  readonly major: number;
}

/** The tools in the folder, else on the PATH. Throws SYNC_TOOL_MISSING when one is missing or pg_dump is older than the server. */
export async function findClientTools(folder: string | null, serverMajor: number): Promise<ClientTools> {
  const pgDump = findTool('pg_dump', folder);
  const psql = findTool('psql', folder);
  const major = await readMajor('pg_dump', pgDump);
  if (major < serverMajor)
    throw new ShapecastError('SYNC_TOOL_MISSING', {
      tool: 'pg_dump',
      reason: `it is of version ${major} and the source of version ${serverMajor}`,
    });
  const psqlMajor = await readMajor('psql', psql);
  // A dump begins with commands that only a psql of its age knows.
  if (psqlMajor < major)
    throw new ShapecastError('SYNC_TOOL_MISSING', { tool: 'psql', reason: `it is of version ${psqlMajor}, older than pg_dump` });
  return { pgDump, psql, major };
}

/** The program's file in the folder, else on the PATH. Throws SYNC_TOOL_MISSING. */
export function findTool(tool: string, folder: string | null): string {
  const folders = folder === null ? (process.env.PATH ?? '').split(path.delimiter) : [folder];
  const found = folders.map((place) => path.join(place, tool)).find((file) => fs.existsSync(file));
  if (found !== undefined) return found;
  throw new ShapecastError('SYNC_TOOL_MISSING', {
    tool,
    reason: folder === null ? 'it is not on the PATH' : 'it is not in the folder',
  });
}

async function readMajor(tool: string, file: string): Promise<number> {
  const { status, stdout } = await runTool(file, ['--version'], { environment: process.env });
  const major = Number(/\) (\d+)/.exec(stdout)?.[1]);
  if (status === 0 && Number.isInteger(major)) return major;
  throw new ShapecastError('SYNC_TOOL_MISSING', { tool, reason: 'it does not say its version' });
}

export interface DumpOptions {
  readonly url: string;
  readonly section: 'pre-data' | 'post-data';
  /** The exported snapshot to read the catalog by. */
  readonly snapshotId: string;
  readonly signal: AbortSignal;
}

/** The schema as SQL text: no rows, comments, owners or grants. Throws SYNC_TOOL_FAILED, INTERRUPTED. */
export async function dumpSchema(tools: ClientTools, { url, section, snapshotId, signal }: DumpOptions): Promise<string> {
  const without = ['comments', 'owner', 'privileges', 'security-labels', 'tablespaces', 'publications', 'subscriptions'];
  const argv = [
    '--schema-only',
    ...without.map((what) => `--no-${what}`),
    `--section=${section}`,
    `--snapshot=${snapshotId}`,
    '--exclude-schema=shapecast',
    '--lock-wait-timeout=30s',
    '--no-password',
  ];
  const result = await runTool(tools.pgDump, argv, { environment: libpqEnvironment(url), signal });
  if (result.status === 0) return result.stdout;
  const reason = `it ended with status ${result.status ?? 'unknown'}`;
  throw new ShapecastError('SYNC_TOOL_FAILED', { tool: 'pg_dump', what: `reading the schema (${section})`, reason });
}

export interface ScriptOptions {
  readonly url: string;
  readonly sql: string;
  /** For the message: `creating keys and indexes`. */
  readonly what: string;
  readonly signal: AbortSignal;
}

/** Runs the SQL, stopping at the first error. Throws SYNC_TOOL_FAILED with the statement's beginning and SQLSTATE, INTERRUPTED. */
export async function runScript(tools: ClientTools, { url, sql, what, signal }: ScriptOptions): Promise<void> {
  const argv = ['-X', '-q', '--no-password', '-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=sqlstate', '-f', '-'];
  const result = await runTool(tools.psql, argv, { environment: libpqEnvironment(url), signal, input: sql });
  if (result.status === 0) return;
  throw new ShapecastError('SYNC_TOOL_FAILED', { tool: 'psql', what, reason: describeScriptFailure(sql, result.stderr) });
}

// psql:<stdin>:120: ERROR:  23505 - the line is the statement's last.
function describeScriptFailure(sql: string, stderr: string): string {
  const found = /:(\d+): [^:\n]+:\s+([0-9A-Z]{5})\b/.exec(stderr);
  if (found === null) return 'the connection or the program failed';
  const lines = sql.split('\n').slice(0, Number(found[1]));
  const begin = lines.findLastIndex((line, at) => /^[A-Z]/.test(line) && (at === 0 || (lines[at - 1] ?? '').trim() === ''));
  // pg_dump writes the names of a constraint on the next line; names are all that these two hold.
  const statement = lines
    .slice(Math.max(begin, 0), Math.max(begin, 0) + 2)
    .join(' ')
    .replace(/\s+/g, ' ')
    .replace(/'.*$/, '...')
    .slice(0, 200);
  return `${statement} (SQLSTATE ${found[2]})`;
}

/** The environment that leads libpq to the very address that was judged. Holds a secret. */
export function libpqEnvironment(url: string): NodeJS.ProcessEnv {
  const address = resolveServerAddress(url, process.env);
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  const given: Record<string, string | null> = {
    PGHOST: address.host,
    PGPORT: String(address.port),
    PGDATABASE: address.database,
    PGUSER: address.user,
    PGPASSWORD: address.password,
    PGPASSFILE: address.passwordFile,
    PGSSLMODE: address.sslMode,
    PGSSLROOTCERT: address.sslRootCertificate,
    PGSSLCERT: address.sslCertificate,
    PGSSLKEY: address.sslKey,
    PGOPTIONS: address.options,
    PGAPPNAME: 'shapecast sync',
    PGCLIENTENCODING: 'UTF8',
    PGCONNECT_TIMEOUT: '10',
  };
  const set = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries([...others, ...set]);
}

interface ToolRun {
  readonly environment: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  readonly input?: string;
}

interface ToolResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function runTool(file: string, argv: readonly string[], { environment, signal, input }: ToolRun): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, argv, { env: environment, ...(signal === undefined ? {} : { signal }) });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => stdout.push(data));
    child.stderr.on('data', (data: Buffer) => stderr.push(data));
    // A program that ends before it has read all says why by its status.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    child.on('error', (cause) => {
      const what = path.basename(file);
      if (signal?.aborted === true) reject(new ShapecastError('INTERRUPTED', { what }));
      else reject(new ShapecastError('SYNC_TOOL_MISSING', { tool: what, reason: 'it cannot be started' }, { cause }));
    });
    child.on('close', (status) => {
      resolve({ status, stdout: Buffer.concat(stdout).toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8') });
    });
  });
}
