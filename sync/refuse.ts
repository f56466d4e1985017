// Every reason of sync's own to refuse two databases, before anything is changed. NODE_ENV and hosts are target-guard's.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { runQuery } from '../postgres/query.ts';
import { readShadowState } from '../postgres/shadow-marker.ts';
import type { SyncRules } from '../spec/sync-rules.ts';

interface Identity {
  readonly database: string;
  /** A server and its replicas share it. */
  readonly system: string;
}

const IDENTITY = `select current_database() as database, system_identifier::text as system from pg_control_system()`;

/** Throws SYNC_SAME_DATABASE when both connections reach one database, on a server or its replica. */
export async function refuseSameDatabase(source: pg.Client, shadow: pg.Client): Promise<void> {
  const [here] = await runQuery<Identity>(source, 'reading the identity of the source', IDENTITY);
  const [there] = await runQuery<Identity>(shadow, 'reading the identity of the shadow', IDENTITY);
  if (here === undefined || there === undefined) throw new ShapecastError('BUG', { what: 'a server without an identity' });
  if (here.system === there.system && here.database === there.database)
    throw new ShapecastError('SYNC_SAME_DATABASE', { database: there.database });
}

/** What a database, on a server or its replicas, is told by: the SHA-256 of the server's and its own name, hex. */
export async function readIdentitySha256(client: pg.Client): Promise<string> {
  const [found] = await runQuery<Identity>(client, 'reading the identity of the source', IDENTITY);
  if (found === undefined) throw new ShapecastError('BUG', { what: 'a server without an identity' });
  return createHash('sha256')
    .update(JSON.stringify([found.system, found.database]))
    .digest('hex');
}

/** Throws SYNC_SHADOW_UNMARKED for a database with tables that sync did not make, unless `replace` is its name, typed out. */
export async function refuseForeignShadow(shadow: pg.Client, replace: string | null): Promise<void> {
  const [found] = await runQuery<{ database: string; hasRelations: boolean }>(
    shadow,
    'looking into the shadow',
    `select
       current_database() as database,
       exists (
         select from pg_class c
         join pg_namespace n on n.oid = c.relnamespace
         where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
       ) as "hasRelations"`,
  );
  const database = found?.database ?? '';
  if (replace !== null && replace !== database) throw new ShapecastError('SYNC_REPLACE_MISMATCH', { database });
  if (found?.hasRelations !== true || replace === database) return;
  if ((await readShadowState(shadow)) === 'none') throw new ShapecastError('SYNC_SHADOW_UNMARKED', { database });
}

/** Throws SYNC_LARGE_OBJECTS unless the rules leave them behind. */
export async function refuseLargeObjects(source: pg.Client, rules: SyncRules): Promise<void> {
  if (rules.largeObjects === 'skip') return;
  const sql = 'select count(*)::int as count from pg_largeobject_metadata';
  const [found] = await runQuery<{ count: number }>(source, 'counting large objects', sql);
  const count = found?.count ?? 0;
  if (count > 0) throw new ShapecastError('SYNC_LARGE_OBJECTS', { count });
}

/** Throws SYNC_RUNNING while another sync holds the shadow; a killed one lets go within seconds. */
export async function claimShadow(shadow: pg.Client): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const sql = `select pg_try_advisory_lock(hashtext('shapecast sync')) as "isMine", current_database() as database`;
    const [lock] = await runQuery<{ isMine: boolean; database: string }>(shadow, 'claiming the shadow', sql);
    if (lock?.isMine === true) return;
    if (attempt === 19) throw new ShapecastError('SYNC_RUNNING', { database: lock?.database ?? '' });
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Ends what a killed run left at work in the shadow; the lock must be held. Sessions of other roles need more rights and are left. */
export async function endGhosts(shadow: pg.Client): Promise<void> {
  const sql = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and usename = current_user and application_name like 'shapecast sync%' and pid <> pg_backend_pid()`;
  await runQuery(shadow, 'ending the sessions of a killed run', sql);
}
