// A load test's result for people: a block per stage, its verdicts below.
import type { Latency, LoadResult, StageResult } from './load-result.ts';
import type { ServerFigures } from './server-figures.ts';

/** Several lines. */
export function formatLoadResult(result: LoadResult): string {
  const stages = result.stages.flatMap(formatStage);
  const verdicts = result.stages.flatMap(({ assertions }) => assertions);
  const met = verdicts.filter(({ isMet }) => isMet).length;
  const sign = met === verdicts.length ? '✓' : '✗';
  return [
    `${result.scenario}: ${result.targets.join(', ')}`,
    ...stages,
    `${sign} ${met} of ${verdicts.length} assertions hold`,
  ].join('\n');
}

function formatStage(stage: StageResult): string[] {
  const { answered, answeredPerSecond, connectionErrors, connections, latencyMs, measuredMs, ratePerSecond, seconds } = stage;
  const { timeouts, unanswered } = stage;
  const asked = ratePerSecond === null ? 'as fast as answers come' : `${ratePerSecond}/s asked for`;
  const codes = Object.entries(stage.statusCodes).map(([code, count]) => `${count} x ${code}`);
  return [
    `${stage.name}: ${connections} connections, ${asked}`,
    `  ${answered} answers in ${seconds} s (${answeredPerSecond}/s): ${codes.join(', ')}; ${connectionErrors} connection errors, ${timeouts} time-outs${unanswered === 0 ? '' : `, ${unanswered} due and not answered`}`,
    `  latency${ratePerSecond === null ? '' : ' since due'}: ${formatLatency(latencyMs)}`,
    ...(ratePerSecond === null ? [] : [`  latency since sent: ${formatLatency(measuredMs)}`]),
    ...stage.flows.map(({ broken, completed, name, unfinished }) => {
      return `  ${name}: ${completed} passes completed, ${broken} broken, ${unfinished} unfinished`;
    }),
    ...formatServer(stage.server),
    ...stage.assertions.map(({ found, isMet, text }) => `  ${isMet ? '✓' : '✗'} ${text}: ${found}`),
  ];
}

function formatServer(server: ServerFigures | null): string[] {
  const { database, gateway } = server ?? { database: null, gateway: null };
  const hits = database?.figures.cacheHitFraction ?? null;
  const cache = hits === null ? '' : `, ${(hits * 100).toFixed(1)} % of blocks in the cache`;
  const waits = gateway?.meanWaitMs ?? null;
  const longest = Math.max(0, ...(gateway?.samples ?? []).map(({ queue }) => queue));
  return [
    ...(database === null ? [] : [`  database: ${database.figures.commits} transactions${cache}`]),
    ...(gateway === null ? [] : [`  pool: ${waits ?? 0} ms mean wait for a session, at most ${longest} waiting`]),
  ];
}

function formatLatency(latency: Latency | null): string {
  if (latency === null) return 'none';
  const { max, p50, p90, p99, p999 } = latency;
  return `p50 ${p50} ms, p90 ${p90} ms, p99 ${p99} ms, p99.9 ${p999} ms, max ${max} ms`;
}
