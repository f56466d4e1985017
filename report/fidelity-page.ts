// The page of `compare --plans`: the headline, every figure with floor and target, where each figure is lost, and the plans that differ.

import { formatFigure, headlineLine, marginalText, missLine, noteLines, whyLost } from '../spec/fidelity/format-fidelity.ts';
import type { Fidelity, FidelityMetric, FidelityQuery } from '../spec/fidelity.ts';
import { barChart } from './bar-chart.ts';
import { escapeHtml, htmlPage, htmlTable } from './html.ts';

const MAX_BARS = 15;

/** Static HTML; prints well and runs no script. */
export function fidelityPage(fidelity: Fidelity): string {
  const body = [
    '<h1>Fidelity of the copy</h1>',
    `<ul>${fidelity.headline.map((line) => `<li>${escapeHtml(headlineLine(line))}</li>`).join('')}</ul>`,
    `<p>${noteLines(fidelity).map(escapeHtml).join('<br>')}</p>`,
    '<h2>Figures</h2>',
    metricTable(fidelity.metrics),
    '<h2>Where fidelity is lost, by place</h2>',
    '<p>The worst places first. The dashed line is the target, the black tick the floor.</p>',
    ...fidelity.metrics.map(metricPicture),
    marginalTable(fidelity.marginals),
    '<h2>Where fidelity is lost, by query</h2>',
    '<p>Quotients are of actual rows and of estimated rows, production and copy, the larger by the smaller. ! is a mistake of the planner of more than 4x on production.</p>',
    ...[...fidelity.queries].sort((left, right) => Number(left.isFaithful) - Number(right.isFaithful)).map(queryBlock),
  ];
  return htmlPage('Fidelity of the copy', body.filter((part) => part !== '').join('\n'));
}

const VERDICTS = { met: '✓ met', missed: '✗ missed', notMeasured: 'not judged' } as const;

function metricTable(metrics: readonly FidelityMetric[]): string {
  const figure = (text: string) => ({ text, classes: 'figure' });
  const rows = metrics.map((metric) => [
    figure(String(metric.number)),
    { text: metric.name },
    figure(formatFigure(metric.value)),
    figure(formatFigure(metric.floor)),
    figure(metric.target === null ? '-' : `${metric.direction === 'atMost' ? '≤' : '≥'} ${formatFigure(metric.target)}`),
    figure(String(metric.samples)),
    { text: VERDICTS[metric.verdict], classes: metric.verdict },
    { text: metric.remark },
  ]);
  const head = [
    figure('#'),
    { text: 'figure' },
    figure('value'),
    figure('floor'),
    figure('target'),
    figure('of'),
    { text: 'verdict' },
    { text: 'remark' },
  ];
  return htmlTable(head, rows);
}

/** Only figures that are lost somewhere have a picture. */
function metricPicture(metric: FidelityMetric): string {
  const base = metric.direction === 'atMost' && metric.places.every(({ value }) => value >= 1) ? 1 : 0;
  const best = metric.direction === 'atLeast' ? 1 : base;
  const bars = metric.places.filter(({ value }) => value !== best).slice(0, MAX_BARS);
  if (bars.length === 0) return '';
  const title = `${metric.number}: ${metric.name}`;
  const chart = barChart({
    title,
    bars: bars.map(({ place, value, floor }) => ({ name: place, value, floor })),
    base,
    target: metric.target,
    direction: metric.direction,
    format: formatFigure,
  });
  return `<h3>${escapeHtml(title)}</h3>\n${chart}`;
}

/** Which marginals would carry what the queries miss. */
function marginalTable(marginals: Fidelity['marginals']): string {
  if (marginals.length === 0) return '';
  const rows = marginals.map((each) => [
    { text: marginalText(each), classes: each.state === 'lacking' ? 'missed' : '' },
    { text: String(each.misses), classes: 'figure' },
    { text: formatFigure(each.doublings), classes: 'figure' },
  ]);
  const head = [{ text: 'marginal' }, { text: 'misses', classes: 'figure' }, { text: 'doublings of rows', classes: 'figure' }];
  return `<h2>Where fidelity is lost, by marginal</h2>
<p>What would carry the nodes at which rows part by more than 2x; a node's doublings are shared out among its marginals.</p>
${htmlTable(head, rows)}`;
}

function queryBlock(query: FidelityQuery): string {
  const name = query.binding === '' ? query.name : `${query.name} (${query.binding})`;
  const sign = query.isFaithful ? '✓' : '✗';
  const latency =
    query.latencyQuotient === null
      ? ''
      : `; latency ${formatFigure(query.latencyQuotient)}x, buffers ${formatFigure(query.buffersQuotient)}x`;
  const summary = escapeHtml(`${sign} ${name}: ${whyLost(query)}${latency}`);
  const copy =
    query.targetNodes.length === 0 ? '' : `<div><h3>copy</h3><pre>${treeText(query.targetNodes, () => '')}</pre></div>`;
  const plan = query.nodes.length === 0 ? '' : `<div><h3>production</h3><pre>${treeText(query.nodes, nodeFigures)}</pre></div>`;
  const misses =
    query.misses.length === 0 ? '' : `<ul>${query.misses.map((miss) => `<li>${escapeHtml(missLine(miss))}</li>`).join('')}</ul>`;
  // Open where something is lost: a printed page shows what is open.
  return `<details${query.isFaithful ? '' : ' open'}><summary class="${query.isFaithful ? 'met' : 'missed'}">${summary}</summary>${misses}<div class="plans">${plan}${copy}</div></details>`;
}

function nodeFigures(node: FidelityQuery['nodes'][number]): string {
  const rows = node.rowsQuotient === null ? '' : `   rows ${formatFigure(node.rowsQuotient)}x`;
  const estimate = node.estimateQuotient === null ? '' : `, estimate ${formatFigure(node.estimateQuotient)}x`;
  return `${rows}${estimate}${node.isMistake ? ' !' : ''}`;
}

function treeText<Node extends { readonly depth: number; readonly label: string }>(
  nodes: readonly Node[],
  figures: (node: Node) => string,
): string {
  return nodes.map((node) => escapeHtml(`${'  '.repeat(node.depth)}${node.label}${figures(node)}`)).join('\n');
}
