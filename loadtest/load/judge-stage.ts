// A stage's figures, held to its assertions. Each verdict says what was asked and what was found.

import type { StageResult } from '../../spec/load-result.ts';
import type { LoadAssertions, LoadStage } from '../../spec/load-scenario.ts';
import type { ServerFigures } from '../../spec/server-figures.ts';
import type { StageRun } from './run-stage.ts';

export interface JudgedStage {
  readonly stage: LoadStage;
  readonly run: StageRun;
  readonly assertions: LoadAssertions;
  /** Where the stage has none. */
  readonly name: string;
  readonly flowNames: readonly string[];
  readonly server: ServerFigures | null;
}

/** The result of one stage. */
export function judgeStage({ assertions, flowNames, name, run, server, stage }: JudgedStage): StageResult {
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
    unanswered: run.tally.unanswered(),
    errorFraction: attempts === 0 ? 1 : failed / attempts,
    latencyMs: run.tally.due.summary(),
    measuredMs: run.tally.measured.summary(),
    timeline: run.tally.timeline.finish(),
    requests: describeRequests(run),
    flows: run.flows.map(({ broken, completed, started }, index) => ({
      name: flowNames[index] ?? '',
      completed,
      broken,
      unfinished: started - completed - broken,
    })),
    server,
  };
  const serverErrors = countCodes(run, (code) => code >= 500);
  return { ...figures, assertions: judge(figures, serverErrors, assertions) };
}

function describeRequests({ tally }: StageRun): StageResult['requests'] {
  return tally.requests.map(({ answered, due, failed, name, timeouts }) => {
    const attempts = answered + timeouts;
    return { name, answered, timeouts, errorFraction: attempts === 0 ? 0 : failed / attempts, latencyMs: due.summary() };
  });
}

function judge(
  found: Omit<StageResult, 'assertions'>,
  serverErrors: number,
  { maxErrorFraction, minRequestsPerSecond, no5xx, noBrokenFlows, noTimeouts, p99Ms }: LoadAssertions,
): StageResult['assertions'] {
  const verdicts: StageResult['assertions'] = [];
  const add = (text: string, isMet: boolean, what: string) => void verdicts.push({ text, isMet, found: what });
  // Without an answer nothing else means anything.
  add('an answer', found.answered > 0, `${found.answered}`);
  if (no5xx) add('no 5xx', serverErrors === 0, `${serverErrors}`);
  if (noTimeouts) add('no time-outs', found.timeouts === 0, `${found.timeouts}`);
  const broken = found.flows.reduce((sum, flow) => sum + flow.broken, 0);
  if (noBrokenFlows && found.flows.length > 0) add('no broken flows', broken === 0, `${broken}`);
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

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
