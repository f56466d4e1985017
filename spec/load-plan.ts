// What a load test would send, decided without a connection: the whole of `loadtest --dry-run`.
import { isMutation } from './load-request.ts';
import { type LoadScenario, listRequests } from './load-scenario.ts';

export interface LoadPlan {
  readonly scenario: string;
  readonly targets: readonly string[];
  readonly mutates: boolean;
  readonly warmUpSeconds: number;
  readonly requests: readonly { readonly name: string; readonly method: string; readonly path: string; readonly share: number }[];
  readonly flows: readonly { readonly name: string; readonly steps: readonly string[]; readonly share: number }[];
  readonly stages: readonly {
    readonly name: string;
    readonly connections: number;
    readonly ratePerSecond: number | null;
    readonly seconds: number | null;
    /** null: as many as are answered in the time. */
    readonly requests: number | null;
  }[];
  readonly totals: {
    /** Without stages that end after an amount; the warm-up is in it. */
    readonly seconds: number;
    /** null: a stage has neither rate nor amount. */
    readonly requests: number | null;
    readonly mutatingRequests: number;
  };
}

/** `targets`: those that the environment leaves. `share` is of the passes through the mix, 0 to 1. */
export function planLoad(scenario: LoadScenario, targets: readonly string[]): LoadPlan {
  const total = [...scenario.requests, ...scenario.flows].reduce((sum, { weight }) => sum + weight, 0);
  const stages = scenario.stages.map(({ amount, connections, durationSeconds, name, ratePerSecond }, index) => ({
    name: name ?? `stage ${index + 1}`,
    connections,
    ratePerSecond: ratePerSecond ?? null,
    seconds: durationSeconds ?? null,
    requests: amount ?? (ratePerSecond === undefined ? null : ratePerSecond * (durationSeconds ?? 0)),
  }));
  return {
    scenario: scenario.name,
    targets,
    mutates: scenario.mutates,
    warmUpSeconds: scenario.warmUpSeconds,
    requests: scenario.requests.map(({ method, name, path, weight }) => ({ name, method, path, share: weight / total })),
    flows: scenario.flows.map(({ name, steps, weight }) => {
      return { name, steps: steps.map((step) => `${step.method} ${step.path}`), share: weight / total };
    }),
    stages,
    totals: {
      seconds: stages.reduce((sum, { seconds }) => sum + (seconds ?? 0), scenario.warmUpSeconds),
      requests: stages.reduce<number | null>(
        (sum, { requests }) => (sum === null || requests === null ? null : sum + requests),
        0,
      ),
      mutatingRequests: listRequests(scenario).filter(({ request }) => isMutation(request)).length,
    },
  };
}

/** Several lines. */
export function formatLoadPlan(plan: LoadPlan): string {
  const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;
  const { mutatingRequests, requests, seconds } = plan.totals;
  return [
    `${plan.scenario}: would be sent to ${plan.targets.join(', ')}`,
    ...plan.requests.map(({ method, name, path, share }) => `  ${percent(share)}  ${name}: ${method} ${path}`),
    ...plan.flows.map(({ name, share, steps }) => `  ${percent(share)}  ${name}: ${steps.join(', then ')}`),
    ...(plan.warmUpSeconds === 0 ? [] : [`warm-up: ${plan.warmUpSeconds} s, not counted`]),
    ...plan.stages.map(formatStage),
    `in all: ${seconds} s and ${requests === null ? 'as many requests as are answered' : `${requests} requests`}`,
    plan.mutates ? `${mutatingRequests} of the requests change data: --allow-mutations is needed` : 'no request changes data',
    'nothing was sent',
  ].join('\n');
}

function formatStage({ connections, name, ratePerSecond, requests, seconds }: LoadPlan['stages'][number]): string {
  const end = seconds === null ? `${requests} requests` : `${seconds} s`;
  const rate = ratePerSecond === null ? 'as fast as answers come' : `${ratePerSecond}/s`;
  return `${name}: ${connections} connections, ${rate}, ${end}`;
}
