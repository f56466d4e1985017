// The door of teardown: removes what shapecast put into a target, and nothing else. The marker says what that is.
import type pg from 'pg';
import { z } from 'zod';
import { ShapecastError } from '../core/errors.ts';
import { cancelOnAbort } from '../postgres/cancel-on-abort.ts';
import { connect, describeServer } from '../postgres/connect.ts';
import { runQuery } from '../postgres/query.ts';
import { refuseUnsafeTarget } from '../postgres/target-guard.ts';
import type { TeardownResult } from '../spec/teardown-result.ts';
import { DATASET_LIFE_DAYS, readAge } from './dataset-age.ts';
import { describePlan } from './describe-plan.ts';
import { emptyResult, resultOfPlan } from './describe-result.ts';
import { dropDatabase, isEmptyDatabase, isOwnDatabase } from './own-database.ts';
import { countRows, planTeardown, type TeardownPlan } from './plan-teardown.ts';
import { askWhatIsLeft, refuseIncomplete } from './prove.ts';
import { refuseTeardown } from './refuse.ts';
import { type Removal, removeAll } from './remove.ts';
import { findRunFiles, removeRunFiles } from './run-files.ts';

export interface TeardownOptions {
  /** Empty: libpq's environment. */
  readonly url: string;
  /** Lists and refuses as usual, removes nothing. */
  readonly dryRun: boolean;
  /** For emergencies: goes on although a run is marked running or rows were added, and shows estimates instead of counting. */
  readonly force: boolean;
  /** Removes only rows older than the life of a dataset, 30 days. Default false. */
  readonly expired?: boolean;
  /** Folders whose reports and run records of the removed runs go too. Default none. */
  readonly fileFolders?: readonly string[];
  /** Also drops the database, when shapecast made it and nothing else is in it. Default false. */
  readonly database?: boolean;
  /** Asks a person; --no-confirm passes a function that says yes. */
  readonly confirm: (text: string) => Promise<boolean>;
  readonly print: (line: string) => void;
  /** Told what was found and done: once the removal is committed (`incomplete`, without a proof yet), once it is proven, and at the end of every outcome. */
  readonly onResult?: (result: TeardownResult) => void;
  readonly environment?: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C: what is not committed is rolled back. */
  readonly signal?: AbortSignal;
}

/** nothing: no marker. planned: dry run. declined: the person said no. young: --expired, and not yet. removed: done and proven. */
export type TeardownOutcome = Exclude<TeardownResult['outcome'], 'incomplete'>;

const LOCK_TIMEOUT_MS = 30_000;

/**
 * Lists, refuses, asks, removes in one transaction, proves. Safe to repeat. Throws PRODUCTION_REFUSED, HOST_REFUSED,
 * MARKER_FOREIGN, the codes TEARDOWN_* and those of a failing server or file.
 */
export async function teardown(options: TeardownOptions): Promise<TeardownOutcome> {
  refuseUnsafeTarget('teardown', options.url, options.environment ?? process.env);
  const client = await connect(options.url, { applicationName: 'shapecast teardown', lockTimeoutMs: LOCK_TIMEOUT_MS });
  let result: TeardownResult;
  try {
    result = await cancelOnAbort({ client, url: options.url, signal: options.signal, what: 'teardown' }, () =>
      teardownWith(client, options),
    );
  } finally {
    await client.end();
  }
  if (result.database === 'drop' && (result.outcome === 'removed' || result.outcome === 'nothing')) {
    const name = client.database ?? '';
    // Other sessions can keep it; what was done and proven until here is told all the same.
    options.onResult?.(result);
    await dropDatabase(options.url, name);
    options.print(`[Teardown] ✓ database ${name}: dropped`);
    result = { ...result, database: 'dropped' };
  }
  options.onResult?.(result);
  if (result.outcome === 'incomplete') refuseIncomplete({ answers: result.proof, liveTuples: [] });
  return result.outcome === 'incomplete' ? 'removed' : result.outcome;
}

