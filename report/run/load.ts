// What the load test found: each stage with its latency over time and by percentile, since requests were due and since they were sent, by
// request and flow, what the server told meanwhile, and its assertions.
import { formatBytes, formatCount } from '../../core/progress.ts';
import type { Latency, LoadResult, StageResult } from '../../spec/load-result.ts';
import { escapeHtml } from '../html.ts';
import { latencyPicture } from '../load-pictures.ts';
import { serverTables } from '../load-server-tables.ts';
import {
  counted,
  dataTable,
  factList,
  figure,
  folded,
  heads,
  legendMark,
  measured,
  pictureOf,
  type ReportSection,
  type Row,
  timeSpan,
  verdict,
} from './parts.ts';
import { percentilesPicture } from './percentiles-picture.ts';

const PERCENTILES = ['p50', 'p90', 'p95', 'p99', 'p999', 'max'] as const;
const PERCENTILE_HEADS = ['#p50', '#p90', '#p95', '#p99', '#p99.9', '#largest'] as const;

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
    ...(latencyMs === null ? [] : [latencyRow(ratePerSecond === null ? 'since sent' : 'since due', latencyMs)]),
    ...(ratePerSecond === null || measuredMs === null ? [] : [latencyRow('since sent', measuredMs)]),
  ];
  const verdicts = assertions.map(({ found, isMet, text }) => [verdict(isMet), { text }, { text: found }]);
  return [
    `<h3>${escapeHtml(name)}: ${counted(connections, 'connection')}, ${asked}</h3>`,
    factList(stageFacts(stage)),
    dataTable(`Assertions, ${name}`, heads('', 'assertion', 'found'), verdicts),
    overTime(stage),
    pictureOf('Latency by percentile', legend, (width) => percentilesPicture(stage, width)),
    dataTable(`Latency in milliseconds, ${name}`, heads('latency', ...PERCENTILE_HEADS), latencies),
    folded(`By request, ${name}`, requestTable(stage)),
    flowTable(stage),
    stage.server === null
      ? ''
      : `<div class="scroll" role="region" tabindex="0" aria-label="Server">${serverTables(stage.server).join('\n')}</div>`,
  ].join('\n');
}

function stageFacts(stage: StageResult): [string, string][] {
  const codes = Object.entries(stage.statusCodes).map(([code, count]) => `${formatCount(count)} x ${code}`);
  const rates = `${measured(stage.answeredPerSecond)}/s, ${formatBytes(stage.bytesPerSecond)}/s`;
  return [
    ['answers', `${formatCount(stage.answered)} in ${measured(stage.seconds)} s, ${rates}`],
    ['status codes', codes.length === 0 ? 'none' : codes.join(', ')],
    ['errors', `${counted(stage.connectionErrors, 'connection error')}, ${counted(stage.timeouts, 'time-out')}`],
    ...(stage.unanswered === 0 ? [] : [['due and not answered', formatCount(stage.unanswered)] satisfies [string, string]]),
  ];
}

/** Nothing where nothing was answered. */
function overTime(stage: StageResult): string {
  if (!stage.timeline.intervals.some(({ latencyMs }) => latencyMs !== null)) return '';
  const { series } = latencyPicture(stage);
  const legend = series.map(
    ([name, colour]) => `<span class="legend"><i class="mark-dot" style="background:${colour}"></i>${escapeHtml(name)}</span>`,
  );
  return pictureOf('Latency over time', legend.join(' '), (width) => latencyPicture(stage, width).svg);
}

function latencyRow(name: string, latency: Latency | null): Row {
  return [{ text: name }, ...PERCENTILES.map((each) => figure(latency === null ? '-' : measured(latency[each])))];
}

function requestTable({ name: stage, requests }: StageResult): string {
  const rows = requests.map(({ answered, errorFraction, latencyMs, name, timeouts }) => {
    const [label, ...latencies] = latencyRow(name, latencyMs);
    return [
      ...(label === undefined ? [] : [label]),
      figure(formatCount(answered)),
      figure(formatCount(timeouts)),
      figure(`${measured(errorFraction * 100)} %`),
      ...latencies,
    ];
  });
  return dataTable(`By request, ${stage}`, heads('request', '#answers', '#time-outs', '#errors', ...PERCENTILE_HEADS), rows);
}

function flowTable({ flows, name: stage }: StageResult): string {
  const rows = flows.map(({ broken, completed, name, unfinished }) => [
    verdict(broken === 0),
    { text: name },
    ...[completed, broken, unfinished].map((count) => figure(formatCount(count))),
  ]);
  return dataTable(`Flows, ${stage}`, heads('', 'flow', '#completed', '#broken', '#unfinished'), rows);
}
