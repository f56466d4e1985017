// A stage's figures, held to its assertions. Each verdict says what was asked and what was found.
import type { Latency, StageResult } from '../../spec/load-result.ts';
import type { LoadAssertions, LoadStage } from '../../spec/load-scenario.ts';
import type { StageRun } from './run-stage.ts';

/** The result of one stage; `name` is shown where the stage has none. */
export function judgeStage(stage: LoadStage, run: StageRun, assertions: LoadAssertions, name: string): StageResult {
  const answered = countCodes(run, () => true);
  const failed = countCodes(run, (code) => code >= 400) + run.connectionErrors + run.timeouts;
  const attempts = answered + run.connectionErrors + run.timeouts;
  const figures = {
    name: stage.name ?? name,
    connections: stage.connections,
    ratePerSecond: stage.ratePerSecond ?? null,
    seconds: run.seconds,
    answered,
    answeredPerSecond: round(answered / Math.max(run.seconds, 0.001)),
    bytesPerSecond: round(run.bytes / Math.max(run.seconds, 0.001)),
    statusCodes: { ...run.statusCodes },
    connectionErrors: run.connectionErrors,
    timeouts: run.timeouts,
    errorFraction: attempts === 0 ? 1 : failed / attempts,
    latencyMs: summarise(run.dueMs),
    measuredMs: summarise(run.measuredMs),
  };
  return {
    ...figures,
    assertions: judge(
      figures,
      countCodes(run, (code) => code >= 500),
      assertions,
    ),
  };
}

function judge(
  found: Omit<StageResult, 'assertions'>,
  serverErrors: number,
  { maxErrorFraction, minRequestsPerSecond, no5xx, noTimeouts, p99Ms }: LoadAssertions,
): StageResult['assertions'] {
  const verdicts: StageResult['assertions'] = [];
  const add = (text: string, isMet: boolean, what: string) => void verdicts.push({ text, isMet, found: what });
  // Without an answer nothing else means anything.
  add('an answer', found.answered > 0, `${found.answered}`);
  if (no5xx) add('no 5xx', serverErrors === 0, `${serverErrors}`);
  if (noTimeouts) add('no time-outs', found.timeouts === 0, `${found.timeouts}`);
  if (p99Ms !== undefined) {
    const p99 = found.latencyMs?.p99 ?? null;
    add(`p99 <= ${p99Ms} ms`, p99 !== null && p99 <= p99Ms, p99 === null ? 'none' : `${p99} ms`);
  }
  if (maxErrorFraction !== undefined)
    add(
      `errors <= ${maxErrorFraction * 100} %`,
      found.errorFraction <= maxErrorFraction,
      `${round(found.errorFraction * 100)} %`,
    );
  if (minRequestsPerSecond !== undefined)
    add(`>= ${minRequestsPerSecond} answers/s`, found.answeredPerSecond >= minRequestsPerSecond, `${found.answeredPerSecond}/s`);
  return verdicts;
}

function countCodes({ statusCodes }: StageRun, isCounted: (code: number) => boolean): number {
  return Object.entries(statusCodes).reduce((sum, [code, count]) => sum + (isCounted(Number(code)) ? count : 0), 0);
}

function summarise(latenciesMs: readonly number[]): Latency | null {
  if (latenciesMs.length === 0) return null;
  const sorted = Float64Array.from(latenciesMs).sort();
  const at = (share: number) => round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0);
  return { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), p999: at(0.999), max: at(1) };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
