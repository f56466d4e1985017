// Metrics 1 to 5 and the headline, from the judged queries.
import type { QueryClass } from '../../spec/workload.ts';
import { geometricMean, percentile } from '../../stats/quotients.ts';
import type { NodePair, QueryJudgement } from './judge-queries.ts';
import type { Figure } from './metric.ts';

export interface JudgedQuery {
  readonly label: string;
  readonly queryClass: QueryClass;
  readonly weight: number;
  /** null: it failed on the second side only, and counts as not faithful. */
  readonly judgement: QueryJudgement | null;
}

export const HEADLINE_TARGETS: Readonly<Record<QueryClass, number | null>> = { oltp: 0.9, joins: 0.92, single: null };
const WHOLE_TREE_TARGETS: Readonly<Record<QueryClass, number | null>> = { oltp: 0.95, joins: 0.98, single: null };
export const QUERY_CLASSES: readonly QueryClass[] = ['oltp', 'joins', 'single'];

/** All figures of metrics 1 to 5; without queries each is null. */
export function queryFigures(judged: readonly JudgedQuery[]): Figure[] {
  const measured = judged.flatMap((query) => (query.judgement === null ? [] : [{ ...query, judgement: query.judgement }]));
  const timed = measured.filter(({ judgement }) => judgement.isTimed);
  // A scan that another relation steers gives the rows of the join above it, which is counted there.
  const isOwn = ({ source }: NodePair) => source.kind === 'join' || !/ by /.test(source.key ?? '');
  const nodes = (kind: 'join' | 'scan', take: (pair: NodePair) => number) =>
    measured.flatMap(({ label, judgement }) =>
      judgement.pairs
        .filter((pair) => pair.source.kind === kind && isOwn(pair))
        .map((pair) => ({ place: `${label}: ${pair.source.key ?? ''}`, value: take(pair) })),
    );
  const rows = (pair: NodePair) => pair.rowsQuotient;
  const estimates = (pair: NodePair) => pair.estimateQuotient;
  const allEstimates = [...nodes('scan', estimates), ...nodes('join', estimates)];
  return [
    ...QUERY_CLASSES.map((queryClass) => wholeTree(judged, queryClass)),
    agreement('scan and index per alias', 0.97, measured, (judgement) => judgement.scans),
    agreement('method per join', null, measured, (judgement) => judgement.joins),
    ...meanAndTail(2, 'actual rows of joins', nodes('join', rows), 1.1, 1.5),
    ...meanAndTail(2, 'actual rows of single tables', nodes('scan', rows), 1.03, 1.15),
    ...meanAndTail(3, 'estimated rows', allEstimates, 1.05, 1.25),
    mistakes(measured),
    ...meanAndTail(
      5,
      'latency',
      timed.map(({ label, judgement }) => ({ place: label, value: judgement.latencyQuotient ?? 1 })),
      1.25,
      2,
    ),
    mean(
      5,
      'buffers',
      measured.map(({ label, judgement }) => ({ place: label, value: judgement.buffersQuotient })),
      1.15,
    ),
  ];
}

/** Share of the class's weight that is faithful; null without queries. */
export function headlineShare(judged: readonly JudgedQuery[], queryClass: QueryClass): number | null {
  return weightedShare(
    judged.filter((query) => query.queryClass === queryClass),
    ({ judgement }) => judgement?.isFaithful === true,
  );
}

type Place = Figure['places'][number];

function wholeTree(judged: readonly JudgedQuery[], queryClass: QueryClass): Figure {
  const queries = judged.filter((query) => query.queryClass === queryClass);
  return {
    number: 1,
    name: `same plan, ${queryClass}`,
    value: weightedShare(queries, ({ judgement }) => judgement?.isSamePlan === true),
    target: WHOLE_TREE_TARGETS[queryClass],
    direction: 'atLeast',
    samples: queries.length,
    remark: queries.length === 0 ? 'no query of this class' : 'share of the queries, by weight',
    places: queries.map(({ label, judgement }) => ({ place: label, value: judgement?.isSamePlan === true ? 1 : 0 })),
  };
}

type MeasuredQuery = JudgedQuery & { readonly judgement: QueryJudgement };

function agreement(
  name: string,
  target: number | null,
  measured: readonly MeasuredQuery[],
  take: (judgement: QueryJudgement) => { readonly total: number; readonly same: number },
): Figure {
  const counts = measured.map(({ label, judgement }) => ({ label, ...take(judgement) })).filter(({ total }) => total > 0);
  const total = counts.reduce((sum, each) => sum + each.total, 0);
  const same = counts.reduce((sum, each) => sum + each.same, 0);
  return {
    number: 1,
    name,
    value: total === 0 ? null : same / total,
    target,
    direction: 'atLeast',
    samples: total,
    remark: total === 0 ? 'no such node' : 'share of the nodes',
    places: counts.map(({ label, ...each }) => ({ place: label, value: each.same / each.total })),
  };
}

function mistakes(measured: readonly MeasuredQuery[]): Figure {
  const counts = measured.map(({ label, judgement }) => ({ label, ...judgement.mistakes })).filter(({ total }) => total > 0);
  const sum = (take: (each: (typeof counts)[number]) => number) => counts.reduce((all, each) => all + take(each), 0);
  const total = sum((each) => each.total);
  const unmatched = sum((each) => each.unmatched);
  return {
    number: 4,
    name: 'mistakes of the planner kept',
    value: total === 0 ? null : sum((each) => each.kept) / total,
    target: 0.9,
    direction: 'atLeast',
    samples: total,
    remark:
      total === 0
        ? 'the planner is nowhere off by more than 4x'
        : `${sum((each) => each.kept)} of ${total}; ${unmatched} at nodes that the other plan lacks, counted as lost`,
    places: counts.map(({ label, ...each }) => ({ place: label, value: each.kept / each.total })),
  };
}

/** The geometric mean of the quotients and their 95th percentile, as two figures. */
export function meanAndTail(
  number: number,
  name: string,
  places: readonly Place[],
  meanTarget: number,
  tailTarget: number,
): Figure[] {
  const tail = percentile(
    places.map(({ value }) => value),
    0.95,
  );
  return [
    mean(number, name, places, meanTarget),
    { ...mean(number, name, places, tailTarget), name: `${name}, p95`, value: tail },
  ];
}

/** The geometric mean of the quotients as a figure. */
export function mean(number: number, name: string, places: readonly Place[], target: number): Figure {
  return {
    number,
    name: `${name}, mean`,
    value: geometricMean(places.map(({ value }) => value)),
    target,
    direction: 'atMost',
    samples: places.length,
    remark: places.length === 0 ? 'nothing to compare' : 'quotient, the larger by the smaller',
    places,
  };
}

function weightedShare(queries: readonly JudgedQuery[], isTrue: (query: JudgedQuery) => boolean): number | null {
  const total = queries.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return null;
  return queries.reduce((sum, query) => sum + (isTrue(query) ? query.weight : 0), 0) / total;
}
