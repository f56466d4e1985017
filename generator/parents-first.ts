// The order in which rows may come where foreign keys are already there.
import type { Plan, PlanTable } from '../spec/plan.ts';

/** Tables after those that they refer to; the names of those that a circle (or their own key) leaves without such a place. */
export function parentsFirst(plan: Plan): { readonly order: readonly PlanTable[]; readonly circles: readonly string[] } {
  const order: PlanTable[] = [];
  const circles = new Set(plan.tables.filter(refersToItself(plan)).map(({ name }) => name));
  const left = new Set(plan.tables);
  while (left.size > 0) {
    const isReady = (table: PlanTable) => parentsOf(plan, table).every((parent) => parent === table || !left.has(parent));
    const ready = [...left].filter(isReady);
    const next = ready.length > 0 ? ready : [...left].slice(0, 1);
    if (ready.length === 0) for (const { name } of next) circles.add(name);
    for (const table of next) left.delete(table);
    order.push(...next);
  }
  return { order, circles: [...circles] };
}

function parentsOf(plan: Plan, table: PlanTable): PlanTable[] {
  return table.references.filter(({ isVirtual }) => !isVirtual).flatMap((reference) => plan.tables[reference.table] ?? []);
}

function refersToItself(plan: Plan): (table: PlanTable) => boolean {
  return (table) => parentsOf(plan, table).includes(table);
}
