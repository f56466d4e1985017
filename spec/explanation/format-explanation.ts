// An explanation for the terminal: a line a query, the assertions that failed, and against a baseline the trees that changed.
import type { DifferenceLine, ExplainedQuery, Explanation, IndexValue, QueryChange, WhatIf } from '../explanation.ts';
import { isRegression } from './compare-explanations.ts';
import { compareServers } from './compare-servers.ts';

const SIDES = { baseline: '-', now: '+', both: ' ' } as const;
/** A query is slower, or has other rows, when it is this many times off. */
const FAR = 2;

/** Text without a trailing newline. The explanation's changes are those against the baseline. */
export function formatExplanation(explanation: Explanation, baseline: Explanation | null): string {
  const { changes = null, queries } = explanation;
  const failed = queries.flatMap(({ assertions }) => assertions).filter(({ isMet }) => !isMet).length;
  const asserted = queries.flatMap(({ assertions }) => assertions).length;
  const lost = queries.filter(({ state }) => state === 'failed').length;
  const width = Math.max(0, ...queries.map((query) => nameOf(query).length));
  const changed = changes?.filter(isRegression).length ?? 0;
  return [
    ...queries.flatMap((query) => queryLines(query, width)),
    ...(baseline === null ? [] : ['', ...compareServers(baseline, explanation).map((line) => `· ${line}`)]),
    ...(changes === null ? [] : changes.flatMap(changeLines)),
    ...explanation.whatIf.flatMap(whatIfLines),
    ...(explanation.indexes.length === 0 ? [] : ['', 'without each index:', ...explanation.indexes.map(indexLine)]),
    '',
    ...(lost === 0 ? [] : [`✗ ${lost} of ${queries.length} queries failed`]),
    ...(asserted === 0 ? [] : [`${failed === 0 ? '✓' : '✗'} ${asserted - failed} of ${asserted} assertions hold`]),
    ...(changes === null ? [] : [`${changed === 0 ? '✓' : '✗'} ${changed} of ${changes.length} plans changed`]),
    `${queries.length - lost} queries ${explanation.mode}, PostgreSQL ${explanation.serverMajor}`,
  ].join('\n');
}

function queryLines(query: ExplainedQuery, width: number): string[] {
  const { assertions, figures, fingerprint, nodes, reason, state } = query;
  const name = nameOf(query).padEnd(width);
  if (state === 'failed') return [`✗ ${name}  ${reason ?? ''}`];
  const failed = assertions.filter(({ isMet }) => !isMet);
  const root = nodes[0]?.label ?? '';
  const time =
    figures === null
      ? ''
      : `  ${figures.p50Ms.toFixed(2).padStart(9)} ms  ${String(figures.buffers).padStart(8)} blocks${figures.spilledBlocks > 0 ? `, ${figures.spilledBlocks} spilled` : ''}`;
  const furthest = furthestNode(query);
  return [
    `${failed.length === 0 ? '·' : '✗'} ${name}  ${fingerprint ?? ''}${time}  ${root}`,
    ...(furthest === null ? [] : [`    estimated ${furthest.estimated}, found ${furthest.actual}: ${furthest.label}`]),
    ...failed.map(({ found, text }) => `    ✗ ${text}: ${found}`),
  ];
}

/** The node that the planner misjudged by more than 4x, the worst of them. */
function furthestNode({ nodes }: ExplainedQuery): { label: string; estimated: string; actual: string } | null {
  const off = nodes.flatMap(({ actualRows, estimatedRows, isPartial, label }) =>
    actualRows === null || estimatedRows === null || (isPartial && actualRows < estimatedRows)
      ? []
      : [{ label, estimatedRows, actualRows, apart: Math.abs(Math.log2(Math.max(1, estimatedRows) / Math.max(1, actualRows))) }],
  );
  const [worst] = off.sort((left, right) => right.apart - left.apart);
  if (worst === undefined || worst.apart <= 2) return null;
  const rows = (count: number) => `${Math.round(count).toLocaleString('en-US')} rows`;
  return { label: worst.label, estimated: rows(worst.estimatedRows), actual: rows(worst.actualRows) };
}

function changeLines(change: QueryChange): string[] {
  const name = nameOf(change);
  const { difference, latencyRatio, rowsQuotient, state } = change;
  if (state === 'changed') return [`✗ ${name}: another plan${latencyText(latencyRatio)}`, ...difference.map(differenceLine)];
  if (state === 'lost') return [`✗ ${name}: it fails now`];
  if (state === 'added' || state === 'removed') return [`· ${name}: only ${state === 'added' ? 'now' : 'in the baseline'}`];
  const notes = [
    rowsQuotient !== null && rowsQuotient > FAR ? `rows ${rowsQuotient.toFixed(1)}x apart at a node` : '',
    latencyRatio !== null && (latencyRatio > FAR || latencyRatio < 1 / FAR) ? latencyText(latencyRatio).slice(2) : '',
  ].filter((note) => note !== '');
  return notes.length === 0 ? [] : [`· ${name}: the same plan, ${notes.join(', ')}`];
}

function whatIfLines({ changes, how, pages, statement }: WhatIf): string[] {
  const changed = changes.filter(({ state }) => state === 'changed');
  const lost = changes.filter(({ state }) => state === 'lost');
  const made = how === 'built' ? 'built and rolled back' : 'pretended (hypopg)';
  return [
    '',
    `what if: ${statement}`,
    `  ${made}, ${Math.round(pages).toLocaleString('en-US')} pages; ${changed.length === 0 ? 'no plan changes' : `${changed.length} plans change`}${lost.length === 0 ? '' : `, ${lost.length} queries fail`}`,
    ...lost.map((change) => `  ✗ ${nameOf(change)}: it fails with the index`),
    ...changed.flatMap((change) => [
      `  ${nameOf(change)}: ${change.costRatio === null ? '' : `${change.costRatio.toFixed(3)}x the cost`}${latencyText(change.latencyRatio)}`,
      ...change.difference.map(differenceLine),
    ]),
  ];
}

function indexLine({ costRatio, helps, index, pages, queries }: IndexValue): string {
  const size = `${index}  ${Math.round(pages).toLocaleString('en-US')} pages`;
  // Other queries than the workload's may well need it.
  if (queries === 0) return `  ·       ${size}: not read by this workload`;
  if (costRatio === null) return `  ·       ${size}: read by ${queries} queries, which could not be planned without it`;
  return `  ${helps ? '✓ keep' : '· drop'}  ${size}: ${costRatio.toFixed(2)}x the cost of ${queries} queries`;
}

function latencyText(ratio: number | null): string {
  if (ratio === null) return '';
  return ratio >= 1 ? `, ${ratio.toFixed(2)}x the time` : `, ${(1 / ratio).toFixed(2)}x faster`;
}

function differenceLine({ depth, label, side }: DifferenceLine): string {
  return `    ${SIDES[side]} ${'  '.repeat(depth)}${label}`;
}

function nameOf({ binding, name }: { readonly name: string; readonly binding: string }): string {
  return binding === '' ? name : `${name} (${binding})`;
}
