// One stage of a load test: autocannon sends the mix, and every answer's latency is taken down by connection.
import autocannon from 'autocannon';
import type { LoadRequest, LoadScenario, LoadStage } from '../../spec/load-scenario.ts';
import { createDueLatency, rateOfConnection, spreadByWeight } from './schedule.ts';

export interface StageOptions {
  readonly scenario: LoadScenario;
  readonly targets: readonly string[];
  readonly bearer: string | null;
  readonly stage: Pick<LoadStage, 'connections' | 'durationSeconds' | 'amount' | 'ratePerSecond'>;
  readonly signal: AbortSignal;
  readonly onSecond: () => void;
}

export interface StageRun {
  readonly seconds: number;
  readonly bytes: number;
  readonly statusCodes: Readonly<Record<string, number>>;
  readonly connectionErrors: number;
  readonly timeouts: number;
  /** Milliseconds, of answers and time-outs: since they were sent, and since they were due. */
  readonly measuredMs: readonly number[];
  readonly dueMs: readonly number[];
}

/** Runs it; when the signal fires it ends within a second, with what there was. */
export async function runStage(options: StageOptions): Promise<StageRun> {
  const { onSecond, scenario, signal, stage, targets } = options;
  const measuredMs: number[] = [];
  const dueMs: number[] = [];
  const takeDown = (index: number) => {
    const rate = stage.ratePerSecond === undefined ? null : rateOfConnection(stage.ratePerSecond, stage.connections, index);
    const toDue = createDueLatency(rate);
    return (latencyMs: number) => {
      measuredMs.push(latencyMs);
      dueMs.push(toDue(latencyMs));
    };
  };
  let opened = 0;
  const result = await sendAll(
    {
      // Several are allowed; the types know one.
      url: [...targets] as unknown as string,
      connections: stage.connections,
      timeout: scenario.timeoutSeconds,
      ...(stage.amount === undefined ? { duration: stage.durationSeconds ?? 1 } : { amount: stage.amount }),
      ...(stage.ratePerSecond === undefined ? {} : { overallRate: stage.ratePerSecond, ignoreCoordinatedOmission: true }),
      setupClient: (client) => {
        const record = takeDown(opened);
        client.setRequests(listRequests(options, opened));
        client.on('response', (_status, _bytes, latencyMs) => record(latencyMs));
        // An event that the types lack. The answer would have taken at least as long.
        client.on('timeout' as 'body', () => record(scenario.timeoutSeconds * 1000));
        opened += 1;
      },
    },
    { onSecond, signal },
  );
  const codes = Object.entries(result.statusCodeStats ?? {}).map(([code, { count = 0 }]) => [code, count] as const);
  return {
    seconds: result.duration,
    bytes: result.throughput.total,
    statusCodes: Object.fromEntries(codes),
    connectionErrors: result.errors - result.timeouts,
    timeouts: result.timeouts,
    measuredMs,
    dueMs,
  };
}

function sendAll(
  options: autocannon.Options,
  { onSecond, signal }: Pick<StageOptions, 'onSecond' | 'signal'>,
): Promise<autocannon.Result> {
  return new Promise((resolve, reject) => {
    const stop = () => instance.stop();
    const instance = autocannon(options, (error: unknown, result) => {
      signal.removeEventListener('abort', stop);
      if (error === null || error === undefined) resolve(result);
      else reject(error);
    });
    instance.on('tick', onSecond);
    signal.addEventListener('abort', stop, { once: true });
  });
}

/** The mix for one connection, begun at another place for each, or all would send the same at the same time. */
function listRequests({ bearer, scenario, targets }: StageOptions, index: number): autocannon.Request[] {
  const mix = spreadByWeight(scenario.requests);
  const first = index % mix.length;
  const target = targets[index % targets.length] ?? '';
  const base = new URL(target).pathname.replace(/\/$/, '');
  const login = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
  const describe = ({ body, headers, method, path }: LoadRequest): autocannon.Request => ({
    method,
    path: base + path,
    headers: { ...scenario.headers, ...headers, ...login },
    ...(body === undefined ? {} : { body }),
  });
  return [...mix.slice(first), ...mix.slice(0, first)].map(describe);
}
