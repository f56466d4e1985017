// Columns that the target's checks put in order within a row (start_at < end_at): marked in the plan where their values may change
// places. Where they may not (keys, unique values, other units) the check is left to the sample rows.
import type { PlanColumn } from '../../spec/plan.ts';
import type { ColumnOrder } from './restrict-rules.ts';

/** The columns with `below` set. `ownReferences` lead to the table itself: a delay along one stays as it is. */
export function orderColumns(
  columns: readonly PlanColumn[],
  orders: readonly ColumnOrder[],
  ownReferences: ReadonlySet<number>,
): PlanColumn[] {
  const find = (name: string) => columns.find((column) => column.name === name);
  const possible = orders.filter(({ lower, upper }) => {
    const [one, other] = [find(lower), find(upper)];
    return (
      one !== undefined &&
      other !== undefined &&
      isMovable(one, ownReferences) &&
      isMovable(other, ownReferences) &&
      one.baseType === other.baseType &&
      one.decimals === other.decimals
    );
  });
  if (possible.length === 0) return [...columns];
  return columns.map((column) => ({
    ...column,
    below: possible.filter(({ upper }) => upper === column.name).map(({ lower, isStrict }) => ({ column: lower, isStrict })),
  }));
}

function isMovable({ builder, nullAs }: PlanColumn, ownReferences: ReadonlySet<number>): boolean {
  if (nullAs !== null) return false;
  if (builder.kind === 'number' || builder.kind === 'time') return !builder.isUnique;
  return builder.kind === 'delay' && !ownReferences.has(builder.reference);
}
