// The plan of the run that filled a target, resolved again from its spec: only with it can rows be made again and named.
import type pg from 'pg';
import { ShapecastError } from '../../core/errors.ts';
import type { Progress } from '../../core/progress.ts';
import type { Catalog } from '../../postgres/catalog/catalog.ts';
import { type Plan, planId } from '../../spec/plan.ts';
import type { Band, Spec } from '../../spec/spec.ts';
import { decidePlan } from '../decide-plan.ts';
import type { Expected } from './expected-tables.ts';

/** How the run was asked for; what is left out is as the report or the marker has it. */
export interface PlanRequest {
  readonly spec: Spec;
  readonly band?: Band | undefined;
  readonly seed?: string | undefined;
  readonly scale?: number | undefined;
  readonly rows?: ReadonlyMap<string, number> | undefined;
  /** False: the spec is a guess, and it is no mistake if it is not the run's. */
  readonly isGiven: boolean;
}

export interface RebuildHooks {
  readonly startProgress: ((label: string, total: number, unit: string, quietMs?: number) => Progress) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The plan, or null where a guess was wrong. Throws FINGERPRINT_OTHER_PLAN, PLAN_IMPOSSIBLE. */
export async function rebuildPlan(
  client: pg.Client,
  catalog: Catalog,
  { request, expected }: { readonly request: PlanRequest; readonly expected: Expected },
  hooks: RebuildHooks,
): Promise<Plan | null> {
  const { run } = expected;
  if (run === null || (!request.isGiven && request.spec.name !== run.spec)) return null;
  const options = {
    spec: request.spec,
    band: request.band ?? run.band,
    seed: request.seed ?? run.seed,
    scale: request.scale ?? run.scale ?? undefined,
    rows: request.rows,
    // Nothing is written: the room on the target's disk is not asked for.
    target: { kind: 'null', url: '' } as const,
    workers: 1,
    operator: '',
    ...hooks,
  };
  const { plan } = await decidePlan(client, options, catalog).catch((error: unknown) => {
    if (request.isGiven) throw error;
    return { plan: null };
  });
  const found = plan === null ? null : planId(plan);
  if (found === expected.planId) return plan;
  if (request.isGiven)
    throw new ShapecastError('FINGERPRINT_OTHER_PLAN', { expected: expected.planId ?? '', found: found ?? '' });
  return null;
}
