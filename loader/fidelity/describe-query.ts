// One query for the document: verdicts, and the plan with where rows and estimates part, as quotients only.
import type { Fidelity, FidelityMiss, FidelityQuery } from '../../spec/fidelity.ts';
import type { QueryClass } from '../../spec/workload.ts';
import { quotient } from '../../stats/quotients.ts';
import { type DiagnosisKnowledge, diagnose, diagnoseScans, type Miss } from './diagnose.ts';
import { judgeQuery, mistakeOf, type QueryJudgement } from './judge-queries.ts';
import { round } from './metric.ts';
import type { Plan, PlanNode } from './plan-tree.ts';
import type { WorkloadRun } from './run-workload.ts';

/** The query's class as the workload says, else by its parameters and the relations of its plan. */
export function classOf(query: WorkloadRun['query'], relations: number): QueryClass {
  if (query.queryClass !== null) return query.queryClass;
  if (query.parameters.length > 0) return 'oltp';
  return relations > 1 ? 'joins' : 'single';
}

export function describeQuery({ query, binding, runs }: WorkloadRun, knowledge: DiagnosisKnowledge): FidelityQuery {
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
    latencyQuotient: judgement.latencyQuotient === null ? null : round(judgement.latencyQuotient),
    buffersQuotient: round(judgement.buffersQuotient),
    isFaithful: judgement.isFaithful,
    nodes: listNodes(source.plan, judgement),
    targetNodes: judgement.isSamePlan ? [] : target.plan.nodes.map(({ depth, label }) => ({ depth, label })),
    misses: findMisses(source.plan, target.plan, judgement, knowledge).map(describeMiss),
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
  misses: [],
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

/** Rows first; where no rows are off, the scans that are done in another way. */
function findMisses(source: Plan, target: Plan, judgement: QueryJudgement, knowledge: DiagnosisKnowledge): Miss[] {
  const pairOf = new Map(judgement.pairs.map((pair) => [pair.source, pair.rowsQuotient]));
  const byPlace = (node: PlanNode) => {
    const other = target.nodes[source.nodes.indexOf(node)];
    return other === undefined ? null : quotient(node.actualRows * node.loops, other.actualRows * other.loops);
  };
  const misses = diagnose(source, judgement.isSamePlan ? byPlace : (node) => pairOf.get(node) ?? null, knowledge);
  return misses.length > 0 || judgement.isSamePlan ? misses : diagnoseScans(source, target, knowledge);
}

function describeMiss({ node, condition, rowsQuotient, marginals }: Miss): FidelityMiss {
  return {
    node,
    condition,
    rowsQuotient: round(rowsQuotient),
    marginals: marginals.map(({ name, state, residual, floor }) => ({
      marginal: name,
      state,
      residual: residual === null ? null : round(residual),
      floor: floor === null ? null : round(floor),
    })),
  };
}

/** All marginals behind the misses; a miss's doublings of rows are shared out among its marginals. */
export function sumMisses(queries: readonly FidelityQuery[]): Fidelity['marginals'] {
  const sums = new Map<string, Fidelity['marginals'][number]>();
  for (const miss of queries.flatMap(({ misses }) => misses)) {
    const share = Math.log2(Math.max(1, miss.rowsQuotient)) / Math.max(1, miss.marginals.length);
    for (const marginal of miss.marginals) {
      const sum = sums.get(marginal.marginal) ?? { ...marginal, misses: 0, doublings: 0 };
      sums.set(marginal.marginal, { ...sum, misses: sum.misses + 1, doublings: sum.doublings + share });
    }
  }
  const sorted = [...sums.values()].sort((left, right) => right.doublings - left.doublings || right.misses - left.misses);
  return sorted.map((sum) => ({ ...sum, doublings: round(sum.doublings) }));
}
