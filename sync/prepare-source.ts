// What a sync and a masked dump ask of the source before its first row: whatever can be refused is refused here, and the schema is read.

import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import type { Progress } from '../core/progress.ts';
import { type ClientTools, dumpSchema, findClientTools } from '../postgres/client-tools.ts';
import { holdTables, tellingFullLocks } from '../postgres/hold-tables.ts';
import type { Snapshot } from '../postgres/read-only-snapshot.ts';
import type { Side } from '../postgres/read-side.ts';
import { readStandby } from '../postgres/standby.ts';
import type { SyncRules } from '../spec/sync-rules.ts';
import { refuseUnkeepable } from './ask-source.ts';
import type { KeyedHash } from './masks/keyed-hash.ts';
import { planSync, type SyncPlan } from './plan-sync.ts';
import { readMaskedCatalog } from './read-masked-catalog.ts';
import { refuseLargeObjects } from './refuse.ts';
import { refuseUnreadable } from './refuse-unreadable.ts';
import { scanSchema } from './scan-schema.ts';
import { describeStandby } from './standby.ts';
import { countChosenRows, fixTime, type RowCounts, refuseUnfitFilters } from './subset/ask-filters.ts';
import { describeDecodable, findDecodable } from './warn-decodable.ts';

/** Of tables whose tokens may be read back, at the terminal. */
const MOST_NOTES = 5;

export interface SourceQuestions {
  readonly rules: SyncRules;
  readonly hash: KeyedHash;
  /** The folder of pg_dump and psql; null: the PATH. */
  readonly toolFolder: string | null;
  readonly log: (line: string) => void;
  readonly tell: (line: string) => void;
  /** False when the copy starts over, and the person knows it all. */
  readonly isFirst: boolean;
  readonly startProgress: (label: string, total: number, unit: string) => Progress;
}

export interface PlannedSource {
  readonly plan: SyncPlan;
  readonly counts: RowCounts;
  readonly tools: ClientTools;
  /** The snapshot's first connection. */
  readonly source: pg.Client;
}

/** Throws every refusal that rules, catalog, tools and large objects give. */
export async function planSource(snapshot: Snapshot, questions: SourceQuestions): Promise<PlannedSource> {
  const { hash, toolFolder, log } = questions;
  const [source] = snapshot.clients;
  if (source === undefined) throw new ShapecastError('BUG', { what: 'a snapshot without a connection' });
  await refuseLargeObjects(source, questions.rules);
  const tools = await findClientTools(toolFolder, snapshot.serverMajor);
  const standby = describeStandby(await readStandby(source));
  log(`source: PostgreSQL ${snapshot.serverMajor}; ${standby}; pg_dump ${tools.major}`);
  if (questions.isFirst) questions.tell(`note: ${standby}`);
  const side = { client: source, serverMajor: snapshot.serverMajor };
  const rules = await fixTime(side, questions.rules);
  const plan = planSync(await tellingFullLocks(() => readMaskedCatalog(source)), rules);
  tellDecodable(plan, questions);
  await refuseUnreadable(source, plan.empty);
  await tellingFullLocks(() => holdTables(snapshot.clients, plan.tables));
  await refuseUnfitFilters(side, plan.tables, rules);
  await refuseUnkeepable(side, plan.tables, hash);
  return { plan, counts: await countRows(side, plan, questions), tools, source };
}

/** All of them to the log, the first few to the person. */
function tellDecodable({ tables }: SyncPlan, { log, tell, isFirst }: SourceQuestions): void {
  const lines = findDecodable(tables).map(describeDecodable);
  for (const line of lines) log(`note: ${line}`);
  if (!isFirst) return;
  for (const line of lines.slice(0, MOST_NOTES)) tell(`note: ${line}`);
  if (lines.length > MOST_NOTES) tell(`note: the same of ${lines.length - MOST_NOTES} other tables; the log names them`);
}

async function countRows(side: Side, plan: SyncPlan, { log, startProgress }: SourceQuestions): Promise<RowCounts> {
  const filtered = plan.tables.filter(({ filter }) => filter !== null).length;
  if (filtered === 0) return countChosenRows(side, plan);
  log(`counting the rows that come of ${filtered} tables`);
  const progress = startProgress('count', filtered, 'tables');
  const counts = await countChosenRows(side, plan);
  progress.advance(filtered);
  progress.finish();
  return counts;
}

export interface SchemaQuestions {
  readonly url: string;
  readonly snapshotId: string;
  readonly signal: AbortSignal;
  readonly reviewedStrings: readonly string[];
}

export interface SchemaScripts {
  /** Fit for a database that has a schema public. */
  readonly preData: string;
  readonly postData: string;
}

/** The schema as SQL, after the scan of its literals. Throws SYNC_TOOL_FAILED, SYNC_SCHEMA_LITERALS, INTERRUPTED. */
export async function readSchema(tools: ClientTools, questions: SchemaQuestions): Promise<SchemaScripts> {
  const preData = await dumpSchema(tools, { ...questions, section: 'pre-data' });
  const postData = await dumpSchema(tools, { ...questions, section: 'post-data' });
  const problems = scanSchema(`${preData}\n${postData}`, questions.reviewedStrings);
  if (problems.length > 0) throw new ShapecastError('SYNC_SCHEMA_LITERALS', { problems });
  // The dump of a database whose public schema has another owner makes it, and ours is there.
  return { preData: preData.replace(/^CREATE SCHEMA public;$/m, 'CREATE SCHEMA IF NOT EXISTS public;'), postData };
}
