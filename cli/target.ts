// The target database of generate, load, compare and teardown: --target, else DATABASE_URL, else the embedded server in
// .shapecast/server, which runs only as long as the command does. Every guard on a target is asked before it is opened.
import fs from 'node:fs';
import path from 'node:path';
import { ShapecastError } from '../core/errors.ts';
import type { CommandContext } from './command.ts';

const EMBEDDED_FOLDER = '.shapecast/server';
const EMBEDDED_DATABASE = 'shapecast';

export interface TargetRequest {
  /** The command's name, for the guard's message. */
  readonly command: string;
  /** --target as given. */
  readonly target: string | undefined;
}

/**
 * Runs the action on the target's URL. Starts the embedded server (and makes its database) when no URL is given, and
 * stops it afterwards. Throws PRODUCTION_REFUSED, HOST_REFUSED, EMBEDDED_UNAVAILABLE.
 */
export async function withTarget<Result>(
  request: TargetRequest,
  context: CommandContext,
  action: (url: string) => Promise<Result>,
): Promise<Result> {
  const { refuseUnsafeTarget } = await import('../postgres/target-guard.ts');
  const url = givenTarget(request.target, context);
  if (url !== null) {
    const { describeServer } = await import('../postgres/connect.ts');
    context.note({ target: describeServer(url) });
    refuseUnsafeTarget(request.command, url, context.environment);
    return action(url);
  }
  // The embedded server listens on loopback only; what is left to refuse is NODE_ENV=production.
  refuseUnsafeTarget(request.command, 'postgresql://localhost/shapecast', context.environment);
  return withEmbeddedServer(path.resolve(context.folder, EMBEDDED_FOLDER), context, action);
}

/** The URL of --target or DATABASE_URL; null when neither names a database. Throws URL_INVALID. */
export function givenTarget(flag: string | undefined, context: CommandContext): string | null {
  const given = flag ?? context.environment.DATABASE_URL;
  return given === undefined || given === '' ? null : checkUrl(given, '--target');
}

/**
 * Runs the action on an empty database that exists only for it, on an embedded server of its own: for work that needs a
 * server but leaves nothing in it.
 */
export async function withScratchDatabase<Result>(action: (url: string) => Promise<Result>): Promise<Result> {
  const { startEmbeddedServer } = await import('../postgres/embedded-server.ts');
  const server = await startEmbeddedServer();
  try {
    await server.createDatabase(EMBEDDED_DATABASE);
    return await action(server.url(EMBEDDED_DATABASE));
  } finally {
    await server.stop();
  }
}

async function withEmbeddedServer<Result>(
  folder: string,
  context: CommandContext,
  action: (url: string) => Promise<Result>,
): Promise<Result> {
  const { startEmbeddedServer } = await import('../postgres/embedded-server.ts');
  // Under root the server runs as another user, who must be able to pass through the folder above its own.
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  const server = await startEmbeddedServer({ folder });
  try {
    const { describeServer } = await import('../postgres/connect.ts');
    context.note({ target: describeServer(server.url(EMBEDDED_DATABASE)) });
    context.tell(`using the embedded server in ${EMBEDDED_FOLDER}, database ${EMBEDDED_DATABASE}`);
    if (!(await databaseExists(server.url('postgres'), EMBEDDED_DATABASE))) await server.createDatabase(EMBEDDED_DATABASE);
    return await action(server.url(EMBEDDED_DATABASE));
  } finally {
    await server.stop();
  }
}

async function databaseExists(url: string, name: string): Promise<boolean> {
  const { withClient } = await import('../postgres/connect.ts');
  const { runQuery } = await import('../postgres/query.ts');
  const sql = 'select 1 from pg_database where datname = $1';
  return withClient(url, { applicationName: 'shapecast' }, async (client) => {
    const rows = await runQuery(client, 'looking for the database', sql, [name]);
    return rows.length > 0;
  });
}

/** The text when it starts like a PostgreSQL URL; the connection reads the rest. Throws URL_INVALID, which does not repeat it. */
export function checkUrl(text: string, option: string): string {
  if (/^postgres(ql)?:\/\//.test(text)) return text;
  throw new ShapecastError('URL_INVALID', { option });
}
