// The door of teardown: removes what shapecast put into a target, and nothing else. The marker says what that is.
import type pg from 'pg';
import { z } from 'zod';
import { connect, describeServer } from '../postgres/connect.ts';
import { runQuery } from '../postgres/query.ts';
import { refuseUnsafeTarget } from '../postgres/target-guard.ts';
import { describePlan } from './describe-plan.ts';
import { countRows, planTeardown, type TeardownPlan } from './plan-teardown.ts';
import { proveRemoval } from './prove.ts';
import { refuseTeardown } from './refuse.ts';
import { removeAll } from './remove.ts';

export interface TeardownOptions {
  /** Empty: libpq's environment. */
  readonly url: string;
  /** Lists and refuses as usual, removes nothing. */
  readonly dryRun: boolean;
  /** For emergencies: goes on although a run is marked running or rows were added, and shows estimates instead of counting. */
  readonly force: boolean;
  /** Asks a person; --no-confirm passes a function that says yes. */
  readonly confirm: (text: string) => Promise<boolean>;
  readonly print: (line: string) => void;
  readonly environment?: NodeJS.ProcessEnv;
}

/** nothing: no marker. planned: dry run. declined: the person said no. removed: done and proven. */
export type TeardownOutcome = 'nothing' | 'planned' | 'declined' | 'removed';

const LOCK_TIMEOUT_MS = 30_000;

/**
 * Lists, refuses, asks, removes in one transaction, proves. Safe to repeat. Throws PRODUCTION_REFUSED, HOST_REFUSED,
 * MARKER_FOREIGN, the codes TEARDOWN_* and those of a failing server.
 */
export async function teardown(options: TeardownOptions): Promise<TeardownOutcome> {
  refuseUnsafeTarget('teardown', options.url, options.environment ?? process.env);
  const client = await connect(options.url, { applicationName: 'shapecast teardown', lockTimeoutMs: LOCK_TIMEOUT_MS });
  try {
    return await teardownWith(client, options);
  } finally {
    await client.end();
  }
}

async function teardownWith(client: pg.Client, options: TeardownOptions): Promise<TeardownOutcome> {
  const server = describeServer(options.url);
  const plan = await planTeardown(client);
  if (plan === null) {
    options.print(`[Teardown] nothing of shapecast's is here: ${server}`);
    return 'nothing';
  }
  options.print(`[Teardown] Target: ${server}`);
  const counted = await countUnlessForced(client, plan, options);
  for (const line of describePlan(plan, counted)) options.print(`[Teardown]   ${line}`);
  await refuseAfterCount(client, plan, counted, options);
  if (options.dryRun) {
    options.print('[Teardown] Dry run: nothing was removed.');
    return 'planned';
  }
  if (!(await options.confirm(`Remove this from ${server}?`))) {
    options.print('[Teardown] Nothing was removed.');
    return 'declined';
  }
  return removeAndProve(client, options);
}

/** With --force added rows refuse nothing, so none are counted. */
async function countUnlessForced(
  client: pg.Client,
  plan: TeardownPlan,
  { force }: TeardownOptions,
): Promise<Map<string, number>> {
  return force ? new Map() : countRows(client, [...plan.drop, ...plan.empty]);
}

async function refuseAfterCount(
  client: pg.Client,
  plan: TeardownPlan,
  counted: ReadonlyMap<string, number>,
  options: TeardownOptions,
): Promise<void> {
  refuseTeardown({ plan, counted, written: await readWritten(client, plan) }, options);
}

async function removeAndProve(client: pg.Client, options: TeardownOptions): Promise<TeardownOutcome> {
  // A person may take long to confirm: under the locks the rows are counted again, and a new one refuses everything.
  const done = await removeAll(client, async (plan) =>
    refuseAfterCount(client, plan, await countUnlessForced(client, plan, options), options),
  );
  if (done === null) {
    options.print(`[Teardown] nothing of shapecast's is here any more`);
    return 'nothing';
  }
  for (const name of done.stillUsed) options.print(`[Teardown]   kept ${name}: something that shapecast did not make uses it`);
  await proveRemoval(client, done, options.print);
  return 'removed';
}

const writtenRow = z.strictObject({ table: z.string(), rows: z.number() });

/** Rows that the chunk ledger counts, by table key, over all runs. */
async function readWritten(client: pg.Client, plan: TeardownPlan): Promise<Map<string, number>> {
  if (!plan.markerTables.includes('chunks')) return new Map();
  const sql = 'select table_key as "table", sum(rows)::float8 as rows from shapecast.chunks group by table_key';
  const rows = z.array(writtenRow).parse(await runQuery(client, 'reading the chunk ledger', sql));
  return new Map(rows.map((row) => [row.table, row.rows]));
}
