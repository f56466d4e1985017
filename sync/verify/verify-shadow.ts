// verify-shadow: whether a shadow is what its rules say, and whether anything of production is left in it. Four stages, what is cheap
// first; the first stage that finds something ends the run, unless all are asked for. The shadow is only read.

import type pg from 'pg';
import { ShapecastError } from '../../core/errors.ts';
import type { Progress } from '../../core/progress.ts';
import { describeServer } from '../../postgres/connect.ts';
import { openSnapshot } from '../../postgres/read-only-snapshot.ts';
import { readShadowRun, type ShadowRun } from '../../postgres/shadow-marker.ts';
import { refuseUnsafeTarget } from '../../postgres/target-guard.ts';
import type { ShadowDigests } from '../../spec/shadow-digests.ts';
import {
  type ShadowVerification,
  VERIFICATION_FORMAT,
  VERIFICATION_STAGES,
  type VerificationStage,
} from '../../spec/shadow-verification.ts';
import type { SyncRules } from '../../spec/sync-rules.ts';
import { listComparable } from '../digests/comparable-columns.ts';
import { readMaskedCatalog } from '../read-masked-catalog.ts';
import { checkForms } from './check-forms.ts';
import { checkStructure } from './check-structure.ts';
import { createOutcome, type Outcome } from './outcome.ts';
import { planShadow, type ShadowPlan } from './plan-shadow.ts';
import { listUnreadBytes, scanValues } from './scan-values.ts';
import { findSurvivors } from './survivors/find-survivors.ts';
import { digestReference, type Reference, sourceReference } from './survivors/reference.ts';

export interface VerifyOptions {
  readonly shadowUrl: string;
  /** null: without the source at hand. */
  readonly sourceUrl: string | null;
  /** Whether a database that the shadow was not made from is taken as the source. */
  readonly takesOtherSource: boolean;
  /** The digest set of a run of sync, or null where there is none. Asked without a source only. */
  readonly findDigests: (runId: string) => ShadowDigests | null;
  /** MASKING_KEY; null where it is not given. */
  readonly key: Uint8Array | null;
  /** False: survivors are not looked for, on demand. */
  readonly isCompared: boolean;
  readonly rules: SyncRules;
  /** SHA-256 of the rules file, hex. */
  readonly rulesSha256: string;
  /** Goes on after a stage that found something. */
  readonly runsAllStages: boolean;
  /** Milliseconds per statement, of both servers; 0: no limit. */
  readonly statementTimeoutMs: number;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly startProgress: (label: string, total: number, unit: string) => Progress;
}

const LOCK_TIMEOUT_MS = 30_000;

/** Reads the shadow, and the source where it is given. Throws every refusal before a row is read; findings are in the result. */
export async function verifyShadow(options: VerifyOptions): Promise<ShadowVerification> {
  return withShadow(options, async (shadow) => {
    const run = await requireCompleteShadow(shadow);
    const reference = await chooseReference(shadow, run, options);
    const plan = planShadow(await readMaskedCatalog(shadow), options.rules);
    const outcome = createOutcome(options.rules);
    if (run.rulesSha256 !== options.rulesSha256) outcome.addOtherRules();
    if (reference?.kind === 'source' && run.sourceSha256 === null) outcome.addUnchecked([UNKNOWN_SOURCE]);
    const work: Work = { shadow, plan, reference, outcome, unproven: new Map(), options };
    for (const stage of VERIFICATION_STAGES) {
      if (!options.runsAllStages && outcome.hasFailedStage()) outcome.skip(stage);
      else await STAGES[stage](work);
    }
    return {
      format: VERIFICATION_FORMAT,
      version: 1,
      shadow: describeServer(options.shadowUrl),
      runId: run.runId,
      rulesSha256: run.rulesSha256,
      comparedWith: reference?.kind ?? 'nothing',
      tables: plan.tables.length + plan.empty.length,
      columns: plan.tables.reduce((sum, { columns }) => sum + columns.length, 0),
      ...outcome.result(),
    };
  });
}

/** Runs the action on the shadow in a snapshot that can only read. Throws PRODUCTION_REFUSED, HOST_REFUSED, INTERRUPTED and what connecting throws. */
export async function withShadow<Result>(
  options: Pick<VerifyOptions, 'shadowUrl' | 'environment' | 'signal' | 'statementTimeoutMs'>,
  action: (shadow: pg.Client) => Promise<Result>,
): Promise<Result> {
  refuseUnsafeTarget('verify-shadow', options.shadowUrl, options.environment);
  const { statementTimeoutMs, signal } = options;
  const settings = { applicationName: 'shapecast verify-shadow', lockTimeoutMs: LOCK_TIMEOUT_MS, readers: 1 };
  const snapshot = await openSnapshot(options.shadowUrl, { ...settings, statementTimeoutMs, signal });
  try {
    const [shadow] = snapshot.clients;
    if (shadow === undefined) throw new ShapecastError('BUG', { what: 'a snapshot without a connection' });
    return await action(shadow);
  } catch (error) {
    if (signal.aborted) throw new ShapecastError('INTERRUPTED', { what: 'verify-shadow' });
    throw error;
  } finally {
    await snapshot.close();
  }
}

