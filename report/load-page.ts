// The page of a load test: what held and what did not, then each stage over time, by request and flow, and what the server told meanwhile.
import type { Latency, LoadResult, StageResult } from '../spec/load-result.ts';
import { type Cell, escapeHtml, htmlPage, htmlTable } from './html.ts';
import {
  type LoadPicture,
  latencyPicture,
  poolPicture,
  spreadPicture,
  throughputPicture,
  waitsPicture,
} from './load-pictures.ts';
import { serverTables } from './load-server-tables.ts';

/** Static HTML; prints well and runs no script. */
export function loadPage(result: LoadResult): string {
  const isPassed = result.status === 'passed';
  const body = [
    `<h1>Load test: ${escapeHtml(result.scenario)}</h1>`,
    `<p class="${isPassed ? 'met' : 'missed'}">${isPassed ? '✓ every assertion holds' : '✗ an assertion does not hold'}</p>`,
    `<p>${[...result.targets, `${result.startedAt} to ${result.completedAt}`, result.tool].map(escapeHtml).join('<br>')}</p>`,
    '<h2>Stages</h2>',
    stageTable(result.stages),
    ...result.stages.map(stageSection),
  ];
  return htmlPage(`Load test: ${result.scenario}`, body.join('\n'));
}

const LATENCIES = ['p50', 'p90', 'p95', 'p99', 'p999', 'max'] as const;
const LATENCY_NAMES = { p50: 'p50', p90: 'p90', p95: 'p95', p99: 'p99', p999: 'p99.9', max: 'max' } as const;
const figure = (text: string): Cell => ({ text, classes: 'figure' });
const latencyHead = LATENCIES.map((name) => figure(`${LATENCY_NAMES[name]} ms`));

function latencyCells(latency: Latency | null): Cell[] {
  return LATENCIES.map((name) => figure(latency === null ? '-' : formatMs(latency[name])));
}

function stageTable(stages: readonly StageResult[]): string {
  const rows = stages.map((stage) => [
    { text: stage.name },
    figure(String(stage.connections)),
    figure(stage.ratePerSecond === null ? '-' : `${stage.ratePerSecond}/s`),
    figure(`${formatMs(stage.answeredPerSecond)}/s`),
    figure(`${formatMs(stage.errorFraction * 100)} %`),
    figure(String(stage.unanswered)),
    ...latencyCells(stage.latencyMs),
    verdictCell(stage),
  ]);
  const head = ['connections', 'asked for', 'answered', 'errors', 'overdue'].map(figure);
  return htmlTable([{ text: 'stage' }, ...head, ...latencyHead, { text: 'assertions' }], rows);
}

function verdictCell({ assertions }: StageResult): Cell {
  const met = assertions.filter(({ isMet }) => isMet).length;
  const isMet = met === assertions.length;
  return { text: `${isMet ? '✓' : '✗'} ${met} of ${assertions.length}`, classes: isMet ? 'met' : 'missed' };
}

function stageSection(stage: StageResult): string {
  const { gateway, database } = stage.server ?? { gateway: null, database: null };
  const each = stage.timeline.secondsEach;
  const since = stage.ratePerSecond === null ? 'since a request was sent' : 'since a request was due';
  return [
    `<h2>${escapeHtml(stage.name)}</h2>`,
    assertionTable(stage),
    `<h3>Latency ${since}, by ${each === 1 ? 'second' : `${each} seconds`}</h3>`,
    pictureBlock(latencyPicture(stage)),
    '<h3>Throughput and errors</h3>',
    pictureBlock(throughputPicture(stage)),
    '<h3>How latencies are spread</h3>',
    pictureBlock(spreadPicture(stage)),
    '<h3>By request</h3>',
    requestTable(stage),
    ...(stage.flows.length === 0 ? [] : ['<h3>Flows</h3>', flowTable(stage)]),
    ...(stage.server === null ? [] : serverTables(stage.server)),
    ...(database === null || database.waits.length === 0 ? [] : waitsBlock(stage, database.waits)),
    ...(gateway === null || gateway.samples.length === 0
      ? []
      : ["<h3>The gateway's pool</h3>", pictureBlock(poolPicture(stage, gateway))]),
  ].join('\n');
}

function waitsBlock(stage: StageResult, waits: Parameters<typeof waitsPicture>[1]): string[] {
  const isIdle = waits.every(({ sessions }) => Object.keys(sessions).length === 0);
  const text = `<p>None was at work at any of ${waits.length} samples.</p>`;
  return ['<h3>What sessions of the database waited for</h3>', isIdle ? text : pictureBlock(waitsPicture(stage, waits))];
}

function assertionTable({ assertions }: StageResult): string {
  const rows = assertions.map(({ found, isMet, text }) => [
    { text: `${isMet ? '✓' : '✗'} ${text}`, classes: isMet ? 'met' : 'missed' },
    { text: found },
  ]);
  return htmlTable([{ text: 'asserted' }, { text: 'found' }], rows);
}

function requestTable({ requests }: StageResult): string {
  const rows = requests.map(({ answered, errorFraction, latencyMs, name, timeouts }) => [
    { text: name },
    figure(String(answered)),
    figure(String(timeouts)),
    figure(`${formatMs(errorFraction * 100)} %`),
    ...latencyCells(latencyMs),
  ]);
  const head = [{ text: 'request' }, figure('answers'), figure('time-outs'), figure('errors'), ...latencyHead];
  return htmlTable(head, rows);
}

function flowTable({ flows }: StageResult): string {
  const rows = flows.map(({ broken, completed, name, unfinished }) => [
    { text: name },
    figure(String(completed)),
    { text: String(broken), classes: broken === 0 ? 'figure' : 'figure missed' },
    figure(String(unfinished)),
  ]);
  return htmlTable([{ text: 'flow' }, figure('completed'), figure('broken'), figure('unfinished')], rows);
}

/** The picture with its legend below. */
function pictureBlock({ series, svg }: LoadPicture): string {
  const keys = series.map(([name, colour]) => `<span style="color:${colour}">■</span> ${escapeHtml(name)}`);
  return keys.length === 0 ? svg : `${svg}\n<p class="legend">${keys.join(' &nbsp; ')}</p>`;
}

function formatMs(value: number): string {
  if (value >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
