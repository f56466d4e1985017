// sample: from a production database to a pack. Read the catalog, decide what to measure, measure in one snapshot, fold,
// and put the document together; nothing is written here.
import { randomBytes } from 'node:crypto';
import { type Progress, silentProgress } from '../core/progress.ts';
import type { Catalog } from '../postgres/catalog/catalog.ts';
import { readCatalog } from '../postgres/catalog/read-catalog.ts';
import { openSnapshot, type Snapshot } from '../postgres/read-only-snapshot.ts';
import type { Mapping } from '../spec/mapping.ts';
import type { Pack } from '../spec/pack.ts';
import type { Policy } from '../spec/policy.ts';
import { buildMapping } from './build-mapping.ts';
import { buildPack, releaseTables } from './build-pack.ts';
import { type Attribution, attributeTables } from './introspect/attribution.ts';
import { checkPolicy } from './introspect/check-policy.ts';
import { checkWindow } from './introspect/check-window.ts';
import { describeSource, type Source } from './introspect/source.ts';
import { describeSourceOfShape } from './introspect/source-of-shape.ts';
import type { CodeSeeds } from './measure/codes.ts';
import type { MeasuringContext } from './measure/measuring-context.ts';
import type { PairRule } from './measure/pairs/choose-pairs.ts';
import { type DistinctTimes, planDistinctTimes } from './measure/pairs/distinct-times.ts';
import { measurePairs, type PairRequest } from './measure/pairs/measure-pairs.ts';
import type { PairPass } from './measure/pairs/pair-pass.ts';
import { planPairs } from './measure/pairs/plan-pairs.ts';
import type { RangeOptions } from './measure/pass.ts';
import { passesOf, planMeasuring, type TablePlan } from './measure/plan.ts';
import { releaseRowCount } from './measure/release.ts';
import { measureRepeats } from './measure/repeats/measure-repeats.ts';
import { planRepeats, type RepeatPlan } from './measure/repeats/plan-repeats.ts';
import { keepRuleOf, type Window, windowOf } from './measure/window.ts';
import type { Tokeniser } from './protect/tokens.ts';
import { countPages, type MeasuredTable, measureTables, type RunOptions, runTasks, untilAborted } from './run-passes.ts';

export interface SampleOptions {
  /** The source; empty means libpq's environment. */
  readonly url: string;
  readonly policy: Policy;
  /** Whole days before the UTC day of `now`; null measures everything. */
  readonly windowDays: number | null;
  /** Connections that read at once, at least 1. */
  readonly readers: number;
  readonly statementTimeoutMs: number;
  readonly operator: string;
  readonly now: Date;
  readonly tokeniser: Tokeniser;
  /** Measure exactly this pack's axes, with nothing folded: for synthetic copies. */
  readonly shape?: Pack;
  /** Which pairs of axes are measured; default: the policy's, else `tree`. */
  readonly pairs?: 'none' | 'tree' | 'all';
  /** Fold nothing; the pack says that it guarantees nothing. */
  readonly withoutThreshold?: boolean;
  readonly startProgress?: (label: string, total: number, unit: string) => Progress;
  readonly signal?: AbortSignal;
  readonly warn?: (text: string) => void;
}

/** What tests fix and everybody else leaves alone. */
export interface SampleTuning {
  /** Default: random for the run, so that a code that reached a log means nothing. */
  readonly seeds?: CodeSeeds;
  /** Default: up to 64 ranges for tables over 256 pages. */
  readonly ranges?: RangeOptions;
}

const LOCK_TIMEOUT_MS = 5000;

/**
 * Measures the source in one read-only snapshot and returns the pack and its mapping. Reads the network, writes nothing.
 * Throws POLICY_MISMATCH, QUERY_FAILED, CONNECT_FAILED, SERVER_TOO_OLD, and INTERRUPTED at once when the signal aborts.
 */
