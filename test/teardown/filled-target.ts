// A target as generate leaves it: two tables that were there and one that we made, filled, keys set aside, one run.
import type pg from 'pg';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { insertChunk } from '../../postgres/chunk-ledger.ts';
import { claimTables } from '../../postgres/claim-tables.ts';
import { ensureMarker } from '../../postgres/marker.ts';
import { finishRun, startRun } from '../../postgres/marker-runs.ts';
import { setAside } from '../../postgres/set-aside.ts';
import type { TeardownOptions } from '../../teardown/teardown.ts';

// users and messages were there; drafts, with a reference to itself, is made by us.
export const setup = `
  create table public.users (id int primary key, email text);
  create index users_email on public.users (email);
  create table public."Mess.ages" (id int primary key, "userId" int references public.users (id));
  create table public.drafts (id serial primary key, previous int references public.drafts (id));
  create table public.unrelated (id int);
  insert into public.unrelated values (1), (2);`;

export const run = {
  runId: 'run-1',
  planId: 'a'.repeat(64),
  seed: 's',
  band: 'dev',
  specName: 'chat',
  toolVersion: 'shapecast 0',
};

/** What generate leaves: claimed tables with rows, keys set aside, chunks, a run that is over. */
export async function fill(client: pg.Client): Promise<void> {
  const ours = (await readCatalog(client)).tables.filter((table) => table.name !== 'unrelated');
  await ensureMarker(client);
  await claimTables(
    client,
    ours.map((table) => ({ table, origin: table.name === 'drafts' ? 'created' : 'found' })),
  );
  await startRun(client, run);
  await setAside(client, ours);
  await client.query(`
    insert into public.users select i, 'u' || i from generate_series(1, 5) i;
    insert into public."Mess.ages" select i, i from generate_series(1, 3) i;
    insert into public.drafts select i, null from generate_series(1, 4) i`);
  const ledger = { planId: run.planId, chunk: 0, bytes: 1, contentHash: '0'.repeat(16), blockDigests: Buffer.alloc(32) };
  await insertChunk(client, { ...ledger, table: 'public.users', rows: 5 });
  await insertChunk(client, { ...ledger, table: 'public."Mess.ages"', rows: 3 });
  await insertChunk(client, { ...ledger, table: 'public.drafts', rows: 4 });
  await finishRun(client, run.runId, 'completed');
}

/** Relations, keys, indexes, comments and rows of the whole database. */
export async function readState(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(`
    select concat_ws(' ', 'relation', c.oid::regclass, c.relkind, obj_description(c.oid, 'pg_class')) as line
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where nspname in ('public', 'shapecast')
    union all
    select concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
    from pg_constraint where conrelid <> 0 and connamespace = 'public'::regnamespace
    union all select 'schema ' || nspname from pg_namespace where nspname !~ '^pg_'
    order by 1`);
  const counts: string[] = [];
  for (const { line } of rows) {
    const table = /^relation (\S+) r/.exec(line)?.[1];
    if (table === undefined) continue;
    const { rows: counted } = await client.query<{ rows: string }>(`select count(*)::text as rows from ${table}`);
    counts.push(`${table} ${counted[0]?.rows}`);
  }
  return [...rows.map((row) => row.line), ...counts];
}

export interface Attempt {
  readonly lines: string[];
  readonly asked: string[];
  readonly options: TeardownOptions;
}

export function attempt(url: string, change: Partial<TeardownOptions> = {}): Attempt {
  const lines: string[] = [];
  const asked: string[] = [];
  const confirm = async (text: string) => {
    asked.push(text);
    return true;
  };
  const print = (line: string) => void lines.push(line);
  return { lines, asked, options: { url, dryRun: false, force: false, confirm, print, environment: {}, ...change } };
}
