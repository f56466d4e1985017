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

/** A reference by which the rows of distinct pairs do not stand in runs. */
export function isOtherSide({ pairs }: PlanTable, at: number): boolean {
  return pairs.some(({ other }) => other === at);
}

/**
 * Whether rows may follow the other side of distinct pairs too: where each profile is a row the plan itself sees to it that no pair occurs
 * twice (distinct-places.ts). More rows need the formula, which leaves only the runs free.
 */
export function mayFollowOtherSide({ pairs, references, rows }: PlanTable, size: number): boolean {
  const [pair, ...more] = pairs;
  return size === rows && more.length === 0 && pair !== undefined && Math.max(pair.runs, pair.other) < references.length;
}

/** A reference whose children can be: none whose first children have ranks of their own, not of the table itself. */
export function hasProfiledChildren(reference: PlanReference, at: number, child: number, tables: readonly PlanTable[]): boolean {
  const table = tables[child] as PlanTable;
  const isPaired = table.pairs.some(({ runs }) => runs === at) || isOtherSide(table, at);
  if (!hasProfiledParents(reference) || reference.table === child) return false;
  if (reference.ranks.order !== 'shuffled' && !isPaired) return false;
  return !table.columns.some(({ ranks }) => String(ranks?.first?.columns) === String(reference.columns));
}
