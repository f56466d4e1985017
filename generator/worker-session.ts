// A worker's connection: ends with its process, and where foreign keys stay in place it loads as a replica does, without asking them.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { connect } from '../postgres/connect.ts';
import { endWithClient } from '../postgres/end-with-client.ts';
import { sqlStateOf, wrapQueryError } from '../postgres/query.ts';
import type { WorkerSession } from './work.ts';

/** Throws CONNECT_FAILED, and KEYS_IN_PLACE where the role may not load past foreign keys. */
export async function openWorkerSession(url: string, session: WorkerSession): Promise<pg.Client> {
  const client = await connect(url, { applicationName: session.name });
  try {
    await endWithClient(client);
    if (session.ignoresForeignKeys) await ignoreForeignKeys(client);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

/** Rows come in the order of their tables' sizes, so a child may be there before its parent. */
async function ignoreForeignKeys(client: pg.Client): Promise<void> {
  try {
    await client.query(`select pg_catalog.set_config('session_replication_role', 'replica', false)`);
  } catch (error) {
    if (sqlStateOf(error) === '42501') throw new ShapecastError('KEYS_IN_PLACE', {}, { cause: error });
    throw wrapQueryError(error, 'loading past foreign keys');
  }
}
