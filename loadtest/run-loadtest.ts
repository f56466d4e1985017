// The door of `loadtest`: guards, a connection to each target, the warm-up, and the stages one after another, each held to its assertions.
import { ShapecastError } from '../core/errors.ts';
import type { Progress } from '../core/progress.ts';
import { toolVersion } from '../core/tool.ts';
import { type LoadPlan, planLoad } from '../spec/load-plan.ts';
import type { LoadResult, StageResult } from '../spec/load-result.ts';
import type { LoadScenario } from '../spec/load-scenario.ts';
import type { Workload } from '../spec/workload.ts';
import { checkMetricsUrl, readBearer, refuseMutations, refuseUnsafeLoad, resolveTargets } from './guards.ts';
import { checkTargets } from './load/check-targets.ts';
import { judgeStage } from './load/judge-stage.ts';
import { createMix, type Mix } from './load/mix.ts';
import { readBodyFiles } from './load/read-body-files.ts';
import { runStage } from './load/run-stage.ts';
import { statementShape } from './server/statement-shape.ts';
import { openWatch, type Watch } from './server/watch.ts';

export interface PlannedLoad {
  readonly scenario: LoadScenario;
  /** Of the scenario's file; payloads are read from below it. */
  readonly scenarioFolder: string;
  /** LOADTEST_BASE_URL, LOADTEST_ALLOWED_HOSTS, LOADTEST_ALLOW_PROD, LOADTEST_BEARER, METRICS_BEARER, NODE_ENV. */
  readonly environment: NodeJS.ProcessEnv;
  /** A gateway's metrics, read beside the load. */
  readonly metricsUrl?: string | undefined;
}

export interface LoadTestOptions extends PlannedLoad {
  /** Whether a scenario that says it changes data may run. Default: no. */
  readonly allowsMutations?: boolean;
  /** The database behind the targets, whose figures are read beside the load; the caller has guarded it. */
  readonly serverUrl?: string | undefined;
  /** Names its statements. */
  readonly workload?: Workload | undefined;
  readonly now: () => Date;
  readonly startProgress: (label: string, total: number, unit: string) => Progress;
  readonly signal: AbortSignal;
}

/** What would be sent: every guard is asked and every payload read, and nothing is connected to. Throws as runLoadTest does. */
export function planLoadTest({ environment, metricsUrl, scenario, scenarioFolder }: PlannedLoad): LoadPlan {
  const targets = resolveTargets(scenario.targets, environment);
  refuseUnsafeLoad(targets, environment);
  if (metricsUrl !== undefined) checkMetricsUrl(metricsUrl, environment);
  for (const name of ['LOADTEST_BEARER', 'METRICS_BEARER'] as const) readBearer(name, environment);
  readBodyFiles(scenario, scenarioFolder);
  return planLoad(scenario, targets);
}

/**
 * Runs the scenario. Throws LOADTEST_PRODUCTION_REFUSED, LOADTEST_HOST_REFUSED, LOADTEST_MUTATIONS_REFUSED, LOADTEST_UNREACHABLE,
 * LOADTEST_METRICS_UNREADABLE, CONNECT_FAILED, DOCUMENT_INVALID, OPTION_INVALID, INTERRUPTED.
 */
export async function runLoadTest(options: LoadTestOptions): Promise<LoadResult> {
  const { environment, now, scenario } = options;
  const { targets } = planLoadTest(options);
  refuseMutations(scenario, options.allowsMutations ?? false);
  const bodies = readBodyFiles(scenario, options.scenarioFolder);
  const mix = createMix(scenario, bodies, readBearer('LOADTEST_BEARER', environment));
  await checkTargets(targets);
  const watch = await openWatch({
    serverUrl: options.serverUrl ?? null,
    metricsUrl: options.metricsUrl ?? null,
    metricsBearer: readBearer('METRICS_BEARER', environment),
    names: nameStatements(options.workload),
  });
  try {
    let drawn = 0;
    const drawSequence = () => {
      drawn += 1;
      return drawn;
    };
    const startedAt = now().toISOString();
    const stages = await runStages({ ...options, targets, mix, drawSequence }, watch);
    const isPassed = stages.every(({ assertions }) => assertions.every(({ isMet }) => isMet));
    return {
      format: 'shapecast-load-result',
      version: 2,
      scenario: scenario.name,
      targets: [...targets],
      startedAt,
      completedAt: now().toISOString(),
      tool: toolVersion(),
      status: isPassed ? 'passed' : 'failed',
      stages,
    };
  } finally {
    await watch.close();
  }
}

type Parts = LoadTestOptions & { readonly targets: readonly string[]; readonly mix: Mix; readonly drawSequence: () => number };
type Stage = Parameters<typeof runStage>[0]['stage'];

async function runStages(parts: Parts, watch: Watch): Promise<StageResult[]> {
  const { mix, scenario } = parts;
  await warmUp(parts);
  const stages: StageResult[] = [];
  for (const [index, stage] of scenario.stages.entries()) {
    const name = stage.name ?? `stage ${index + 1}`;
    const stageWatch = await watch.begin();
    const run = await runTold(parts, stage, name).finally(stageWatch.stop);
    const server = await stageWatch.figures();
    const assertions = stage.assertions ?? scenario.assertions;
    stages.push(judgeStage({ stage, run, assertions, name, flowNames: mix.flowNames, server }));
  }
  return stages;
}

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
  const { amount, durationSeconds = 0 } = stage;
  const progress = startProgress(name, amount ?? durationSeconds, amount === undefined ? 'seconds' : 'requests');
  let done = 0;
  const onSecond = (answered: number) => {
    // One more second is told at the end.
    const now = amount === undefined ? Math.min(done + 1, durationSeconds) : answered;
    progress.advance(now - done);
    done = now;
  };
  const run = await runStage({ ...parts, stage, onSecond });
  progress.finish();
  if (signal.aborted) throw new ShapecastError('INTERRUPTED', { what: 'loadtest' });
  return run;
}

/** Where two queries have one shape, the first gives the name. */
function nameStatements(workload: Workload | undefined): ReadonlyMap<string, string> {
  return new Map((workload?.queries ?? []).map(({ name, sql }) => [statementShape(sql), name] as const).reverse());
}
