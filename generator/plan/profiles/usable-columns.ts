// Which columns and references of a table can be given out by profiles: those whose value follows the row's rank and nothing else.
import type { PlanColumn, PlanReference, PlanTable } from '../../../spec/plan.ts';

/** A column whose ranks may be ordered by profiles. */
export function isProfiledColumn(column: PlanColumn, table: number, tables: readonly PlanTable[]): boolean {
  const { builder, ranks } = column;
  if (ranks === null || ranks.first !== undefined || builder.kind === 'delay' || builder.kind === 'domain') return false;
  // A key that may be NULL is asked for by its ranks from elsewhere.
  return !tables.some(({ references }) =>
    references.some(
      (reference) => reference.table === table && reference.eligible !== null && reference.to.includes(column.name),
    ),
  );
}

/** A reference whose parents can be ordered by profiles. */
export function hasProfiledParents(reference: PlanReference): boolean {
  return reference.curve !== null && reference.tree === null && reference.eligible === null && reference.curve.parents > 0;
}

/** A reference whose children can be: no key of pairs, none whose first children have ranks of their own, not of the table itself. */
export function hasProfiledChildren(reference: PlanReference, at: number, child: number, tables: readonly PlanTable[]): boolean {
  const table = tables[child] as PlanTable;
  if (!hasProfiledParents(reference) || reference.ranks.order !== 'shuffled' || reference.table === child) return false;
  if (table.pairs.some(({ runs, other }) => runs === at || other === at)) return false;
  return !table.columns.some(({ ranks }) => String(ranks?.first?.columns) === String(reference.columns));
}
