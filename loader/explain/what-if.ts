// What an index would change: with hypopg it is only pretended, and queries are planned; without it the index is really made, in a transaction
// that is rolled back, and queries are run. And what every index that is there is worth: it is dropped for a moment, in the same way.
import type { Progress } from '../../core/progress.ts';
import { createBinder } from '../../postgres/bind-parameters.ts';
import { type Side, withSide } from '../../postgres/read-side.ts';
import type { ExplainedQuery, IndexValue, WhatIf } from '../../spec/explanation.ts';
import { listBindings, type Workload } from '../../spec/workload.ts';
import { helps, measureIndexCosts, type PlannedQuery } from '../fidelity/index-decisions.ts';
import { nameIndex } from '../fidelity/index-sizes.ts';
import { forbidWrites, refuseAborted, takeBack, withTrialSession } from '../fidelity/rolled-back.ts';
import { planBound } from '../fidelity/run-bound.ts';
import { buildIndex, pretendIndex, withPlainNames } from './try-index.ts';

/** The workload, where it runs, and how long a statement may take. */
export interface WhatIfOptions {
  readonly url: string;
  readonly workload: Workload;
  readonly statementTimeoutMs: number;
  readonly startProgress: (label: string, total: number, unit: string) => Progress;
  readonly signal?: AbortSignal;
}

/**
 * The workload with the index. `explain` does it on the session given. Locks the index's table against writers while it is built; nothing of
 * it is left. Throws QUERY_FAILED where it cannot be made, and INTERRUPTED.
 */
export async function explainWithIndex(
  statement: string,
  { signal, statementTimeoutMs, url }: WhatIfOptions,
  explain: (side: Side, how: WhatIf['how']) => Promise<ExplainedQuery[]>,
): Promise<Pick<WhatIf, 'how' | 'pages'> & { readonly queries: ExplainedQuery[] }> {
  const trial = { applicationName: 'shapecast explain', what: 'explain', signal, statementTimeoutMs };
  return withTrialSession(url, trial, (side) =>
    takeBack(side.client, async () => {
      const { how, pages } = (await pretendIndex(side, statement)) ?? (await buildIndex(side, statement));
      await forbidWrites(side.client);
      const queries = await explain(side, how);
      return { how, pages, queries: how === 'pretended' ? queries.map(withPlainNames) : queries };
    }),
  );
}

/** What each optional index that the workload reads is worth to it, the most valuable first. Locks each one's table for a moment. Throws QUERY_FAILED and INTERRUPTED. */
export async function valueIndexes(options: WhatIfOptions): Promise<IndexValue[]> {
  const planned = await withSide(options.url, options, async (side): Promise<PlannedQuery[]> => {
    const binder = createBinder(side);
    const found: PlannedQuery[] = [];
    for (const query of options.workload.queries) {
      for (const binding of listBindings(query)) {
        refuseAborted(options.signal, 'explain');
        const run = await planBound(side, binder, { query, binding });
        found.push({ query, binding, plan: run.state === 'planned' ? run.plan : null });
      }
    }
    return found;
  });
  const { costs, indexes, readers } = await measureIndexCosts(options.url, planned, options);
  return indexes
    .filter(({ isOptional }) => isOptional)
    .map((index): IndexValue => {
      const own = [...(costs.get(nameIndex(index)) ?? new Map<string, never>()).values()];
      const sum = (take: (cost: (typeof own)[number]) => number) => own.reduce((all, cost) => all + take(cost) * cost.weight, 0);
      const before = sum((cost) => cost.before);
      return {
        index: nameIndex(index),
        table: `${index.schema}.${index.table}`,
        pages: index.pages,
        queries: readers.get(nameIndex(index)) ?? 0,
        costRatio: before === 0 ? null : sum((cost) => cost.after) / before,
        helps: helps(own),
      };
    })
    .sort((left, right) => (right.costRatio ?? 0) - (left.costRatio ?? 0) || (left.index < right.index ? -1 : 1));
}
