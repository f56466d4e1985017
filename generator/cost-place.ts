// Where the rows of cost samples go: a schema of this session's own name, so that neither a schema of the user's nor another session is in the
// way. It lives in a transaction that is rolled back; temporary tables where no schema may be made.
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { runQuery } from '../postgres/query.ts';

/** The least work_mem, in kilobytes. */
export const LEAST_MEMORY = 64;
/** An estimate is not worth waiting for. */
const LOCK_MS = 2000;
const STATEMENT_MS = 30_000;

/** The place of the samples, and what the server does there. */
export interface CostPlace {
  readonly schema: string;
  readonly kind: 'temporary' | 'unlogged' | '';
  /** Logs nothing of tables that its transaction made. */
  readonly isMinimal: boolean;
  /** What the check of a foreign key may use. */
  readonly memoryKilobytes: number;
}

/** As keys and indexes are made, but each by one process: how many share one is for the estimate to say. Inside a transaction. Throws QUERY_FAILED. */
export async function prepareCostPlace(client: pg.Client, what: string, isUnlogged: boolean): Promise<CostPlace> {
  const [found] = await runQuery<{ mayMake: boolean; walLevel: string; memoryKilobytes: number; session: number }>(
    client,
    what,
    `select has_database_privilege(current_database(), 'CREATE') as "mayMake",
            current_setting('wal_level') as "walLevel",
            (select setting::float8 from pg_settings where name = 'maintenance_work_mem') as "memoryKilobytes",
            pg_backend_pid() as session,
            set_config('lock_timeout', $1, true),
            set_config('statement_timeout', $2, true),
            set_config('max_parallel_maintenance_workers', '0', true),
            set_config('max_parallel_workers_per_gather', '0', true)`,
    [String(LOCK_MS), String(STATEMENT_MS)],
  );
  const memoryKilobytes = found?.memoryKilobytes ?? LEAST_MEMORY;
  if (found?.mayMake !== true) return { schema: 'pg_temp', kind: 'temporary', isMinimal: false, memoryKilobytes };
  const schema = `shapecast_cost_${found.session}_${randomBytes(4).toString('hex')}`;
  await runQuery(client, what, `create schema ${schema}`);
  return {
    schema,
    kind: isUnlogged ? 'unlogged' : '',
    isMinimal: !isUnlogged && found.walLevel === 'minimal',
    memoryKilobytes,
  };
}
