// What a standby does with a snapshot that lasts: how far it is behind, and who gives way when replay and a reader meet.
import type pg from 'pg';
import { runQuery } from './query.ts';

const sql = `
select
  pg_catalog.pg_is_in_recovery() as "isReplica",
  pg_catalog.current_setting('hot_standby_feedback')::bool as "hotStandbyFeedback",
  -- milliseconds in pg_settings, whatever unit it was given in
  (select setting::float8 from pg_catalog.pg_settings where name = 'max_standby_streaming_delay') as "maxStandbyStreamingDelayMs",
  case when pg_catalog.pg_is_in_recovery() then
    pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn())::float8
  end as "lagBytes",
  case
    when not pg_catalog.pg_is_in_recovery() then null
    -- all that came is replayed: a primary at rest is no lag
    when pg_catalog.pg_last_wal_receive_lsn() = pg_catalog.pg_last_wal_replay_lsn() then 0
    else extract(epoch from pg_catalog.clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp())::float8
  end as "lagSeconds"`;

export interface Standby {
  readonly isReplica: boolean;
  readonly hotStandbyFeedback: boolean;
  /** -1: replay waits for readers without end. */
  readonly maxStandbyStreamingDelayMs: number;
  /** Received and not yet replayed; null on a primary, or where nothing is streamed. */
  readonly lagBytes: number | null;
  /** Since the last replayed commit; null on a primary, or when nothing was ever replayed. */
  readonly lagSeconds: number | null;
}

/** The server's standby settings and lag; every role may ask. */
export async function readStandby(client: pg.ClientBase): Promise<Standby> {
  const [found] = await runQuery<Standby>(client, 'reading the standby settings', sql);
  return (
    found ?? { isReplica: false, hotStandbyFeedback: false, maxStandbyStreamingDelayMs: 0, lagBytes: null, lagSeconds: null }
  );
}

/**
 * Seconds after which the server may cancel a snapshot that stands in the way of replay; null when it waits, or when feedback keeps
 * the primary from removing what the snapshot needs (locks of the primary, such as an ALTER TABLE, may still cancel it).
 */
export function cancelsAfterSeconds({ isReplica, hotStandbyFeedback, maxStandbyStreamingDelayMs }: Standby): number | null {
  if (!isReplica || hotStandbyFeedback || maxStandbyStreamingDelayMs < 0) return null;
  return maxStandbyStreamingDelayMs / 1000;
}
