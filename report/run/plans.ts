// How the planner answers the workload: each query with its time, blocks and assertions, its tree, and what changed against a baseline.
import { formatCount } from '../../core/progress.ts';
import { isRegression } from '../../spec/explanation/compare-explanations.ts';
import type { DifferenceLine, ExplainedQuery, Explanation, QueryChange } from '../../spec/explanation.ts';
import { escapeHtml } from '../html.ts';
import {
  counted,
  dataTable,
  factList,
  figure,
  folded,
  heads,
  measured,
  pointList,
  type ReportSection,
  type Row,
  verdict,
} from './parts.ts';

const SIDES = { baseline: '-', now: '+', both: ' ' } as const;

/** The section of explain's document. */
export function plansSection(explanation: Explanation): ReportSection {
  const { changes = [], queries } = explanation;
  const assertions = queries.flatMap((query) => query.assertions);
  const held = assertions.filter(({ isMet }) => isMet).length;
  const failed = queries.filter(({ state }) => state === 'failed').length;
  const changed = changes.filter(isRegression).length;
  const isMet = held === assertions.length && failed === 0 && changed === 0;
  const isJudged = assertions.length + failed + changes.length > 0;
  return {
    id: 'plans',
    title: 'Plans',
    verdict: isMet ? (isJudged ? 'met' : 'none') : 'missed',
    headline:
      assertions.length === 0
        ? counted(queries.length, 'query', 'queries')
        : `${held} of ${counted(assertions.length, 'assertion')}`,
    remark: [
      counted(queries.length, 'query', 'queries'),
      failed === 0 ? 'none failed' : `${failed} failed`,
      ...(changes.length === 0 ? [] : [`${counted(changed, 'plan')} changed`]),
    ].join(', '),
    body: [
      facts(explanation),
      dataTable('Queries', heads('', 'query', '#p50 ms', '#p95 ms', '#blocks', '#spilled', 'plan'), queries.map(queryRow)),
      failedList(queries),
      changeList(changes),
      folded('All plans', queries.map(planTree).join('\n')),
      whatIfList(explanation),
      indexTable(explanation),
    ].join('\n'),
  };
}

function facts({ mode, serverMajor, settings }: Explanation): string {
  const changed = Object.entries(settings).map(([name, value]) => (value === null ? name : `${name} = ${value}`));
  return factList([
    ['server', `PostgreSQL ${serverMajor}`],
    ['how', mode === 'measured' ? 'run with EXPLAIN ANALYZE' : 'planned, not run'],
    ['settings of the planner', changed.length === 0 ? 'the defaults' : changed.join(', ')],
  ]);
}

function queryRow(query: ExplainedQuery): Row {
  const { assertions, figures, nodes, reason, state } = query;
  const isMet = state === 'explained' && assertions.every((assertion) => assertion.isMet);
  return [
    state === 'explained' && assertions.length === 0 ? { text: '·' } : verdict(isMet),
    { text: nameOf(query) },
    figure(figures === null ? '-' : figures.p50Ms.toFixed(2)),
    figure(figures === null ? '-' : figures.p95Ms.toFixed(2)),
    figure(figures === null ? '-' : formatCount(figures.buffers)),
    figure(figures === null ? '-' : formatCount(figures.spilledBlocks)),
    { text: state === 'failed' ? (reason ?? 'failed') : leadingNodes(nodes) },
  ];
}

/** The ends of the tree: what reads the tables, which is what a person asks first. */
function leadingNodes(nodes: ExplainedQuery['nodes']): string {
  const leaves = nodes.filter(({ depth }, at) => (nodes[at + 1]?.depth ?? 0) <= depth).map(({ label }) => label);
  return [...new Set(leaves)].join('; ');
}

function failedList(queries: readonly ExplainedQuery[]): string {
  const lines = queries.flatMap((query) =>
    query.assertions.filter(({ isMet }) => !isMet).map(({ found, text }) => `${nameOf(query)}: ${text}: ${found}`),
  );
  return lines.length === 0 ? '' : `<h3>Assertions that do not hold</h3>\n${pointList(lines, 'missed')}`;
}

function planTree(query: ExplainedQuery): string {
  const lines = query.nodes.map(({ actualRows, depth, estimatedRows, label }) => {
    const rows = estimatedRows === null ? '' : `   ${measured(Math.round(estimatedRows))} rows expected`;
    return `${'  '.repeat(depth)}${label}${rows}${actualRows === null ? '' : `, ${measured(Math.round(actualRows))} found`}`;
  });
  const assertions = pointList(
    query.assertions.map(({ found, isMet, text }) => `${isMet ? '✓' : '✗'} ${text}${isMet ? '' : `: ${found}`}`),
    'plain',
  );
  return `<h4>${escapeHtml(nameOf(query))}</h4>\n${lines.length === 0 ? pointList([query.reason ?? 'failed']) : `<pre>${escapeHtml(lines.join('\n'))}</pre>`}${assertions}`;
}

function changeList(changes: readonly QueryChange[]): string {
  const rows = changes.map(
    (change): Row => [
      isRegression(change) ? verdict(false) : { text: '·' },
      { text: nameOf(change) },
      { text: change.state },
      figure(change.latencyRatio === null ? '-' : `${measured(change.latencyRatio)}x`),
      figure(change.rowsQuotient === null ? '-' : `${measured(change.rowsQuotient)}x`),
    ],
  );
  const trees = changes
    .filter(({ difference }) => difference.length > 0)
    .map((change) => `<h4>${escapeHtml(nameOf(change))}</h4>\n${differenceTree(change.difference)}`);
  return [dataTable('Against the baseline', heads('', 'query', 'plan', '#time', '#rows apart'), rows), ...trees].join('\n');
}

function differenceTree(lines: readonly DifferenceLine[]): string {
  return `<pre>${escapeHtml(lines.map(({ depth, label, side }) => `${SIDES[side]} ${'  '.repeat(depth)}${label}`).join('\n'))}</pre>`;
}

function whatIfList({ whatIf }: Explanation): string {
  const rows = whatIf.flatMap(({ changes, how, pages, statement }) =>
    changes.length === 0
      ? [[{ text: statement }, { text: how }, figure(formatCount(Math.round(pages))), { text: 'no plan changes' }, figure('-')]]
      : changes.map((change) => [
          { text: statement },
          { text: how },
          figure(formatCount(Math.round(pages))),
          { text: `${nameOf(change)}${change.state === 'lost' ? ' fails' : ''}` },
          figure(change.costRatio === null ? '-' : `${measured(change.costRatio)}x`),
        ]),
  );
  return dataTable('What if there were this index', heads('index', 'how', '#pages', 'query that changes', '#cost'), rows);
}

function indexTable({ indexes }: Explanation): string {
  const rows = indexes.map(({ costRatio, helps, index, pages, queries, table }) => [
    { text: index },
    { text: table },
    figure(formatCount(Math.round(pages))),
    figure(formatCount(queries)),
    figure(costRatio === null ? '-' : `${measured(costRatio)}x`),
    { text: queries === 0 ? 'not read by this workload' : helps ? 'keep' : 'gains little' },
  ]);
  return dataTable('What the indexes are worth', heads('index', 'table', '#pages', '#queries', '#cost without', ''), rows);
}

function nameOf({ binding, name }: { readonly name: string; readonly binding: string }): string {
  return binding === '' ? name : `${name} (${binding})`;
}