async function teardownWith(client: pg.Client, options: TeardownOptions): Promise<TeardownResult> {
  const { print } = options;
  const target = describeServer(options.url);
  const plan = await planTeardown(client);
  if (plan === null) {
    print(`[Teardown] nothing of shapecast's is here: ${target}`);
    const database = await settleDatabase(client, await judgeDatabase(client, options), options);
    return { ...emptyResult(target, 'nothing'), database };
  }
  print(`[Teardown] Target: ${target}`);
  const age = await readAge(client, plan);
  if (options.expired === true && age === null) throw new ShapecastError('TEARDOWN_AGE_UNKNOWN', {});
  if (options.expired === true && age?.isExpired === false) {
    print(
      `[Teardown] not expired: made ${age.days} days ago, lives for ${DATASET_LIFE_DAYS}, until ${age.expiresAt}. Nothing was removed.`,
    );
    return { ...resultOfPlan({ target, plan, counted: new Map(), age }), outcome: 'young' };
  }
  const files = findRunFiles(options.fileFolders ?? [], plan.runIds);
  const counted = await countUnlessForced(client, plan, options);
  for (const line of describePlan(plan, counted)) print(`[Teardown]   ${line}`);
  for (const file of files) print(`[Teardown]   file      ${file}`);
  const found = { ...resultOfPlan({ target, plan, counted, age }), files, database: await judgeDatabase(client, options) };
  if (found.database === 'drop') print(`[Teardown]   drop      database ${client.database}, when nothing else is in it`);
  await refuseAfterCount(client, plan, counted, options);
  if (options.dryRun) {
    print('[Teardown] Dry run: nothing was removed.');
    return found;
  }
  if (!(await options.confirm(`Remove this from ${target}?`))) {
    print('[Teardown] Nothing was removed.');
    return { ...found, outcome: 'declined' };
  }
  return removeAndProve(client, found, options);
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

/** `drop`: it is ours. Whether it may go is settled when everything else is gone. */
async function judgeDatabase(client: pg.Client, { database, print }: TeardownOptions): Promise<TeardownResult['database']> {
  if (database !== true) return null;
  if (await isOwnDatabase(client)) return 'drop';
  print(`[Teardown]   keep      database ${client.database}: not made by shapecast`);
  return 'kept';
}

/** After the removal: a database with anything in it stays. */
async function settleDatabase(
  client: pg.Client,
  judged: TeardownResult['database'],
  { print }: TeardownOptions,
): Promise<TeardownResult['database']> {
  if (judged !== 'drop' || (await isEmptyDatabase(client))) return judged;
  print(`[Teardown]   kept database ${client.database}: something else is in it`);
  return 'kept';
}

async function removeAndProve(client: pg.Client, found: TeardownResult, options: TeardownOptions): Promise<TeardownResult> {
  const { print } = options;
  const done = await tellingOfLoss(found.target, async () => {
    // A person may take long to confirm: under the locks the rows are counted again, and a new one refuses everything.
    const removal = await removeAll(client, async (plan) =>
      refuseAfterCount(client, plan, await countUnlessForced(client, plan, options), options),
    );
    if (removal === null) return null;
    for (const name of removal.stillUsed) print(`[Teardown]   kept ${name}: something that shapecast did not make uses it`);
    options.onResult?.(resultOfRemoval(found, removal));
    return { removal, ...(await askWhatIsLeft(client, removal, print)) };
  });
  if (done === null) {
    print(`[Teardown] nothing of shapecast's is here any more`);
    return { ...found, outcome: 'nothing', files: [], database: await settleDatabase(client, found.database, options) };
  }
  const isComplete = done.answers.every(({ passed }) => passed);
  const proven: TeardownResult = {
    ...resultOfRemoval(found, done.removal),
    outcome: isComplete ? 'removed' : 'incomplete',
    proof: [...done.answers],
    liveTuples: [...done.liveTuples],
  };
  options.onResult?.(proven);
  removeRunFiles(found.files, found.runs);
  if (found.files.length > 0) print(`[Teardown] ✓ files of these runs (${found.files.length}): gone`);
  return { ...proven, files: found.files, database: await settleDatabase(client, found.database, options) };
}

/** As committed and not yet proven; no file is gone yet. */
function resultOfRemoval(found: TeardownResult, { plan, stillUsed }: Removal): TeardownResult {
  const counted = new Map([...found.drop, ...found.empty].flatMap(({ name, rows }) => (rows === null ? [] : [[name, rows]])));
  const { target, database } = found;
  const result = resultOfPlan({ target, plan, counted, age: found });
  return { ...result, outcome: 'incomplete', kept: [...plan.kept, ...stillUsed], database };
}

/** A connection that breaks leaves all or nothing: the error says what that means and what to do. */
async function tellingOfLoss<Result>(server: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (cause) {
    if (!(cause instanceof ShapecastError) || cause.code !== 'CONNECT_FAILED' || !('reason' in cause.data)) throw cause;
    throw new ShapecastError('TEARDOWN_CONNECTION_LOST', { server, reason: String(cause.data.reason) }, { cause });
  }
}

const writtenRow = z.strictObject({ table: z.string(), rows: z.number() });

/** Rows that the chunk ledger counts, by table key, over all runs. */
async function readWritten(client: pg.Client, plan: TeardownPlan): Promise<Map<string, number>> {
  if (!plan.markerTables.includes('chunks')) return new Map();
  const sql = 'select table_key as "table", sum(rows)::float8 as rows from shapecast.chunks group by table_key';
  const rows = z.array(writtenRow).parse(await runQuery(client, 'reading the chunk ledger', sql));
  return new Map(rows.map((row) => [row.table, row.rows]));
}
