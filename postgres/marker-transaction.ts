// One transaction around an action, with the session settings that marker and set-aside rely on.
import type pg from 'pg';
import { runQuery } from './query.ts';

/**
 * Runs the action between `begin` and `commit`, and rolls back on any error, which it throws on. Inside, names resolve in
 * pg_catalog only, so that the server spells definitions with their schemas; and a row policy fails instead of hiding rows.
 */
export async function inTransaction<Result>(client: pg.Client, action: () => Promise<Result>): Promise<Result> {
  // Whatever the database's default: a statement after a lock has to see what was committed before the lock was granted.
  await runQuery(client, 'opening a transaction', 'begin isolation level read committed');
  try {
    await runQuery(client, 'setting the search path', 'set local search_path = pg_catalog');
    await runQuery(client, 'setting row security', 'set local row_security = off');
    const result = await action();
    await runQuery(client, 'committing', 'commit');
    return result;
  } catch (error) {
    // A broken connection cannot roll back, and need not: the server does it. The first error is the one to tell.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}
