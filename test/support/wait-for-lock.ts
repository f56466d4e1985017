// Two sessions in a fixed order: goes on when another session of the database waits for a lock.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/** Returns once some session of the client's database waits for a lock; throws after ten seconds. */
export async function waitForLock(client: pg.Client): Promise<void> {
  const sql = `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const { rows } = await client.query<{ waiting: number }>(sql);
    if ((rows[0]?.waiting ?? 0) > 0) return;
    await sleep(50);
  }
  throw new Error('no session waits for a lock');
}
