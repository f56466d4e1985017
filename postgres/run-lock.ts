// Which runs are alive. Each holds a lock of its session as long as its process lives, and its other sessions bear its name: what is
// left of a run whose lock is free are backends that have not noticed, and they are ended before the next run reads the ledger.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { runQuery } from './query.ts';

const LOCK = `hashtext('shapecast run'), hashtext($1)`;
const LOOKS = 12;
const PAUSE_MS = 250;

/** The application name of a run's sessions; the server cuts names after 63 bytes. */
export function runSessionName(runId: string): string {
  return `shapecast generate ${runId}`.slice(0, 63);
}

/** Says to other sessions that this run lives, until the connection ends. */
export async function holdRunLock(client: pg.Client, runId: string): Promise<void> {
  await runQuery(client, 'marking the run as alive', `select pg_advisory_lock_shared(${LOCK})`, [runId]);
}

/**
 * Ends what is left of killed runs: sessions of runs that the marker has as running and whose process is gone. Waits some seconds for one that
 * the server still takes for alive, then leaves it alone: it may be a run on another machine.
 */
export async function endLeftovers(client: pg.Client): Promise<void> {
  const runs = await runQuery<{ runId: string }>(
    client,
    'looking for killed runs',
    `select run_id as "runId" from shapecast.runs where status = 'running'`,
  );
  for (const { runId } of runs) await endLeftoversOf(client, runId);
}

async function endLeftoversOf(client: pg.Client, runId: string): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    const [seen] = await runQuery<{ isDead: boolean; sessions: number }>(
      client,
      'looking for sessions of a killed run',
      `with dead as materialized (select pg_try_advisory_lock(${LOCK}) as yes),
            sessions as materialized (
              select pid from pg_stat_activity
              where datname = current_database() and application_name = $2 and pid <> pg_backend_pid() and usename = current_user
            ),
            ended as materialized (select pg_terminate_backend(pid) from sessions, dead where dead.yes),
            released as materialized (select pg_advisory_unlock(${LOCK}) from dead where dead.yes)
       select dead.yes as "isDead", (select count(*)::int from sessions) as sessions,
              (select count(*) from ended), (select count(*) from released)
       from dead`,
      [runId, runSessionName(runId)],
    );
    if (seen === undefined || (seen.isDead && seen.sessions === 0)) return;
    if (!seen.isDead && seen.sessions === 0) return;
    await sleep(PAUSE_MS);
  }
}
