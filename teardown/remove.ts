// The removal, in one transaction: a server that goes away half way leaves the target as it was. Nothing here says CASCADE.
import type pg from 'pg';
import { formatTableKey, quoteIdentifier, quoteQualified } from '../core/identifiers.ts';
import { MARKER_SCHEMA } from '../postgres/marker-tables.ts';
import { inTransaction } from '../postgres/marker-transaction.ts';
import { makeRecordedLogged } from '../postgres/persistence.ts';
import { putBackOne } from '../postgres/put-back.ts';
import { runQuery } from '../postgres/query.ts';
import { dropCreated } from './drop-created.ts';
import { listPutBacks, onlyTable, planTeardown, type TeardownPlan, type TeardownTable } from './plan-teardown.ts';
import { splitByEmptying } from './split-by-emptying.ts';

/** What was done, with created objects that stay because something of the user's uses them. */
export interface Removal {
  readonly plan: TeardownPlan;
  readonly stillUsed: readonly string[];
}

/**
 * Locks the tables, plans again under the locks (`check` looks again and may refuse what changed meanwhile: nobody writes any
 * more, and what it throws rolls back), then removes. Returns the plan that was carried out; null when everything had gone by then.
 */
export async function removeAll(client: pg.Client, check: (plan: TeardownPlan) => Promise<void>): Promise<Removal | null> {
  return inTransaction(client, async () => {
    await runQuery(client, 'locking the marker', `select pg_advisory_xact_lock(hashtext('shapecast marker'))`);
    const seen = await planTeardown(client);
    if (seen === null) return null;
    await lockTables(client, [...seen.drop, ...seen.empty]);
    const plan = await planTeardown(client);
    if (plan === null) return null;
    await check(plan);
    // First, because no table can be truncated while one of ours refers to it.
    const stillUsed = await dropCreated(client, plan.drop, plan.objects);
    await emptyTables(client, plan);
    const staying = plan.empty.map((table) => table.oid);
    if (plan.markerTables.includes('tables')) await makeRecordedLogged(client, staying);
    for (const definition of listPutBacks(plan)) await putBackOne(client, definition);
    await dropMarker(client, plan);
    return { plan, stillUsed };
  });
}

async function lockTables(client: pg.Client, tables: readonly TeardownTable[]): Promise<void> {
  for (const table of tables) {
    await runQuery(client, `locking ${formatTableKey(table)}`, `lock table ${onlyTable(table)} in access exclusive mode`);
  }
}

async function emptyTables(client: pg.Client, plan: TeardownPlan): Promise<void> {
  const { truncate, remove } = splitByEmptying(plan.empty, plan.outsideReferences, await listReferences(client, plan.empty));
  if (truncate.length > 0) {
    await runQuery(client, 'emptying tables', `truncate ${truncate.map(onlyTable).join(', ')}`);
  }
  // One statement: foreign keys among the tables are checked at its end, so neither order nor a cycle matters.
  const [last, ...others] = remove;
  if (last === undefined) return;
  const parts = others.map((table, index) => `d${index} as (delete from ${onlyTable(table)})`);
  const before = parts.length === 0 ? '' : `with ${parts.join(', ')} `;
  await runQuery(client, 'deleting rows', `${before}delete from ${onlyTable(last)}`);
}

/** Which of the tables refers to which, by foreign key; partitions count as their parent. */
async function listReferences(
  client: pg.Client,
  tables: readonly TeardownTable[],
): Promise<{ readonly from: number; readonly to: number }[]> {
  return runQuery<{ from: number; to: number }>(
    client,
    'reading foreign keys',
    `with ours as (
       select t.oid, t.oid as top from unnest($1::oid[]) as t(oid)
       union
       select p.relid, t.oid from unnest($1::oid[]) as t(oid), pg_partition_tree(t.oid) as p
     )
     select distinct f.top::int8::float8 as "from", t.top::int8::float8 as "to"
     from pg_constraint k
     join ours f on f.oid = k.conrelid
     join ours t on t.oid = k.confrelid
     where k.contype = 'f'`,
    [tables.map((table) => table.oid)],
  );
}

async function dropMarker(client: pg.Client, plan: TeardownPlan): Promise<void> {
  const tables = plan.markerTables.map((name) => quoteQualified({ schema: MARKER_SCHEMA, name }));
  if (tables.length > 0) await runQuery(client, 'dropping the marker', `drop table ${tables.join(', ')}`);
  if (plan.kept.length > 0) return;
  await runQuery(client, 'dropping the marker', `drop schema ${quoteIdentifier(MARKER_SCHEMA)}`);
}
