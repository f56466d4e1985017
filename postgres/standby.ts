// What a standby does with a long snapshot: how far it is behind, how long replay waits, and whether the snapshot was cancelled after all.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { runQuery } from './query.ts';

export interface Standby {
  /** Whether it tells its primary to keep the rows that its snapshots see. */
  readonly hasFeedback: boolean;
  /** max_standby_streaming_delay, or the archive's where nothing streams: milliseconds, -1 for ever. */
  readonly maxDelayMs: number;
  readonly delaySetting: 'max_standby_streaming_delay' | 'max_standby_archive_delay';
  /** Received and not yet replayed; null where nothing is streamed. */
  readonly lagBytes: number | null;
  /** Since the last replayed commit, 0 when all that came is replayed; null when nothing was ever replayed. */
  readonly lagSeconds: number | null;
}

const SQL = `
select
  current_setting('hot_standby_feedback')::boolean as "hasFeedback",
  d.name as "delaySetting",
  -- in milliseconds, the unit of both
  d.setting::int as "maxDelayMs",
  pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::float8 as "lagBytes",
  case
    -- a primary at rest is no lag
    when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() then 0
    else extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8
  end as "lagSeconds"
from pg_settings d
where d.name = case
  when exists (select from pg_stat_wal_receiver) then 'max_standby_streaming_delay'
  else 'max_standby_archive_delay'
end
  and pg_is_in_recovery()`;

/** null: the server is no standby. Every role may ask. Throws QUERY_FAILED, CONNECT_FAILED. */
export async function readStandby(client: pg.ClientBase): Promise<Standby | null> {
  const [standby] = await runQuery<Standby>(client, 'reading how the standby replays', SQL);
  return standby ?? null;
}

export interface ConflictWatch {
  /** Whether the server has cancelled one of the sessions for replay, or does so within the milliseconds. */
  readonly happened: (graceMs: number) => Promise<boolean>;
}

// "conflict with recovery", while it works (ERROR) and while it idles (FATAL), and its form for a buffer that replay needs.
const CONFLICT_STATES: ReadonlySet<unknown> = new Set(['40001', '40P01']);

/**
 * Listens to sessions that only read by one snapshot of a standby, where these states mean nothing else. A COPY and an idle session hear of
 * it in ways of their own, so the messages themselves are watched.
 */
export function watchConflicts(clients: readonly pg.Client[]): ConflictWatch {
  let hasConflict = false;
  let tell = () => {};
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const onMessage = (message: unknown) => {
    if (typeof message !== 'object' || message === null || !CONFLICT_STATES.has(Reflect.get(message, 'code'))) return;
    hasConflict = true;
    tell();
  };
  for (const client of clients) listen(client, onMessage);
  return {
    happened: async (graceMs) => {
      if (hasConflict || graceMs === 0) return hasConflict;
      const late = new AbortController();
      await Promise.race([told, sleep(graceMs, undefined, { signal: late.signal }).catch(() => undefined)]);
      late.abort();
      return hasConflict;
    },
  };
}

/** The connection is not in the driver's types; its `errorMessage` is every error that the server sends. */
function listen(client: pg.Client, onMessage: (message: unknown) => void): void {
  const connection: unknown = Reflect.get(client, 'connection');
  if (typeof connection !== 'object' || connection === null || !('on' in connection) || typeof connection.on !== 'function')
    return;
  connection.on('errorMessage', onMessage);
}
