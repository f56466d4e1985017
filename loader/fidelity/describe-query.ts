// One query for the document: verdicts, and the plan with where rows and estimates part, as quotients only.
import type { FidelityQuery } from '../../spec/fidelity.ts';
import type { QueryClass } from '../../spec/workload.ts';
import { judgeQuery, mistakeOf, type QueryJudgement } from './judge-queries.ts';
import { round } from './metric.ts';
import type { Plan } from './plan-tree.ts';
import type { WorkloadRun } from './run-workload.ts';

/** The query's class as the workload says, else by its parameters and the relations of its plan. */
export function classOf(query: WorkloadRun['query'], relations: number): QueryClass {
  if (query.queryClass !== null) return query.queryClass;
  if (query.parameters.length > 0) return 'oltp';
  return relations > 1 ? 'joins' : 'single';
}

export function describeQuery({ query, binding, runs }: WorkloadRun): FidelityQuery {
  const [source, target, floor] = runs;
  const place = { name: query.name, binding, weight: query.weight };
  if (source?.state !== 'measured') {
    const reason = source?.reason ?? 'it was not run';
    return { ...place, ...FAILED, class: classOf(query, 0), state: 'failedOnSource', reason };
  }
  const floorJudgement = floor?.state === 'measured' ? judgeQuery(source, floor) : null;
  const shared = { ...place, class: classOf(query, source.plan.relations), isFloorFaithful: floorJudgement?.isFaithful ?? null };
  if (target?.state !== 'measured') {
    return {
      ...FAILED,
      ...shared,
      state: 'failedOnTarget',
      reason: target?.reason ?? 'it was not run',
      nodes: listNodes(source.plan, null),
    };
  }
  const judgement = judgeQuery(source, target);
  return {
    ...shared,
    state: 'measured',
    reason: null,
    isSamePlan: judgement.isSamePlan,
    rowsQuotient: judgement.rowsQuotient === null ? null : round(judgement.rowsQuotient),
    latencyQuotient: round(judgement.latencyQuotient),
    buffersQuotient: round(judgement.buffersQuotient),
    isFaithful: judgement.isFaithful,
    nodes: listNodes(source.plan, judgement),
    targetNodes: judgement.isSamePlan ? [] : target.plan.nodes.map(({ depth, label }) => ({ depth, label })),
  };
}

const FAILED = {
  isSamePlan: false,
  rowsQuotient: null,
  latencyQuotient: null,
  buffersQuotient: null,
  isFaithful: false,
  isFloorFaithful: null,
  nodes: [],
  targetNodes: [],
} satisfies Partial<FidelityQuery>;

function listNodes(plan: Plan, judgement: QueryJudgement | null): FidelityQuery['nodes'] {
  const pairOf = new Map(judgement?.pairs.map((pair) => [pair.source, pair]));
  return plan.nodes.map((node) => {
    const pair = pairOf.get(node);
    return {
      depth: node.depth,
      label: node.label,
      rowsQuotient: pair === undefined ? null : round(pair.rowsQuotient),
      estimateQuotient: pair === undefined ? null : round(pair.estimateQuotient),
      isMistake: mistakeOf(node) !== 0,
    };
  });
}
