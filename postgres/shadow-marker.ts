// The mark of a shadow, a database that sync made and may replace: the row of shapecast.shadow, and the database's comment for people.
// States: (none) -> running -> complete -> running ... Emptying and `running` are one transaction, so a database is either as it
// was or marked incomplete; only a whole copy with its keys is marked complete.
import type pg from 'pg';
import { quoteIdentifier } from '../core/identifiers.ts';
import { MARKER_COMMENT } from './marker-tables.ts';
import { inTransaction } from './marker-transaction.ts';
import { runQuery } from './query.ts';

export interface ShadowRun {
  readonly runId: string;
  readonly toolVersion: string;
  /** SHA-256 of the rules file, hex. */
  readonly rulesSha256: string;
  /** The commit that holds the rules, hex; null: none does. */
  readonly rulesCommit: string | null;
  /** What identifies the source, a SHA-256 (readIdentitySha256); null: an older mark, which does not say. */
  readonly sourceSha256: string | null;
}

export type ShadowState = 'none' | 'running' | 'complete';

/** Whether sync made the database, and whether it finished. A schema of that name that is not ours counts as none. */
export async function readShadowState(client: pg.Client): Promise<ShadowState> {
  const [found] = await runQuery<{ isOurs: boolean }>(
    client,
    'looking for the marker',
    `select coalesce(obj_description(to_regnamespace('shapecast')::oid, 'pg_namespace') = $1, false)
       and to_regclass('shapecast.shadow') is not null as "isOurs"`,
    [MARKER_COMMENT],
  );
  if (found?.isOurs !== true) return 'none';
  const [run] = await runQuery<{ state: ShadowState }>(client, 'reading the marker', 'select state from shapecast.shadow');
  // Between its table and its row nothing commits; somebody has emptied it.
  return run?.state === 'complete' ? 'complete' : 'running';
}

/** The run that made the shadow, or is making it. Null where sync made none. */
export async function readShadowRun(client: pg.Client): Promise<(ShadowRun & { readonly isComplete: boolean }) | null> {
  if ((await readShadowState(client)) === 'none') return null;
  const [run] = await runQuery<ShadowRun & { readonly isComplete: boolean }>(
    client,
    'reading the marker',
    // Older marks have no such column.
    `select run_id as "runId", tool_version as "toolVersion", rules_sha256 as "rulesSha256", state = 'complete' as "isComplete",
       to_jsonb(mark) ->> 'source_sha256' as "sourceSha256"
     from shapecast.shadow as mark`,
  );
  return run ?? null;
}

/** Removes everything from the database and marks it running, all or nothing. */
export async function beginShadow(client: pg.Client, run: ShadowRun): Promise<void> {
  await inTransaction(client, async () => {
    await commentDatabase(client, 'shapecast shadow: INCOMPLETE, a sync is running or was cut off; do not use');
    await runQuery(client, 'quieting notices', 'set local client_min_messages = warning');
    for (const statement of await listDrops(client)) await runQuery(client, 'emptying the shadow', statement);
    for (const statement of ['create schema public', ...SHADOW_MARKER_SQL])
      await runQuery(client, 'marking the shadow', statement);
    await runQuery(
      client,
      'marking the shadow',
      `insert into shapecast.shadow (run_id, tool_version, rules_sha256, rules_commit, source_sha256, state)
       values ($1, $2, $3, $4, $5, 'running')`,
      [run.runId, run.toolVersion, run.rulesSha256, run.rulesCommit, run.sourceSha256],
    );
  });
}

/** Marks the shadow complete. */
export async function completeShadow(client: pg.Client): Promise<void> {
  await inTransaction(client, async () => {
    await runQuery(client, 'marking the shadow', `update shapecast.shadow set state = 'complete', finished_at = now()`);
    await commentDatabase(client, 'shapecast shadow: complete, masked rows');
  });
}

/** Makes the marker's schema and table; a statement each. */
export const SHADOW_MARKER_SQL: readonly string[] = [
  'create schema shapecast',
  `comment on schema shapecast is '${MARKER_COMMENT}'`,
  `create table shapecast.shadow (
     run_id       text primary key,
     tool_version text not null,
     rules_sha256 text not null,
     rules_commit text,
     source_sha256 text,
     state        text not null check (state in ('running', 'complete')),
     started_at   timestamptz not null default now(),
     finished_at  timestamptz
   )`,
];

/** For people, inside a transaction. */
async function commentDatabase(client: pg.Client, comment: string): Promise<void> {
  const [database] = await runQuery<{ name: string }>(client, 'reading the database', 'select current_database() as name');
  await client.query('savepoint commenting');
  try {
    await client.query(`comment on database ${quoteIdentifier(database?.name ?? '')} is '${comment}'`);
  } catch {
    // The database's owner alone may comment; the row in shapecast.shadow says the same.
    await runQuery(client, 'marking the shadow', 'rollback to savepoint commenting');
  }
}

// What a dump makes again. Extensions go first, because their objects cannot be dropped by themselves.
async function listDrops(client: pg.Client): Promise<string[]> {
  const rows = await runQuery<{ statement: string }>(
    client,
    'listing what is in the shadow',
    `select format('drop event trigger %I', evtname) as statement, 1 as place from pg_event_trigger
     union all
     select format('drop publication %I', pubname), 2 from pg_publication
     union all
     select format('drop extension if exists %I cascade', extname), 3 from pg_extension where extname <> 'plpgsql'
     union all
     select format('drop foreign data wrapper if exists %I cascade', fdwname), 4 from pg_foreign_data_wrapper
     union all
     select format('drop schema if exists %I cascade', nspname), 5 from pg_namespace
     where nspname !~ '^pg_' and nspname <> 'information_schema'
     union all
     select format('select lo_unlink(%s)', oid), 6 from pg_largeobject_metadata
     order by place, statement`,
  );
  return rows.map(({ statement }) => statement);
}
