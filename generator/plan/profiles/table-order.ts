// Tables so that parents come before their children: a child's population looks at its parents'. In a circle somebody has to begin.
import type { PlanTable } from '../../../spec/plan.ts';

/** Indexes of all tables, parents first; of a circle the table that comes first in the plan begins. Pure. */
export function orderParentsFirst(tables: readonly PlanTable[]): number[] {
  const order: number[] = [];
  const seen = new Set<number>();
  // An explicit stack: chains of references can be longer than the call stack.
  for (const root of tables.keys()) {
    const open: { readonly table: number; next: number }[] = seen.has(root) ? [] : [{ table: root, next: 0 }];
    seen.add(root);
    while (open.length > 0) {
      const top = open[open.length - 1] as (typeof open)[number];
      const reference = tables[top.table]?.references[top.next];
      top.next += 1;
      if (reference === undefined) {
        order.push(top.table);
        open.pop();
      } else if (!seen.has(reference.table)) {
        seen.add(reference.table);
        open.push({ table: reference.table, next: 0 });
      }
    }
  }
  return order;
}
