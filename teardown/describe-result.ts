// The plan as the document that --json prints and that the receipt in the evidence log is made of.
import { formatTableKey } from '../core/identifiers.ts';
import { describeObject } from '../postgres/marker-objects.ts';
import { describeDefinition } from '../postgres/put-back.ts';
import type { TeardownResult } from '../spec/teardown-result.ts';
import { listPutBacks, type TeardownPlan, type TeardownTable } from './plan-teardown.ts';

interface Planned {
  readonly target: string;
  readonly plan: TeardownPlan;
  /** Exact rows by table key, where they were counted. */
  readonly counted: ReadonlyMap<string, number>;
  readonly age: { readonly madeAt: string | null; readonly expiresAt: string | null } | null;
}

/** A result without a plan. */
export function emptyResult(target: string, outcome: TeardownResult['outcome']): TeardownResult {
  return {
    format: 'shapecast-teardown',
    version: 1,
    target,
    outcome,
    madeAt: null,
    expiresAt: null,
    runs: [],
    drop: [],
    empty: [],
    objects: [],
    putBack: [],
    gone: [],
    kept: [],
    files: [],
    database: null,
    proof: [],
    liveTuples: [],
  };
}

/** The plan, as if nothing more were done. */
export function resultOfPlan({ target, plan, counted, age }: Planned): TeardownResult {
  const describe = (table: TeardownTable) => {
    const name = formatTableKey(table);
    return { name, rows: counted.get(name) ?? null };
  };
  return {
    ...emptyResult(target, 'planned'),
    madeAt: age?.madeAt ?? null,
    expiresAt: age?.expiresAt ?? null,
    runs: [...plan.runIds],
    drop: plan.drop.map(describe),
    empty: plan.empty.map(describe),
    objects: plan.objects.map(describeObject),
    putBack: listPutBacks(plan).map(describeDefinition),
    gone: plan.gone.map(formatTableKey),
    kept: [...plan.kept],
  };
}
