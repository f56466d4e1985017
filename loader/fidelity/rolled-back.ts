// What is tried on a database and taken back: a session that Ctrl-C ends, a transaction that is always rolled back, and from a point on
// nothing that can write.
import type pg from 'pg';
import { ShapecastError } from '../../core/errors.ts';
import { cancelOnAbort } from '../../postgres/cancel-on-abort.ts';
import { withClient } from '../../postgres/connect.ts';
import { runQuery } from '../../postgres/query.ts';
import type { Side } from '../../postgres/read-side.ts';

const LOCK_TIMEOUT_MS = 5000;

/** The name of the session, and what INTERRUPTED calls the work. */
export interface TrialOptions {
  readonly applicationName: string;
  readonly what: string;
  readonly statementTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Runs the action on a session of its own, outside of any transaction. Throws INTERRUPTED once the signal is raised, whatever was running. */
export async function withTrialSession<Result>(
  url: string,
  { applicationName, signal, statementTimeoutMs, what }: TrialOptions,
  action: (side: Side) => Promise<Result>,
): Promise<Result> {
  const connection = { applicationName, statementTimeoutMs, lockTimeoutMs: LOCK_TIMEOUT_MS };
  return withClient(url, connection, (client) =>
    cancelOnAbort({ client, url, signal, what }, async () => {
      await runQuery(client, 'preparing the session', 'reset search_path');
      return action({ client, serverMajor: 0 });
    }),
  );
}

/** Runs the action in a transaction and takes back whatever it did; its own error is the one that is heard of. */
export async function takeBack<Result>(client: pg.Client, action: () => Promise<Result>): Promise<Result> {
  await runQuery(client, 'beginning a transaction', 'begin');
  let result: Result;
  try {
    result = await action();
  } catch (error) {
    // On a connection that is gone the server has rolled back already.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
  await runQuery(client, 'rolling back', 'rollback');
  return result;
}

/**
 * From here to the end of the transaction nothing can be written, whatever a query calls. Outside of any savepoint: releasing one gives
 * back the mode from before it.
 */
export async function forbidWrites(client: pg.Client): Promise<void> {
  await runQuery(client, 'preparing the session', 'set local transaction_read_only = on');
}

/** Throws INTERRUPTED when the signal is raised; between statements. */
export function refuseAborted(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted === true) throw new ShapecastError('INTERRUPTED', { what });
}

/** Runs the action; a connection that Ctrl-C closed meanwhile is told as INTERRUPTED. */
export async function orInterrupted<Result>(
  signal: AbortSignal | undefined,
  what: string,
  action: () => Promise<Result>,
): Promise<Result> {
  refuseAborted(signal, what);
  try {
    return await action();
  } catch (cause) {
    if (signal?.aborted === true) throw new ShapecastError('INTERRUPTED', { what }, { cause });
    throw cause;
  }
}
