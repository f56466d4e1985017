// The oldest server that we read from and write to: scanning a table in page ranges needs 14.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { runQuery } from './query.ts';

const OLDEST = 14;

/** The server's major version (14, 15, ...). Throws SERVER_TOO_OLD below 14. */
export async function readServerMajor(client: pg.ClientBase): Promise<number> {
  const sql = `select current_setting('server_version_num')::int / 10000 as major`;
  const [row] = await runQuery<{ major: number }>(client, 'reading the server version', sql);
  const version = row?.major ?? 0;
  if (version < OLDEST) throw new ShapecastError('SERVER_TOO_OLD', { version });
  return version;
}
