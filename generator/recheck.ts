// fingerprint: does a target still hold the rows of its run? Every table's content hash is computed by the server, in parallel, and held
// against the report or the chunk ledger; where they differ the rows are made again and those that differ are named.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { formatTableKey, parseTableKey } from '../core/identifiers.ts';
import { type Progress, silentProgress } from '../core/progress.ts';
import type { Catalog } from '../postgres/catalog/catalog.ts';
import { readCatalog } from '../postgres/catalog/read-catalog.ts';
import { connect, describeServer } from '../postgres/connect.ts';
import { formatContentHash } from '../postgres/content-hash.ts';
import { MARKER_SCHEMA } from '../postgres/marker-tables.ts';
import { refuseUnsafeTarget } from '../postgres/target-guard.ts';
import type { Plan } from '../spec/plan.ts';
import type { Recheck, RecheckTable } from '../spec/recheck.ts';
import type { Report } from '../spec/report.ts';
import { readConstantColumns } from './recheck/constant-columns.ts';
import { type Expected, type ExpectedTable, expectLedger, expectReport, NOTHING_EXPECTED } from './recheck/expected-tables.ts';
import { findDifferences } from './recheck/find-rows.ts';
import { MadeTables } from './recheck/made-hashes.ts';
import { type Readers, withReaders } from './recheck/readers.ts';
import { type PlanRequest, rebuildPlan } from './recheck/rebuild-plan.ts';
import { type StoredTable, sumByBucket } from './recheck/stored-hashes.ts';

export interface RecheckOptions {
  readonly url: string;
  /** Only tables of this schema; null: all. */
  readonly schema: string | null;
  /** Only these tables, by key; empty: all. */
  readonly only: readonly string[];
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

/** A table that is looked at, and what is known of it. */
interface Subject {
  readonly key: string;
  readonly expected: ExpectedTable | null;
  /** null: it, or a column of the hash, is not there. */
  readonly stored: StoredTable | null;
  readonly notHashed: readonly string[];
}

/**
 * Recomputes and compares; it changes nothing. Throws PRODUCTION_REFUSED, HOST_REFUSED, FINGERPRINT_OTHER_PLAN,
 * FINGERPRINT_LEDGER_DIFFERS, NAME_UNKNOWN, INTERRUPTED and those of a failing server.
 */
export async function recheck(options: RecheckOptions): Promise<Recheck> {
  const { url, signal } = options;
  refuseUnsafeTarget('fingerprint', url, options.environment ?? process.env);
  const client = await connect(url, { applicationName: 'shapecast fingerprint' });
  try {
    const catalog = await readCatalog(client);
    const expected = await expectTables(client, options);
    const subjects: Subject[] = [];
    for (const key of listKeys(catalog, expected, options)) subjects.push(await subjectOf(client, key, catalog, expected));
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

async function expectTables(client: pg.Client, options: RecheckOptions): Promise<Expected> {
  if (!options.isCompared) return NOTHING_EXPECTED;
  if (options.report !== null) return expectReport(client, options.report);
  return (await expectLedger(client)) ?? NOTHING_EXPECTED;
}

/** Tables that should be there, or all that are where nothing is known. Throws FINGERPRINT_NO_TABLE for one that is neither. */
function listKeys(catalog: Catalog, expected: Expected, { schema, only }: RecheckOptions): string[] {
  const there = catalog.tables.filter((table) => table.schema !== MARKER_SCHEMA).map(formatTableKey);
  const known = expected.kind === 'nothing' ? there : [...expected.tables.keys()];
  const unknown = only.find((key) => !known.includes(key));
  if (unknown !== undefined) throw new ShapecastError('FINGERPRINT_NO_TABLE', { table: unknown });
  return known
    .filter((key) => only.length === 0 || only.includes(key))
    .filter((key) => schema === null || parseTableKey(key).schema === schema);
}

async function subjectOf(client: pg.Client, key: string, catalog: Catalog, { tables }: Expected): Promise<Subject> {
  const table = catalog.tables.find((one) => formatTableKey(one) === key) ?? null;
  const expected = tables.get(key) ?? null;
  if (table === null) return { key, expected, stored: null, notHashed: [] };
  const { columns: names, constants: texts } = expected?.hashed ?? {
    columns: table.columns.filter((column) => !column.generated).map(({ name }) => name),
    constants: {},
  };
  const columns = names.flatMap((name) => table.columns.filter((column) => column.name === name));
  const constants = await readConstantColumns(client, table, texts);
  const isWhole = columns.length === names.length && constants.length === Object.keys(texts).length;
  return {
    key,
    expected,
    stored: isWhole ? { table, columns, constants } : null,
    notHashed: table.columns.map(({ name }) => name).filter((name) => !names.includes(name) && !Object.hasOwn(texts, name)),
  };
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

interface Naming {
  readonly readers: Readers;
  readonly subjects: readonly Subject[];
  readonly hashed: readonly RecheckTable[];
  readonly plan: Plan | null;
}

async function nameDifferences({ readers, subjects, hashed, plan }: Naming, options: RecheckOptions): Promise<RecheckTable[]> {
  const tables: RecheckTable[] = [];
  const made = plan === null ? null : new MadeTables(plan);
  for (const [index, table] of hashed.entries()) {
    const { stored = null, expected = null } = subjects[index] ?? {};
    if (table.verdict !== 'different' || stored === null) tables.push(table);
    else tables.push({ ...table, ...(await nameRows({ readers, made, key: table.name, stored, expected }, options)) });
  }
  return tables;
}

interface Place {
  readonly readers: Readers;
  readonly made: MadeTables | null;
  readonly key: string;
  readonly stored: StoredTable;
  readonly expected: ExpectedTable | null;
}

/** The rows of a table that differ, or why they cannot be named. */
async function nameRows(
  { readers, made, key, stored, expected }: Place,
  { startProgress, signal }: RecheckOptions,
): Promise<Pick<RecheckTable, 'differences' | 'reason'>> {
  const chunkBlocks = made?.plan.tables.find(({ name }) => name === key)?.chunkBlocks ?? 1;
  const rows = made?.table(key, (block) => expected?.chunks?.has(Math.floor(block / chunkBlocks)) ?? true) ?? null;
  if (rows === null) return { differences: null, reason: 'without the spec of the run (--spec) its rows cannot be made again' };
  const keyColumns = keyPositions(stored);
  const differences = await findDifferences({ readers, stored, made: rows, key: keyColumns, startProgress, signal });
  return { differences, reason: null };
}

/** Places of the key's columns among the hashed ones: of the primary key, else of a unique one; null where none is wholly hashed. */
function keyPositions({ table, columns }: StoredTable): number[] | null {
  const names = columns.map(({ name }) => name);
  const keys = [table.primaryKey, ...table.uniques].flatMap((key) => (key === null ? [] : [key.columns]));
  const key = keys.find((one) => one.every((column) => names.includes(column)));
  return key === undefined ? null : key.map((column) => names.indexOf(column));
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
