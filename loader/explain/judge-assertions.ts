// A query's assertions against its plan and its times. Pure.
import type { ExplainedQuery } from '../../spec/explanation.ts';
import type { Assertion } from '../../spec/workload/assertions.ts';
import { percentile } from '../../stats/quotients.ts';
import type { Plan, PlanNode } from '../fidelity/plan-tree.ts';

type Judged = ExplainedQuery['assertions'][number];

/** Each assertion with what was found; one over times is not met where nothing was timed. `latenciesMs`: of the warm runs. */
export function judgeAssertions(assertions: readonly Assertion[], plan: Plan, latenciesMs: readonly number[]): Judged[] {
  return assertions.map((assertion) => ({ text: assertion.text, ...judge(assertion, plan, latenciesMs) }));
}

function judge(assertion: Assertion, plan: Plan, latenciesMs: readonly number[]): Omit<Judged, 'text'> {
  switch (assertion.kind) {
    case 'no': {
      const found = plan.nodes.find((node) => isOfType(node, assertion.node) && isOn(node, assertion.relation));
      return found === undefined ? { isMet: true, found: 'none' } : { isMet: false, found: found.label };
    }
    case 'uses': {
      const isMet = plan.indexes.includes(assertion.index);
      const others = plan.indexes.length === 0 ? 'no index' : plan.indexes.join(', ');
      return { isMet, found: isMet ? assertion.index : `it reads ${others}` };
    }
    case 'time': {
      const ms = percentile(latenciesMs, assertion.share);
      if (ms === null) return { isMet: false, found: 'nothing was timed' };
      return { isMet: ms < assertion.belowMs, found: `${ms.toFixed(2)} ms in ${latenciesMs.length} runs` };
    }
  }
}

function isOfType({ type }: PlanNode, wanted: string): boolean {
  return type === wanted || (wanted === 'Sort' && type === 'Incremental Sort');
}

function isOn({ relation }: PlanNode, name: string | null): boolean {
  return name === null || relation?.name === name;
}
