// What the load test found: each stage with its latency since requests were due and since they were sent, and its assertions.
import { formatBytes, formatCount } from '../../core/progress.ts';
import type { Latency, LoadResult, StageResult } from '../../spec/load-result.ts';
import { escapeHtml } from '../html.ts';
import { latencyPicture } from './latency-picture.ts';
import {
  counted,
  dataTable,
  factList,
  figure,
  heads,
  legendMark,
  measured,
  pictureOf,
  type ReportSection,
  type Row,
  timeSpan,
  verdict,
} from './parts.ts';

const PERCENTILES = ['p50', 'p90', 'p95', 'p99', 'p999', 'max'] as const;

/** The section of loadtest's document. */
export function loadSection(load: LoadResult): ReportSection {
  const assertions = load.stages.flatMap((stage) => stage.assertions);
  const held = assertions.filter(({ isMet }) => isMet).length;
  const answered = load.stages.reduce((sum, stage) => sum + stage.answered, 0);
  const slowest = load.stages.flatMap(({ latencyMs }) => latencyMs ?? []).reduce((most, { p99 }) => Math.max(most, p99), 0);
  return {
    id: 'load',
    title: 'Load',
    verdict: load.status === 'passed' ? 'met' : 'missed',
    headline: answered === 0 ? 'no answer' : `p99 ${measured(slowest)} ms`,
    remark: `${held} of ${counted(assertions.length, 'assertion')}, ${counted(answered, 'answer')}`,
    body: [
      factList([
        ['scenario', load.scenario],
        ['against', load.targets.join(', ')],
        ['sent', timeSpan(load.startedAt, load.completedAt)],
        ['tool', load.tool],
      ]),
      ...load.stages.map(stageBlock),
    ].join('\n'),
  };
}

function stageBlock(stage: StageResult): string {
  const { assertions, connections, latencyMs, measuredMs, name, ratePerSecond } = stage;
  const asked = ratePerSecond === null ? 'as fast as answers come' : `${formatCount(ratePerSecond)} requests a second asked for`;
  const legend = ratePerSecond === null ? '' : `${legendMark('dot', 'since due')} ${legendMark('other-dot', 'since sent')}`;
  const latencies: Row[] = [
    ...latencyRow(ratePerSecond === null ? 'since sent' : 'since due', latencyMs),
    ...(ratePerSecond === null ? [] : latencyRow('since sent', measuredMs)),
  ];
  return [
    `<h3>${escapeHtml(name)}: ${counted(connections, 'connection')}, ${asked}</h3>`,
    factList(stageFacts(stage)),
    pictureOf('Latency', legend, (width) => latencyPicture(stage, width)),
    dataTable(
      `Latency in milliseconds, ${name}`,
      heads('latency', '#p50', '#p90', '#p95', '#p99', '#p99.9', '#largest'),
      latencies,
    ),
    dataTable(
      `Assertions, ${name}`,
      heads('', 'assertion', 'found'),
      assertions.map(({ found, isMet, text }) => [verdict(isMet), { text }, { text: found }]),
    ),
  ].join('\n');
}

function stageFacts(stage: StageResult): [string, string][] {
  const codes = Object.entries(stage.statusCodes).map(([code, count]) => `${formatCount(count)} x ${code}`);
  return [
    [
      'answers',
      `${formatCount(stage.answered)} in ${measured(stage.seconds)} s, ${measured(stage.answeredPerSecond)}/s, ${formatBytes(stage.bytesPerSecond)}/s`,
    ],
    ['status codes', codes.length === 0 ? 'none' : codes.join(', ')],
    ['errors', `${counted(stage.connectionErrors, 'connection error')}, ${counted(stage.timeouts, 'time-out')}`],
  ];
}

function latencyRow(name: string, latency: Latency | null): Row[] {
  return latency === null ? [] : [[{ text: name }, ...PERCENTILES.map((each) => figure(measured(latency[each])))]];
}
