// The door of `loadtest`: guards, a connection to each target, the warm-up, and the stages one after another, each held to its assertions.
import { ShapecastError } from '../core/errors.ts';
import type { Progress } from '../core/progress.ts';
import { toolVersion } from '../core/tool.ts';
import type { LoadResult, StageResult } from '../spec/load-result.ts';
import type { LoadScenario } from '../spec/load-scenario.ts';
import { readLoadBearer, refuseUnsafeLoad, resolveTargets } from './guards.ts';
import { checkTargets } from './load/check-targets.ts';
import { judgeStage } from './load/judge-stage.ts';
import { runStage } from './load/run-stage.ts';

export interface LoadTestOptions {
  readonly scenario: LoadScenario;
  /** LOADTEST_BASE_URL, LOADTEST_ALLOWED_HOSTS, LOADTEST_ALLOW_PROD, LOADTEST_BEARER, NODE_ENV. */
  readonly environment: NodeJS.ProcessEnv;
  readonly now: () => Date;
  readonly startProgress: (label: string, total: number, unit: string) => Progress;
  readonly signal: AbortSignal;
}

/** Runs the scenario. Throws LOADTEST_PRODUCTION_REFUSED, LOADTEST_HOST_REFUSED, LOADTEST_UNREACHABLE, OPTION_INVALID, INTERRUPTED. */
export async function runLoadTest(options: LoadTestOptions): Promise<LoadResult> {
  const { environment, now, scenario } = options;
  const targets = resolveTargets(scenario.targets, environment);
  refuseUnsafeLoad(targets, environment);
  const parts = { ...options, targets, bearer: readLoadBearer(environment) };
  await checkTargets(targets);
  const startedAt = now().toISOString();
  await warmUp(parts);
  const stages: StageResult[] = [];
  for (const [index, stage] of scenario.stages.entries()) {
    const name = stage.name ?? `stage ${index + 1}`;
    const run = await runTold(parts, stage, name);
    stages.push(judgeStage(stage, run, stage.assertions ?? scenario.assertions, name));
  }
  const isPassed = stages.every(({ assertions }) => assertions.every(({ isMet }) => isMet));
  return {
    format: 'shapecast-load-result',
    version: 1,
    scenario: scenario.name,
    targets: [...targets],
    startedAt,
    completedAt: now().toISOString(),
    tool: toolVersion(),
    status: isPassed ? 'passed' : 'failed',
    stages,
  };
}

type Parts = LoadTestOptions & { readonly targets: readonly string[]; readonly bearer: string | null };
type Stage = Parameters<typeof runStage>[0]['stage'];

async function warmUp(parts: Parts): Promise<void> {
  const { stages, warmUpSeconds } = parts.scenario;
  const [first] = stages;
  if (first === undefined || warmUpSeconds === 0) return;
  const { connections, ratePerSecond } = first;
  await runTold(parts, { connections, ratePerSecond, durationSeconds: warmUpSeconds }, 'warm-up');
}

async function runTold(parts: Parts, stage: Stage, name: string): ReturnType<typeof runStage> {
  const { signal, startProgress } = parts;
  if (signal.aborted) throw new ShapecastError('INTERRUPTED', { what: 'loadtest' });
  const progress = startProgress(name, stage.durationSeconds ?? 0, 'seconds');
  const run = await runStage({ ...parts, stage, onSecond: () => progress.advance(1) });
  progress.finish();
  if (signal.aborted) throw new ShapecastError('INTERRUPTED', { what: 'loadtest' });
  return run;
}
