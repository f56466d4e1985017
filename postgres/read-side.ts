// One database as a side of the comparison: a read-only snapshot of it, in which a statement may fail without ending the rest.
import type pg from 'pg';
import { wrapQueryError } from './query.ts';
import { openSnapshot, type Snapshot } from './read-only-snapshot.ts';

export interface Side {
  readonly client: pg.Client;
  readonly serverMajor: number;
}

export interface SideOptions {
  readonly statementTimeoutMs: number;
  readonly signal?: AbortSignal;
  /** Default: shapecast compare. */
  readonly applicationName?: string;
}

const LOCK_TIMEOUT_MS = 5000;

/** Runs the action on a snapshot that can only read; names in queries are looked up as the database's own users do. */
export async function withSide<Result>(
  url: string,
  options: SideOptions,
  action: (side: Side) => Promise<Result>,
): Promise<Result> {
  const snapshot: Snapshot = await openSnapshot(url, {
    applicationName: 'shapecast compare',
    ...options,
    readers: 1,
    lockTimeoutMs: LOCK_TIMEOUT_MS,
  });
  try {
    const [client] = snapshot.clients;
    if (client === undefined) throw new RangeError('a snapshot without a connection');
    await client.query('reset search_path');
    return await action({ client, serverMajor: snapshot.serverMajor });
  } finally {
    await snapshot.close();
  }
}

/**
 * The rows of one statement; an error takes back to before it and is thrown as ours. The extended protocol takes one statement
 * only, and parameters travel apart from the text.
 */
export async function readRows<Row extends pg.QueryResultRow>(
  { client }: Side,
  what: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  try {
    await client.query('savepoint reading');
    try {
      // The driver's types do not know queryMode; without it a statement without parameters could be several.
      const query = { text: sql, values: [...values], queryMode: 'extended' };
      const { rows } = await client.query<Row>(query);
      await client.query('release savepoint reading');
      return rows;
    } catch (error) {
      await client.query('rollback to savepoint reading');
      throw error;
    }
  } catch (error) {
    throw wrapQueryError(error, what);
  }
}
