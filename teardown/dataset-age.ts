// How old a synthetic dataset is. Its life counts from its first run by the server's clock: a run that goes on later, or one that
// makes nothing new, does not lengthen it.
import type pg from 'pg';
import { runQuery } from '../postgres/query.ts';
import type { TeardownPlan } from './plan-teardown.ts';

/** docs/privacy.md: the access table. */
export const DATASET_LIFE_DAYS = 30;

export interface DatasetAge {
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly expiresAt: string;
  readonly days: number;
  readonly isExpired: boolean;
}

interface AgeRow {
  madeAt: string | null;
  expiresAt: string | null;
  days: number | null;
  isExpired: boolean | null;
}

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`;

/** null: the marker lists no run. */
export async function readAge(client: pg.Client, plan: TeardownPlan): Promise<DatasetAge | null> {
  if (!plan.markerTables.includes('runs')) return null;
  const [row] = await runQuery<AgeRow & pg.QueryResultRow>(
    client,
    'reading the age of the rows',
    `select to_char(made at time zone 'UTC', ${ISO}) as "madeAt",
            to_char(made at time zone 'UTC' + $1 * interval '1 day', ${ISO}) as "expiresAt",
            floor(extract(epoch from now() - made) / 86400)::float8 as days,
            now() >= made + $1 * interval '24 hours' as "isExpired"
     from (select min(started_at) as made from shapecast.runs) r`,
    [DATASET_LIFE_DAYS],
  );
  if (row === undefined || row.madeAt === null || row.expiresAt === null) return null;
  return { madeAt: row.madeAt, expiresAt: row.expiresAt, days: row.days ?? 0, isExpired: row.isExpired === true };
}