/** The run that made it. Throws SHADOW_NOT_COMPLETE. */
export async function requireCompleteShadow(shadow: pg.Client): Promise<ShadowRun> {
  const run = await readShadowRun(shadow);
  if (run === null) throw new ShapecastError('SHADOW_NOT_COMPLETE', { reason: 'it carries no mark of sync' });
  if (!run.isComplete) throw new ShapecastError('SHADOW_NOT_COMPLETE', { reason: 'a sync is running or was cut off' });
  return run;
}

const UNKNOWN_SOURCE = {
  stage: 'survivors',
  table: 'shapecast.shadow',
  column: null,
  rule: null,
  why: 'whether the source is the one that it was made from is not known: an older version made it',
} as const;

/** Null on demand alone. Throws SHADOW_NOT_COMPARABLE, SHADOW_KEY_DIFFERS and what a source is refused for. */
async function chooseReference(
  shadow: pg.Client,
  { runId, sourceSha256 }: ShadowRun,
  options: VerifyOptions,
): Promise<Reference | null> {
  if (!options.isCompared) return null;
  if (options.sourceUrl !== null) return sourceReference(shadow, { ...options, url: options.sourceUrl, sourceSha256 });
  const digests = options.findDigests(runId);
  if (digests === null) throw new ShapecastError('SHADOW_NOT_COMPARABLE', { reason: missingDigests(runId) });
  if (digests.runId !== runId)
    throw new ShapecastError('SHADOW_NOT_COMPARABLE', {
      reason: `the digest set is of ${digests.runId}, and ${runId} made the shadow`,
    });
  if (options.key === null) throw new ShapecastError('SHADOW_NOT_COMPARABLE', { reason: 'MASKING_KEY is not given' });
  return digestReference(shadow, digests, options.key);
}

function missingDigests(runId: string): string {
  return `there is no digest set of ${runId} here; a sync leaves none without a MASKING_KEY (a random key serves one run) or with --no-digests, and it leaves its set in the folder of its own evidence log`;
}

interface Work {
  readonly shadow: pg.Client;
  readonly plan: ShadowPlan;
  readonly reference: Reference | null;
  readonly outcome: Outcome;
  /** By table, the columns with values that are not of their form. */
  readonly unproven: Map<string, ReadonlySet<string>>;
  readonly options: VerifyOptions;
}

const NONE: ReadonlySet<string> = new Set();

const STAGES: Readonly<Record<VerificationStage, (work: Work) => Promise<void>>> = {
  structure: async ({ shadow, plan, reference, outcome }) => {
    const { findings, notChecked } = await checkStructure(shadow, plan, (await reference?.keys()) ?? null);
    outcome.add('structure', findings);
    outcome.addUnchecked(notChecked);
  },
  forms: async ({ shadow, plan, outcome, unproven, options }) => {
    const progress = startCounted(options, 'forms', { total: estimateRows(plan), unit: 'rows' });
    for (const table of plan.tables) {
      const { findings, notChecked, rows } = await checkForms(shadow, table, progress);
      outcome.add(
        'forms',
        findings.map((finding) => ({ ...finding, finds: 'form' as const })),
      );
      outcome.addUnchecked(notChecked);
      unproven.set(table.key, new Set(findings.flatMap(({ column }) => column ?? [])));
      outcome.addRows(rows);
    }
    progress.finish();
    outcome.pass('forms');
  },
  detectors: async ({ shadow, plan, outcome, unproven, options }) => {
    const progress = startCounted(options, 'detectors', { total: estimateRows(plan), unit: 'rows' });
    for (const table of plan.tables) {
      outcome.add('detectors', await scanValues(shadow, { table, unproven: unproven.get(table.key) ?? NONE }, progress));
      outcome.addUnchecked(listUnreadBytes(table));
    }
    progress.finish();
    outcome.pass('detectors');
  },
  survivors: async ({ plan, reference, outcome, unproven, options }) => {
    if (reference === null) {
      outcome.skip('survivors');
      return;
    }
    const { comparable, notCompared } = listComparable(plan.tables, unproven);
    const unit = reference.kind === 'source' ? 'values of the source' : 'values of the shadow';
    const progress = startCounted(options, 'survivors', { total: estimateValues(comparable), unit });
    const found = findSurvivors(comparable, await reference.compare(comparable, progress));
    progress.finish();
    outcome.add(
      'survivors',
      found.findings.map((finding) => ({ ...finding, finds: 'survivor' as const })),
    );
    outcome.addUnchecked([...notCompared, ...found.notCompared]);
    outcome.addCompared(found.compared);
  },
};

function estimateRows({ tables }: ShadowPlan): number {
  return tables.reduce((sum, { estimatedRows }) => sum + Math.max(0, estimatedRows), 0);
}

function estimateValues(comparable: ReturnType<typeof listComparable>['comparable']): number {
  return comparable.reduce((sum, { table }) => sum + Math.max(0, table.estimatedRows), 0);
}

/** Estimates are wrong and columns without texts are passed over: the total at the end is what was done. */
function startCounted(
  { startProgress }: VerifyOptions,
  label: string,
  { total, unit }: { readonly total: number; readonly unit: string },
): Progress {
  const progress = startProgress(label, total, unit);
  let done = 0;
  const advance = (amount: number, current?: string) => {
    done += amount;
    progress.advance(amount, current);
  };
  return { advance, finish: () => progress.finish(done) };
}
