// One stage of a load test: autocannon sends the mix, and every answer's latency is counted as it comes.

import autocannon from 'autocannon';
import type { LoadScenario, LoadStage } from '../../spec/load-scenario.ts';
import { noteLostRequests } from './lost-requests.ts';
import type { Mix } from './mix.ts';
import { createDueQueue, rateOfConnection } from './schedule.ts';
import { type SentRequests, sendFixed, sendVaried } from './send-mix.ts';
import { createTally, type Tally } from './tally.ts';
import { type FlowCount, walkMix } from './walk-mix.ts';

export interface StageOptions {
  readonly scenario: Pick<LoadScenario, 'timeoutSeconds'>;
  readonly mix: Mix;
  /** Numbers for {{sequence}}, each once. */
  readonly drawSequence: () => number;
  readonly targets: readonly string[];
  readonly stage: Pick<LoadStage, 'connections' | 'durationSeconds' | 'amount' | 'ratePerSecond'>;
  readonly signal: AbortSignal;
  /** Called every second with the number of answers until then. */
  readonly onSecond: (answered: number) => void;
}

export interface StageRun {
  readonly seconds: number;
  readonly bytes: number;
  readonly statusCodes: Readonly<Record<string, number>>;
  readonly connectionErrors: number;
  readonly timeouts: number;
  readonly tally: Tally;
  /** By flow. */
  readonly flows: readonly Readonly<FlowCount>[];
}

/** Runs it; when the signal fires it ends within a second, with what there was. */
export async function runStage(options: StageOptions): Promise<StageRun> {
  const { mix, onSecond, scenario, signal, stage, targets } = options;
  const start = performance.now();
  const tally = createTally(mix.requests, () => performance.now() - start);
  const flows = mix.flowNames.map((): FlowCount => ({ started: 0, completed: 0, broken: 0 }));
  const ends: (() => void)[] = [];
  const result = await sendAll(
    {
      // Several are allowed; the types know one.
      url: [...targets] as unknown as string,
      connections: stage.connections,
      timeout: scenario.timeoutSeconds,
      ...(stage.amount === undefined ? { duration: stage.durationSeconds ?? 1 } : { amount: stage.amount }),
      ...(stage.ratePerSecond === undefined ? {} : { overallRate: stage.ratePerSecond, ignoreCoordinatedOmission: true }),
      setupClient: (client) => {
        // Each begins at another place of the mix, or all would send the same at the same time.
        const index = ends.length;
        ends.push(takeDown(client, options, index, tally, sendMix(client, options, index, flows)));
      },
    },
    { onSecond: () => onSecond(tally.answered()), signal },
  );
  // Else a server that stops answering for good would look as fast as it was before.
  for (const end of ends) end();
  const codes = Object.entries(result.statusCodeStats ?? {}).map(([code, { count = 0 }]) => [code, count] as const);
  return {
    seconds: result.duration,
    bytes: result.throughput.total,
    statusCodes: Object.fromEntries(codes),
    connectionErrors: result.errors - result.timeouts + tally.lost(),
    timeouts: result.timeouts,
    tally,
    flows,
  };
}

function sendMix(client: autocannon.Client, options: StageOptions, index: number, flows: readonly FlowCount[]): SentRequests {
  const { drawSequence, mix, targets } = options;
  const base = new URL(targets[index % targets.length] ?? '').pathname.replace(/\/$/, '');
  if (!mix.isVaried) return sendFixed(client, mix, index, base);
  return sendVaried(client, walkMix(mix, index, flows, drawSequence), base);
}

// The clock is ours: after a connection that the server closed autocannon counts every answer from the sending of the one before. A request
// that was lost with its connection goes on waiting in the one that is sent after it. To be called at the end: takes down what is overdue.
function takeDown(client: autocannon.Client, options: StageOptions, index: number, tally: Tally, sent: SentRequests): () => void {
  const { scenario, stage } = options;
  const rate = stage.ratePerSecond === undefined ? null : rateOfConnection(stage.ratePerSecond, stage.connections, index);
  const { listOverdue, toDue } = createDueQueue(rate);
  let sentMs: number | null = null;
  const lost = noteLostRequests(client, tally, () => sentMs !== null);
  // Events that the types lack.
  client.on('request' as 'body', () => {
    lost.onRequest();
    sentMs ??= performance.now();
  });
  client.on('response', (status) => {
    const request = sent.current();
    if (request === null || sentMs === null) return;
    const latencyMs = performance.now() - sentMs;
    sentMs = null;
    tally.record(request, status, toDue(latencyMs), latencyMs);
  });
  client.on('timeout' as 'body', () => {
    lost.onTimeout();
    // The next request is on its way already. The answer would have taken at least as long.
    sentMs = performance.now();
    const request = sent.previous();
    const latencyMs = scenario.timeoutSeconds * 1000;
    if (request !== null) tally.record(request, null, toDue(latencyMs), latencyMs);
  });
  return () => {
    if (sentMs === null) return;
    for (const { count, waitedMs } of listOverdue(performance.now() - sentMs)) tally.recordUnanswered(waitedMs, count);
  };
}

function sendAll(
  options: autocannon.Options,
  { onSecond, signal }: { readonly onSecond: () => void; readonly signal: AbortSignal },
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
