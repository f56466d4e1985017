// What a session with a source can tell besides its rows: whether it is encrypted, how large the database is, and what no table holds.
import type pg from 'pg';
import { runQuery } from './query.ts';

const sql = `
select
  coalesce((select ssl from pg_catalog.pg_stat_ssl where pid = pg_catalog.pg_backend_pid()), false) as "isEncrypted",
  (select version from pg_catalog.pg_stat_ssl where pid = pg_catalog.pg_backend_pid()) as "tlsVersion",
  pg_catalog.pg_database_size(pg_catalog.current_database())::float8 as "sizeBytes",
  (select count(*)::int from pg_catalog.pg_largeobject_metadata) as "largeObjects"`;

export interface SessionFacts {
  readonly isEncrypted: boolean;
  /** TLSv1.3, ...; null without TLS. */
  readonly tlsVersion: string | null;
  readonly sizeBytes: number;
  readonly largeObjects: number;
}

/** Every role that may connect may ask. */
export async function readSessionFacts(client: pg.ClientBase): Promise<SessionFacts> {
  const [facts] = await runQuery<SessionFacts>(client, 'reading the session', sql);
  return facts ?? { isEncrypted: false, tlsVersion: null, sizeBytes: 0, largeObjects: 0 };
}
