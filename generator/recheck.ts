// fingerprint: does a target still hold the rows of its run? Every table's content hash is computed by the server, in parallel, and held
// against the report or the chunk ledger; where they differ the rows are made again and those that differ are named.

import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { type Progress, silentProgress } from '../core/progress.ts';
import type { Catalog } from '../postgres/catalog/catalog.ts';
import { readCatalog } from '../postgres/catalog/read-catalog.ts';
import { connect, describeServer } from '../postgres/connect.ts';
import { formatContentHash } from '../postgres/content-hash.ts';
import { refuseUnsafeTarget } from '../postgres/target-guard.ts';
import type { Plan } from '../spec/plan.ts';
import type { Recheck, RecheckTable } from '../spec/recheck.ts';
import type { Report } from '../spec/report.ts';
import { type Expected, expectLedger, expectReport, NOTHING_EXPECTED } from './recheck/expected-tables.ts';
import { nameDifferences } from './recheck/name-rows.ts';
import { type Readers, withReaders } from './recheck/readers.ts';
import { type PlanRequest, rebuildPlan } from './recheck/rebuild-plan.ts';
import { sumByBucket } from './recheck/stored-hashes.ts';
import { type Choice, listSubjects, type Subject } from './recheck/subjects.ts';

export interface RecheckOptions extends Choice {
  readonly url: string;
  /** null: the target's own chunk ledger. */
  readonly report: Report | null;
  /** False: hashes are told and held against nothing. */
  readonly isCompared: boolean;
  /** How the run was asked for, so that rows can be named; null: only tables are. */
  readonly plan: PlanRequest | null;
  /** Connections that read at once. */
  readonly readers: number;
  readonly startProgress?: ((label: string, total: number, unit: string, quietMs?: number) => Progress) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly environment?: NodeJS.ProcessEnv | undefined;
}

/**
 * Recomputes and compares; it changes nothing. Throws PRODUCTION_REFUSED, HOST_REFUSED, FINGERPRINT_OTHER_PLAN,
 * FINGERPRINT_LEDGER_DIFFERS, FINGERPRINT_NO_TABLE, OPTION_INVALID (schema), INTERRUPTED and those of a failing server.
 */
export async function recheck(options: RecheckOptions): Promise<Recheck> {
  const { url, signal } = options;
  refuseUnsafeTarget('fingerprint', url, options.environment ?? process.env);
  const client = await connect(url, { applicationName: 'shapecast fingerprint' });
  try {
    const catalog = await readCatalog(client);
    const expected = await expectTables(client, options);
    const subjects = await listSubjects(client, catalog, expected, options);
    refuseEmptySchema(subjects, options);
    const tables = await withReaders({ url, count: options.readers, signal }, async (readers) => {
      const hashed = await hashSubjects(readers, subjects, options);
      const plan = await planOfDifferences({ client, catalog, expected, hashed }, options);
      return nameDifferences({ readers, subjects, hashed, plan }, options);
    });
    return describe(options, expected, tables);
  } finally {
    await client.end();
  }
}

/** Of no table every hash would be equal. */
function refuseEmptySchema(subjects: readonly Subject[], { schema }: RecheckOptions): void {
  if (schema === null || subjects.length > 0) return;
  throw new ShapecastError('OPTION_INVALID', { option: '--schema', reason: `no table to hash is in the schema ${schema}` });
}

async function expectTables(client: pg.Client, options: RecheckOptions): Promise<Expected> {
  if (!options.isCompared) return NOTHING_EXPECTED;
  if (options.report !== null) return expectReport(client, options.report);
  return (await expectLedger(client)) ?? NOTHING_EXPECTED;
}

async function hashSubjects(readers: Readers, subjects: readonly Subject[], options: RecheckOptions): Promise<RecheckTable[]> {
  const tables: RecheckTable[] = [];
  for (const subject of subjects) tables.push(await hashSubject(readers, subject, options));
  return tables;
}

async function hashSubject(readers: Readers, subject: Subject, options: RecheckOptions): Promise<RecheckTable> {
  const { key, expected, stored } = subject;
  const begin = (pages: number) => options.startProgress?.(`hashing ${key}`, pages, 'pages', 1000) ?? silentProgress;
  const sum = stored === null ? null : await sumByBucket(readers, stored, 0, begin);
  const found = sum === null ? null : formatContentHash(sum.total());
  const rowsFound = sum === null ? null : (sum.rows[0] ?? 0);
  const isEqual = expected !== null && found === expected.contentHash && rowsFound === expected.rows;
  return {
    name: key,
    rowsExpected: expected?.rows ?? null,
    rowsFound,
    expected: expected?.contentHash ?? null,
    found,
    notHashed: [...subject.notHashed],
    verdict: expected === null ? 'notCompared' : isEqual ? 'equal' : 'different',
    differences: null,
    reason: stored === null ? 'the table, or a column of the hash, is not in the target' : null,
  };
}

interface Comparison {
  readonly client: pg.Client;
  readonly catalog: Catalog;
  readonly expected: Expected;
  readonly hashed: readonly RecheckTable[];
}

/** The run's plan where a table differs and the spec is known. */
async function planOfDifferences(
  { client, catalog, expected, hashed }: Comparison,
  options: RecheckOptions,
): Promise<Plan | null> {
  const differs = hashed.some(({ verdict, found }) => verdict === 'different' && found !== null);
  if (!differs || options.plan === null) return null;
  const { startProgress, signal } = options;
  return rebuildPlan(client, catalog, { request: options.plan, expected }, { startProgress, signal });
}

function describe(options: RecheckOptions, expected: Expected, tables: RecheckTable[]): Recheck {
  const verdicts = tables.map(({ verdict }) => verdict);
  return {
    format: 'shapecast-fingerprint',
    version: 1,
    target: describeServer(options.url),
    against: { kind: expected.kind, planId: expected.planId, fingerprint: expected.fingerprint },
    tables,
    status: expected.kind === 'nothing' ? 'notCompared' : verdicts.includes('different') ? 'different' : 'equal',
  };
}