export async function samplePack(options: SampleOptions, tuning: SampleTuning = {}): Promise<{ pack: Pack; mapping: Mapping }> {
  return withSnapshot(options, async (snapshot) => {
    if (!snapshot.isReplica && options.shape === undefined) options.warn?.(PRIMARY_WARNING);
    const catalog = await readSourceCatalog(snapshot, options);
    const decided = decide(catalog, options, tuning);
    const pages = countPages(decided.plans) + countLaterPages(decided);
    const progress = options.startProgress?.('sample', pages, 'pages') ?? silentProgress;
    const run = { snapshot, tokeniser: options.tokeniser, progress, signal: options.signal };
    const { measured, marginals, pairs } = await measureBoth(decided, options, run).finally(() => progress.finish());
    const pack = buildPack({
      ...decided,
      marginals,
      pairs,
      measured,
      snapshot,
      policy: options.policy,
      operator: options.operator,
      now: options.now,
    });
    return { pack, mapping: buildMapping(pack, options.tokeniser.keyId) };
  });
}

/** The marginals of one axis, and then the pairs, whose cuts come from them. */
async function measureBoth(decided: Decided, options: SampleOptions, run: RunOptions) {
  const measured = await measureTables(decided.plans, run);
  const released = releaseTables(measured, options.shape !== undefined);
  const marginals = await measureRepeats(decided.repeats, released, (tasks) => runTasks(tasks, run));
  const pairs = await measurePairs({
    rule: decided.pairRule,
    policy: options.policy,
    passes: decided.pairPasses,
    times: decided.times,
    shape: options.shape ?? null,
    released: { marginals, ...lookUps(measured) },
    run: (tasks) => runTasks(tasks, run),
  });
  return { measured, marginals, pairs };
}

function lookUps(measured: readonly MeasuredTable[]): Pick<PairRequest['released'], 'rowsOf' | 'labelsOf'> {
  const tables = new Map(measured.map((table) => [table.plan.source.key, table]));
  return {
    rowsOf(table) {
      const found = tables.get(table)?.rows;
      return found === undefined ? null : releaseRowCount(found.pass, found.counts);
    },
    labelsOf: (table, column) => tables.get(table)?.labels.get(column) ?? null,
  };
}

/** What is read after the first pass. */
function countLaterPages({ pairPasses, times, repeats }: Decided): number {
  return [...pairPasses.flatMap(({ statements }) => statements), ...times, ...repeats].reduce((sum, { pages }) => sum + pages, 0);
}

/** Every statement that samplePack would send, in order; reads the catalog, measures nothing. Throws like samplePack. */
export async function listStatements(options: SampleOptions, tuning: SampleTuning = {}): Promise<readonly string[]> {
  return withSnapshot(options, async (snapshot) => {
    const { plans, pairPasses, times, repeats } = decide(await readSourceCatalog(snapshot, options), options, tuning);
    const searches = plans.flatMap((plan) => plan.searches.map(({ sql }) => sql));
    const passes = plans.flatMap((plan) => passesOf(plan).flatMap(({ statements }) => statements.map(({ sql }) => sql)));
    const pairs = [...pairPasses.flatMap(({ statements }) => statements), ...times].map(({ sql }) => sql);
    return [
      ...openingStatements(options),
      ...searches,
      ...passes,
      ...repeats.map(({ sql }) => sql),
      ...pairs,
      '-- the connections are closed, which ends the transaction',
    ];
  });
}

const PRIMARY_WARNING =
  'The source is a primary server: a long read-only transaction holds back its vacuum. A replica is the better place.';

async function withSnapshot<T>(options: SampleOptions, action: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const { url, readers, statementTimeoutMs, signal } = options;
  const limits = { readers, statementTimeoutMs, lockTimeoutMs: LOCK_TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) };
  const snapshot = await openSnapshot(url, limits);
  try {
    return await action(snapshot);
  } finally {
    await snapshot.close();
  }
}

