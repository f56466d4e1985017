// What a check has found so far: findings by stage, those that the rules file excuses set apart, with their reasons.
import { formatTableKey } from '../../core/identifiers.ts';
import type {
  ComparedColumn,
  ShadowVerification,
  UncheckedColumn,
  VerificationFinding,
  VerificationStage,
} from '../../spec/shadow-verification.ts';
import type { ReviewableFinding, SyncRules } from '../../spec/sync-rules.ts';

type Found = VerificationFinding & { readonly finds?: ReviewableFinding };

export interface Outcome {
  /** The findings of a stage; without any it has passed so far. */
  add(stage: VerificationStage, findings: readonly Found[]): void;
  /** The shadow was made by other rules than those that it is checked by: structure fails, and the run goes on, for the other stages say what that means. */
  addOtherRules(): void;
  addUnchecked(columns: readonly UncheckedColumn[]): void;
  addCompared(columns: readonly ComparedColumn[]): void;
  addRows(rows: number): void;
  /** A stage that looked at nothing has passed. */
  pass(stage: VerificationStage): void;
  skip(stage: VerificationStage): void;
  /** Whether a stage found something that ends the run. */
  hasFailedStage(): boolean;
  result(): Pick<ShadowVerification, 'stages' | 'rows' | 'findings' | 'compared' | 'reviewed' | 'notChecked' | 'status'>;
}

/** An empty outcome; `rules` hold the reviews. */
export function createOutcome(rules: SyncRules): Outcome {
  const stages = new Map<VerificationStage, ShadowVerification['stages'][number]['status']>();
  const findings: VerificationFinding[] = [];
  const reviewed: ShadowVerification['reviewed'] = [];
  const notChecked: UncheckedColumn[] = [];
  const compared: ComparedColumn[] = [];
  let rows: number | null = null;
  const reasonOf = ({ table, column, finds }: Found) => {
    const review = column === null ? undefined : rules.tables[table]?.reviewed[column];
    return finds !== undefined && review?.finds.includes(finds) === true ? review.reason : null;
  };
  return {
    add(stage, found) {
      let hasFailed = stages.get(stage) === 'failed';
      for (const one of found) {
        const { finds: _, ...finding } = one;
        const reason = reasonOf(one);
        if (reason !== null) reviewed.push({ ...finding, reason });
        else {
          findings.push(finding);
          hasFailed = true;
        }
      }
      stages.set(stage, hasFailed ? 'failed' : 'passed');
    },
    addOtherRules() {
      const what = 'the shadow was made by other rules than these';
      findings.push({
        stage: 'structure',
        table: formatTableKey({ schema: 'shapecast', name: 'shadow' }),
        column: null,
        rule: null,
        what,
        count: null,
      });
    },
    addUnchecked: (columns) => void notChecked.push(...columns),
    addCompared: (columns) => void compared.push(...columns),
    addRows(count) {
      rows = (rows ?? 0) + count;
    },
    pass(stage) {
      if (!stages.has(stage)) stages.set(stage, 'passed');
    },
    skip: (stage) => void stages.set(stage, 'skipped'),
    hasFailedStage: () => [...stages.values()].includes('failed'),
    result: () => ({
      stages: [...stages].map(([stage, status]) => ({
        stage,
        status: findings.some((one) => one.stage === stage) ? 'failed' : status,
      })),
      rows,
      findings,
      compared,
      reviewed,
      notChecked,
      status: findings.length === 0 ? 'passed' : 'failed',
    }),
  };
}
