// pg_stat_database before and after a stage, and what its sessions wait for in between. Sessions hand in their counts at most once a
// second, so the last moments of a stage can be missing and those of what went before can be in.
import type pg from 'pg';
import { runQuery } from '../../postgres/query.ts';
import type { DatabaseFigures } from '../../spec/server-figures.ts';

export type DatabaseCounts = Readonly<Record<(typeof COUNTS)[number], number>>;

const COUNTS = [
  'xact_commit',
  'xact_rollback',
  'blks_hit',
  'blks_read',
  'tup_returned',
  'tup_fetched',
  'temp_files',
  'temp_bytes',
  'deadlocks',
] as const;

/** The counts until now. Throws QUERY_FAILED, CONNECT_FAILED. */
export async function readDatabaseCounts(client: pg.Client): Promise<DatabaseCounts> {
  const sql = `
    select
      ${COUNTS.map((name) => `${name}::float8`).join(',\n      ')}
    from pg_stat_database
    where datname = current_database()`;
  const [row] = await runQuery<DatabaseCounts & pg.QueryResultRow>(client, 'pg_stat_database', sql);
  if (row === undefined) throw new RangeError('pg_stat_database lacks the current database');
  return row;
}

/** What happened between the two. Counts that were reset in between are told from their new beginning. */
export function subtractDatabaseCounts(before: DatabaseCounts, after: DatabaseCounts): DatabaseFigures {
  const wasReset = COUNTS.some((name) => after[name] < before[name]);
  const of = (name: (typeof COUNTS)[number]) => after[name] - (wasReset ? 0 : before[name]);
  const blocks = of('blks_hit') + of('blks_read');
  return {
    commits: of('xact_commit'),
    rollbacks: of('xact_rollback'),
    blocksHit: of('blks_hit'),
    blocksRead: of('blks_read'),
    cacheHitFraction: blocks === 0 ? null : of('blks_hit') / blocks,
    rowsReturned: of('tup_returned'),
    rowsFetched: of('tup_fetched'),
    temporaryFiles: of('temp_files'),
    temporaryBytes: of('temp_bytes'),
    deadlocks: of('deadlocks'),
  };
}

/** Sessions that work for a client of this database now, by the class of what they wait for; `running` for none. */
export async function readWaits(client: pg.Client): Promise<Record<string, number>> {
  const sql = `
    select
      coalesce(wait_event_type, 'running') as class,
      count(*)::int as sessions
    from pg_stat_activity
    where datname = current_database()
      and state = 'active'
      and backend_type in ('client backend', 'parallel worker')
      and pid <> pg_backend_pid()
    group by 1
    order by 1`;
  const rows = await runQuery<{ class: string; sessions: number }>(client, 'pg_stat_activity', sql);
  return Object.fromEntries(rows.map((row) => [row.class, row.sessions]));
}
