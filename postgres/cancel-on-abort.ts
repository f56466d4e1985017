// Ctrl-C during a long statement: without help the server would work on for minutes after the client is gone.
// First our own connection is closed, so that no further statement can start; then the server ends the session, over a
// connection of its own. The other way round a cancel can fall into the gap between two statements and be lost.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { withClient } from './connect.ts';
import { runQuery } from './query.ts';

/** Runs the action on the client; when the signal is raised meanwhile, ends its session and throws INTERRUPTED. */
export async function cancelOnAbort<Result>(
  options: {
    readonly client: pg.Client;
    readonly url: string;
    readonly signal: AbortSignal | undefined;
    readonly what: string;
  },
  action: () => Promise<Result>,
): Promise<Result> {
  const { client, url, signal, what } = options;
  const isAborted = () => signal?.aborted === true;
  if (isAborted()) throw new ShapecastError('INTERRUPTED', { what });
  const [session] = await runQuery<{ pid: number }>(client, 'reading the session', 'select pg_backend_pid() as pid');
  let ending: Promise<void> | undefined;
  const stop = () => {
    ending = endSession(client, url, session?.pid ?? 0);
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await action();
  } catch (cause) {
    if (isAborted()) throw new ShapecastError('INTERRUPTED', { what }, { cause });
    throw cause;
  } finally {
    signal?.removeEventListener('abort', stop);
    await ending;
  }
}

/** Best effort: when the server cannot be reached any more, there is nothing to end. */
async function endSession(client: pg.Client, url: string, pid: number): Promise<void> {
  try {
    await client.end();
    await withClient(url, { applicationName: 'shapecast cancel' }, async (other) => {
      await runQuery(other, 'ending the session', 'select pg_terminate_backend($1)', [pid]);
    });
  } catch {
    // The interruption is what the caller hears of.
  }
}
