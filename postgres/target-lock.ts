// One session at a time prepares or finishes a target: two shards that start, or end, at the same moment wait for each other here.
import type pg from 'pg';
import { runQuery } from './query.ts';

const KEY = `hashtext('shapecast target')`;

/** Runs the action while this session alone holds the target's lock; the server lets it go when the connection ends, too. */
export async function withTargetLock<Result>(client: pg.Client, action: () => Promise<Result>): Promise<Result> {
  await runQuery(client, 'waiting for another run', `select pg_advisory_lock(${KEY})`);
  try {
    return await action();
  } finally {
    // A connection that is gone holds nothing, and its error is on its way already.
    await client.query(`select pg_advisory_unlock(${KEY})`).catch(() => undefined);
  }
}
