// Two runs of one query side by side: same tree, rows per node, estimates, mistakes, time. Pure.
import { quotient } from '../../stats/quotients.ts';
import type { Plan, PlanNode } from './plan-tree.ts';
import { type QueryRun, TIMED_MS } from './run-query.ts';

export interface NodePair {
  readonly source: PlanNode;
  readonly rowsQuotient: number;
  readonly estimateQuotient: number;
}

export interface QueryJudgement {
  readonly isSamePlan: boolean;
  /** Scans and joins that both plans have, by what they compute. */
  readonly pairs: readonly NodePair[];
  /** At every node of the tree, where the trees are the same; else null. */
  readonly rowsQuotient: number | null;
  /** null: not timed. */
  readonly latencyQuotient: number | null;
  /** Above the time from which latency is judged, on the first side. */
  readonly isTimed: boolean;
  readonly buffersQuotient: number;
  readonly scans: Agreement;
  readonly joins: Agreement;
  readonly mistakes: Mistakes;
  readonly isFaithful: boolean;
}

interface Agreement {
  readonly total: number;
  readonly same: number;
}

interface Mistakes {
  readonly total: number;
  readonly kept: number;
  /** Of the total: those whose node the other plan does not have. */
  readonly unmatched: number;
}

/** A mistake: estimated and actual rows more than this many doublings apart. */
const MISTAKE_LOG2 = 2;
const FAITHFUL_QUOTIENT = 2;

type Measured = Extract<QueryRun, { state: 'measured' }>;

/** The second run against the first. */
export function judgeQuery(source: Measured, target: Measured): QueryJudgement {
  const isSamePlan = source.plan.fingerprint === target.plan.fingerprint;
  const matched = matchNodes(source.plan, target.plan, isSamePlan);
  const pairs = matched.flatMap(({ node, other }) => (other === null || node.key === null ? [] : [comparePair(node, other)]));
  const rowsQuotient = isSamePlan ? worstRows(source.plan, target.plan) : null;
  const isTimed = source.latencyMs !== null && target.latencyMs !== null;
  const latencyQuotient = isTimed ? quotient(source.latencyMs, target.latencyMs, TIMED_MS) : null;
  return {
    isSamePlan,
    pairs,
    rowsQuotient,
    latencyQuotient,
    isTimed: isTimed && source.latencyMs >= TIMED_MS,
    buffersQuotient: quotient(source.buffers, target.buffers),
    scans: countAgreement(matchKeys(source.plan, target.plan, 'scan')),
    joins: countAgreement(matchKeys(source.plan, target.plan, 'join')),
    mistakes: countMistakes(matched),
    isFaithful: rowsQuotient !== null && rowsQuotient <= FAITHFUL_QUOTIENT && (latencyQuotient ?? 1) <= FAITHFUL_QUOTIENT,
  };
}

/** Whether the planner was off by more than 4x at the node: -1 too few, 1 too many, 0 no. */
export function mistakeOf(node: PlanNode): -1 | 0 | 1 {
  const factor = Math.log2(Math.max(1, node.estimatedRows) / Math.max(1, node.actualRows));
  if (Math.abs(factor) <= MISTAKE_LOG2) return 0;
  return factor > 0 ? 1 : -1;
}

interface Match {
  readonly node: PlanNode;
  /** null: the other plan has no such node. */
  readonly other: PlanNode | null;
}

// The same tree pairs its nodes by place. Else what computes the same thing is paired, unless it may have ended early.
function matchNodes(source: Plan, target: Plan, isSamePlan: boolean): Match[] {
  if (isSamePlan)
    return source.nodes
      .filter((node) => node.kind !== 'other')
      .map((node) => ({ node, other: target.nodes[source.nodes.indexOf(node)] ?? null }));
  const others = new Map(target.nodes.map((node) => [node.key, node]));
  return source.nodes
    .filter((node) => node.kind !== 'other')
    .map((node) => {
      const other = others.get(node.key);
      return { node, other: other === undefined || node.isPartial || other.isPartial ? null : other };
    });
}

function comparePair(node: PlanNode, other: PlanNode): NodePair {
  return {
    source: node,
    rowsQuotient: quotient(node.actualRows * node.loops, other.actualRows * other.loops),
    estimateQuotient: quotient(node.estimatedRows, other.estimatedRows),
  };
}

function worstRows(source: Plan, target: Plan): number {
  const quotients = source.nodes.map((node, index) => {
    const other = target.nodes[index];
    return other === undefined ? Number.POSITIVE_INFINITY : comparePair(node, other).rowsQuotient;
  });
  return Math.max(1, ...quotients);
}

/** A scan is looked for by alias alone: being steered by another relation is part of the method. */
function matchKeys(source: Plan, target: Plan, kind: 'scan' | 'join'): Match[] {
  const keyOf = (node: PlanNode) => (kind === 'scan' ? (node.key ?? '').replace(/ by .*?( #\d+)?$/, '$1') : node.key);
  const others = new Map(target.nodes.filter((node) => node.kind === kind).map((node) => [keyOf(node), node]));
  return source.nodes.filter((node) => node.kind === kind).map((node) => ({ node, other: others.get(keyOf(node)) ?? null }));
}

function countAgreement(matches: readonly Match[]): Agreement {
  return { total: matches.length, same: matches.filter(({ node, other }) => other?.method === node.method).length };
}

function countMistakes(matches: readonly Match[]): Mistakes {
  const wrong = matches.filter(({ node }) => mistakeOf(node) !== 0);
  return {
    total: wrong.length,
    kept: wrong.filter(({ node, other }) => other !== null && mistakeOf(other) === mistakeOf(node)).length,
    unmatched: wrong.filter(({ other }) => other === null).length,
  };
}
