// Running statements so that nothing of a row reaches an error text: PostgreSQL quotes row values in message, detail and
// where. Our sentence is chosen by SQLSTATE; of the server's own words only the names of objects are kept.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';

/** Runs one statement and returns its rows. `what` completes "The server refused ...". Throws QUERY_FAILED or CONNECT_FAILED. */
export async function runQuery<Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  what: string,
  sql: string,
  parameters: unknown[] = [],
): Promise<Row[]> {
  try {
    const result = await client.query<Row>(sql, parameters);
    return result.rows;
  } catch (error) {
    throw wrapQueryError(error, what);
  }
}

/** Any error of the driver as ours: without row values, the original as `cause`. Errors of ours pass through. */
export function wrapQueryError(error: unknown, what: string): ShapecastError {
  if (error instanceof ShapecastError) return error;
  const sqlState = sqlStateOf(error);
  if (isConnectionLoss(error, sqlState)) {
    const reason = `${describeFailure(error)} during ${what}`;
    return new ShapecastError('CONNECT_FAILED', { server: 'the server', reason }, { cause: error });
  }
  if (sqlState === null) return new ShapecastError('BUG', { what: `a failure in ${what}` }, { cause: error });
  return new ShapecastError('QUERY_FAILED', { what, sqlState, reason: describeFailure(error) }, { cause: error });
}

/** The five characters of PostgreSQL's error code, or null when the error is not the server's. */
export function sqlStateOf(error: unknown): string | null {
  const code = fieldOf(error, 'code');
  return code !== null && /^[0-9A-Z]{5}$/.test(code) && fieldOf(error, 'severity') !== null ? code : null;
}

/** SQLSTATE of what a role may not do. */
export const PERMISSION_DENIED = '42501';

/** The code in an error of ours (QUERY_FAILED), or null in any other. */
export function sqlStateIn(error: unknown): string | null {
  return error instanceof ShapecastError && error.code === 'QUERY_FAILED' ? fieldOf(error.data, 'sqlState') : null;
}

/** A sentence that is safe to print, from the code and the names of objects alone. */
export function describeFailure(error: unknown): string {
  const sqlState = sqlStateOf(error);
  if (sqlState === null) return describeClientFailure(error);
  const sentence =
    namesInMessage(error) ?? sentences[sqlState] ?? classSentences[sqlState.slice(0, 2)] ?? 'an error of the server';
  return `${sentence}${namedObjects(error)}`;
}

function fieldOf(error: unknown, name: string): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' && value !== '' ? value : null;
}

function isConnectionLoss(error: unknown, sqlState: string | null): boolean {
  if (sqlState !== null) return /^(08|57P0)/.test(sqlState);
  const code = fieldOf(error, 'code') ?? '';
  if (['ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'ETIMEDOUT', 'ENOTCONN'].includes(code)) return true;
  const message = fieldOf(error, 'message') ?? '';
  return /connection terminated|client was closed|not queryable|connection error/i.test(message);
}

// Node's and OpenSSL's codes are constants (ECONNREFUSED, CERT_HAS_EXPIRED); their messages may hold an address or a path.
function describeClientFailure(error: unknown): string {
  const code = fieldOf(error, 'code');
  if (code !== null && /^[A-Z][A-Z0-9_]{3,60}$/.test(code)) return code;
  const message = fieldOf(error, 'message') ?? '';
  if (/timeout/i.test(message)) return 'no answer in time';
  if (/does not support SSL/.test(message)) return 'the server does not offer TLS, and sslmode asks for it';
  if (/connection terminated|client was closed|not queryable/i.test(message)) return 'the connection was closed';
  if (/password/i.test(message)) return 'the server asks for a password and none was given';
  return 'unknown reason';
}

// Messages that consist of fixed words and object names. A translated message matches none and gets our sentence.
const NAME = '("(?:[^"]|"")+"|[^\\s"]+)';
const nameOnlyMessages: readonly RegExp[] = [
  new RegExp(`^permission denied for [a-z ]+ ${NAME}$`),
  new RegExp(`^must be owner of [a-z ]+ ${NAME}$`),
  new RegExp(
    `^(relation|schema|type|role|extension|collation|constraint|index|table|database|tablespace) ${NAME} (does not exist|already exists)$`,
  ),
  new RegExp(`^column ${NAME} does not exist$`),
  new RegExp(`^column ${NAME} of relation ${NAME} does not exist$`),
  new RegExp(`^query would be affected by row-level security policy for table ${NAME}$`),
  new RegExp(`^unrecognized configuration parameter ${NAME}$`),
  new RegExp(`^extension ${NAME} is not available$`),
];

function namesInMessage(error: unknown): string | null {
  const message = fieldOf(error, 'message') ?? '';
  return message.length <= 300 && nameOnlyMessages.some((pattern) => pattern.test(message)) ? message : null;
}

function namedObjects(error: unknown): string {
  const kinds = ['schema', 'table', 'column', 'dataType', 'constraint'] as const;
  const named = kinds.flatMap((kind) => {
    const name = fieldOf(error, kind);
    return name === null ? [] : [`${kind === 'dataType' ? 'type' : kind} ${name}`];
  });
  return named.length === 0 ? '' : ` (${named.join(', ')})`;
}

const sentences: Readonly<Record<string, string>> = {
  '22001': 'a value is too long for its column',
  '22003': 'a number is out of range',
  '22P02': 'a value does not have the form of its type',
  '23502': 'a NOT NULL column would be null',
  '23503': 'a foreign key has no parent row',
  '23505': 'a unique key would be broken',
  '23514': 'a check constraint is not met',
  '23P01': 'an exclusion constraint is not met',
  '25001': 'it cannot run inside a transaction (CONCURRENTLY, VACUUM, CREATE DATABASE)',
  '25006': 'the transaction is read-only',
  '28000': 'the login was refused (pg_hba.conf)',
  '28P01': 'the password was refused',
  '3D000': 'the database does not exist',
  '3F000': 'the schema does not exist',
  '40001': 'a conflict with another transaction, or with recovery on a replica',
  '40P01': 'a deadlock with another session',
  '42501': 'permission denied',
  '42601': 'a syntax error',
  '42P01': 'the table does not exist',
  '42703': 'the column does not exist',
  '42704': 'the object does not exist',
  '42710': 'the object already exists',
  '42883': 'the function does not exist',
  '42P07': 'the table or index already exists',
  '53100': 'the disk is full',
  '53200': 'out of memory',
  '53300': 'too many connections',
  '55P03': 'a lock was not granted in time',
  '57014': 'the statement was cancelled or ran into its time limit',
  '57P01': 'the server is shutting down or the session was ended',
  '57P02': 'the server crashed',
  '57P03': 'the server is starting up or shutting down',
};

const classSentences: Readonly<Record<string, string>> = {
  '08': 'the connection failed',
  '0A': 'the server does not support this',
  '22': 'a value does not fit its type',
  '23': 'a constraint is not met',
  '25': 'the transaction is in the wrong state',
  '28': 'the login was refused',
  '40': 'the transaction was rolled back',
  '42': 'a syntax error, a missing object or a missing permission',
  '53': 'the server is short of resources',
  '54': 'a limit of the server was exceeded',
  '55': 'an object is not in the needed state',
  '57': 'the operation was cancelled',
  '58': 'a system error on the server',
  P0: 'a function or trigger raised an error',
  XX: 'an internal error of the server',
};
