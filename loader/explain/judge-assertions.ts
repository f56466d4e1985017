// A query's assertions against its plan and its times. Pure.
import { formatTableKey } from '../../core/identifiers.ts';
import type { ExplainedQuery } from '../../spec/explanation.ts';
import type { AssertedName, Assertion } from '../../spec/workload/assertions.ts';
import { percentile } from '../../stats/quotients.ts';
import type { Plan, PlanNode } from '../fidelity/plan-tree.ts';
import { type NameFamilies, nameKey } from './resolve-names.ts';

type Judged = ExplainedQuery['assertions'][number];
type Verdict = Omit<Judged, 'text'>;

/** What a query did, and what the names in its assertions stand for. */
export interface JudgedRun {
  readonly plan: Plan;
  /** Of the warm runs. */
  readonly latenciesMs: readonly number[];
  readonly families: NameFamilies;
}

/** Each assertion with what was found. One over times is not met where nothing was timed, nor one over a name that the catalog does not have. */
export function judgeAssertions(assertions: readonly Assertion[], run: JudgedRun): Judged[] {
  return assertions.map((assertion) => ({ text: assertion.text, ...judge(assertion, run) }));
}

function judge(assertion: Assertion, { families, latenciesMs, plan }: JudgedRun): Verdict {
  switch (assertion.kind) {
    case 'no':
      return judgeAbsence(assertion.node, assertion.relation, plan, families);
    case 'uses': {
      const family = families.get(nameKey('index', assertion.index)) ?? null;
      if (family === null) return { isMet: false, found: 'no such index' };
      const read = plan.indexes.find((index) => family.has(formatTableKey(index)));
      const others = plan.indexes.length === 0 ? 'no index' : plan.indexes.map(formatTableKey).join(', ');
      return read === undefined ? { isMet: false, found: `it reads ${others}` } : { isMet: true, found: read.name };
    }
    case 'time': {
      const ms = percentile(latenciesMs, assertion.share);
      if (ms === null) return { isMet: false, found: 'nothing was timed' };
      return { isMet: ms < assertion.belowMs, found: `${ms.toFixed(2)} ms in ${latenciesMs.length} runs` };
    }
  }
}

function judgeAbsence(type: string, relation: AssertedName | null, { nodes }: Plan, families: NameFamilies): Verdict {
  const family = relation === null ? null : (families.get(nameKey('table', relation)) ?? null);
  if (relation !== null && family === null) return { isMet: false, found: 'no such table' };
  const found = nodes.find(
    (node) => isOfType(node, type) && (family === null || (node.relation !== null && family.has(node.relation.table))),
  );
  return found === undefined ? { isMet: true, found: 'none' } : { isMet: false, found: found.label };
}

function isOfType({ type }: PlanNode, wanted: string): boolean {
  return type === wanted || (wanted === 'Sort' && type === 'Incremental Sort');
}
