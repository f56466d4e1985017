// What a sync and a masked dump ask of the source before its first row: whatever can be refused is refused here, and the schema is read.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { readCatalog } from '../postgres/catalog/read-catalog.ts';
import { type ClientTools, dumpSchema, findClientTools } from '../postgres/client-tools.ts';
import type { Snapshot } from '../postgres/read-only-snapshot.ts';
import type { SyncRules } from '../spec/sync-rules.ts';
import { refuseUnkeepable } from './ask-source.ts';
import type { KeyedHash } from './masks/keyed-hash.ts';
import { planSync, type SyncPlan } from './plan-sync.ts';
import { refuseLargeObjects } from './refuse.ts';
import { refuseUnreadable } from './refuse-unreadable.ts';
import { scanSchema } from './scan-schema.ts';

export interface SourceQuestions {
  readonly rules: SyncRules;
  readonly hash: KeyedHash;
  /** The folder of pg_dump and psql; null: the PATH. */
  readonly toolFolder: string | null;
  readonly log: (line: string) => void;
}

export interface PlannedSource {
  readonly plan: SyncPlan;
  readonly tools: ClientTools;
  /** The snapshot's first connection. */
  readonly source: pg.Client;
}

/** Throws every refusal that rules, catalog, tools and large objects give. */
export async function planSource(snapshot: Snapshot, { rules, hash, toolFolder, log }: SourceQuestions): Promise<PlannedSource> {
  const [source] = snapshot.clients;
  if (source === undefined) throw new ShapecastError('BUG', { what: 'a snapshot without a connection' });
  await refuseLargeObjects(source, rules);
  const tools = await findClientTools(toolFolder, snapshot.serverMajor);
  log(
    `source: PostgreSQL ${snapshot.serverMajor}${snapshot.isReplica ? ', a replica' : ', not a replica'}; pg_dump ${tools.major}`,
  );
  const plan = planSync(await readCatalog(source), rules);
  await refuseUnreadable(source, plan.empty);
  await refuseUnkeepable({ client: source, serverMajor: snapshot.serverMajor }, plan.tables, hash);
  return { plan, tools, source };
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
