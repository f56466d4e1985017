// The reference that a path of the spec means: by the names of its columns and of the parent's table.
import type { Via } from '../../../spec/pair-axis.ts';
import type { PlanTable } from '../../../spec/plan.ts';

/** Its index in the table; -1 for none. */
export function referenceAt(table: PlanTable, tables: readonly PlanTable[], via: Via): number {
  return table.references.findIndex(
    ({ columns, table: parent }) => String(columns) === String(via.columns) && tables[parent]?.name === via.references,
  );
}
