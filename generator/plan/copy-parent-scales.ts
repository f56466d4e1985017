// A key column holds what its parent's column holds, so it has that column's decimals; the parents are known only when all tables are resolved.
import type { PlanColumn, PlanTable } from '../../spec/plan.ts';

/** The tables with the decimals of every copied column taken from where its values are made. */
export function copyParentScales(tables: readonly PlanTable[]): PlanTable[] {
  return tables.map((table) => ({
    ...table,
    columns: table.columns.map((column) => {
      const origin = originOf(tables, table, column);
      return origin === column
        ? column
        : { ...column, decimals: origin.decimals, shownDecimals: Math.max(origin.decimals, column.shownDecimals) };
    }),
  }));
}

function originOf(tables: readonly PlanTable[], table: PlanTable, column: PlanColumn): PlanColumn {
  let at = { table, column };
  // A circle of copies is refused elsewhere; here it only has to end.
  for (let hop = 0; hop <= tables.length; hop += 1) {
    const { builder } = at.column;
    const reference = builder.kind === 'reference' ? at.table.references[builder.reference] : undefined;
    const parent = reference === undefined ? undefined : tables[reference.table];
    const name = builder.kind === 'reference' ? reference?.to[builder.position] : undefined;
    const next = parent?.columns.find((candidate) => candidate.name === name);
    if (parent === undefined || next === undefined) return at.column;
    at = { table: parent, column: next };
  }
  return column;
}