async function readSourceCatalog(snapshot: Snapshot, { policy, signal }: SampleOptions): Promise<Catalog> {
  const [client] = snapshot.clients;
  if (client === undefined) throw new RangeError('a snapshot has at least one connection');
  return untilAborted(signal, readCatalog(client, policy.schemas));
}

interface Decided {
  readonly source: Source;
  readonly attribution: Attribution;
  readonly window: Window | null;
  readonly hasThreshold: boolean;
  readonly plans: readonly TablePlan[];
  readonly pairRule: PairRule;
  readonly pairPasses: readonly PairPass[];
  readonly times: readonly DistinctTimes[];
  readonly repeats: readonly RepeatPlan[];
}

/** All that is settled before the first row is read. Pure apart from the random seeds. */
function decide(catalog: Catalog, options: SampleOptions, tuning: SampleTuning): Decided {
  const { policy, shape, readers } = options;
  checkPolicy(catalog, policy);
  const source = shape === undefined ? describeSource(catalog, policy) : describeSourceOfShape(catalog, shape);
  checkWindow(source, policy, options.windowDays);
  const attribution = attributeTables(source, policy);
  const window = windowOf(options.windowDays, options.now);
  const hasThreshold = shape === undefined && options.withoutThreshold !== true;
  const context: MeasuringContext = {
    source,
    policy,
    attribution,
    keep: keepRuleOf(source, policy, window),
    seeds: tuning.seeds ?? randomSeeds(),
    readers,
    shape: shape ?? null,
    hasThreshold,
    ...(tuning.ranges === undefined ? {} : { ranges: tuning.ranges }),
  };
  const pairRule = pairRuleOf(options);
  const pairPasses = pairRule === 'none' ? [] : planPairs(context);
  const times = pairRule === 'none' || shape !== undefined ? [] : planDistinctTimes(context);
  const repeats = planRepeats(context);
  return { source, attribution, window, hasThreshold, plans: planMeasuring(context), pairRule, pairPasses, times, repeats };
}

/** A copy is measured on the pairs of the pack; a person's flag goes before the policy. */
function pairRuleOf({ pairs, policy, shape }: SampleOptions): PairRule {
  if (shape !== undefined) return shape.pairs.rule;
  if (pairs !== undefined) return pairs;
  if (policy.pairs === undefined) return 'tree';
  return policy.pairs === 'none' ? 'none' : 'policy';
}

function randomSeeds(): CodeSeeds {
  return { label: randomSeed(), bucket: randomSeed() };
}

/** 62 bits, so that the number needs no sign. */
function randomSeed(): bigint {
  return randomBytes(8).readBigUInt64BE() >> 2n;
}

/** What postgres/read-only-snapshot.ts and postgres/catalog send before the first row is measured. */
function openingStatements({ readers, statementTimeoutMs }: SampleOptions): string[] {
  return [
    `-- on each of ${readers} connections`,
    `select set_config(name, value, false) /* time zone, text formats, statement_timeout ${statementTimeoutMs} ms, lock_timeout ${LOCK_TIMEOUT_MS} ms */`,
    '-- catalog: server version',
    'set idle_in_transaction_session_timeout = 0',
    'set transaction_timeout = 0 /* servers from 17 on */',
    "set client_connection_check_interval = '1s'",
    'begin transaction isolation level repeatable read, read only',
    'set local row_security = off',
    '-- on the first of them',
    'select pg_export_snapshot(), pg_is_in_recovery()',
    '-- on the others',
    "set transaction snapshot '...'",
    ...CATALOG_QUERIES.map((name) => `-- catalog: ${name}`),
  ];
}

const CATALOG_QUERIES = [
  'schemas',
  'tables',
  'columns',
  'estimates of distinct values',
  'keys',
  'foreign keys',
  'checks',
  'indexes',
  'partitions',
  'enums',
];
