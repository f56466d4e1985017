// The longest text that a column of the plan has, keys followed to where they are made.
import type { PlanColumn, PlanTable } from '../../spec/plan.ts';

/** In characters; 0 where the builder makes no text, or takes care itself. */
export function longestText(tables: readonly PlanTable[], table: PlanTable, column: PlanColumn): number {
  const origin = originOf(tables, table, column);
  if (origin === null) return 0;
  const { builder } = origin.column;
  switch (builder.kind) {
    case 'sequence':
      return Math.max(
        String(builder.start).length,
        String(builder.start + builder.step * Math.max(0, origin.table.rows - 1)).length,
      );
    case 'uuid':
      return 36;
    case 'id':
      return builder.length;
    case 'template':
      return builder.before.length + builder.after.length + String(origin.table.rows).length;
    case 'constant':
      return builder.text?.length ?? 0;
    case 'degreeClass':
      return longest(builder.labels);
    case 'labels':
      return longest(builder.labels);
    case 'text': {
      const { from, width } = builder.lengths;
      return from.reduce((most, length, at) => Math.max(most, length + (width[at] ?? 1) - 1), 0);
    }
    default:
      return 0;
  }
}

/** The column that a key is copied from in the end; null where that is not in the plan. */
export function originOf(
  tables: readonly PlanTable[],
  start: PlanTable,
  startColumn: PlanColumn,
): { readonly table: PlanTable; readonly column: PlanColumn } | null {
  let table = start;
  let column = startColumn;
  for (let step = 0; step <= tables.length + 1; step += 1) {
    if (column.builder.kind !== 'reference') return { table, column };
    const reference = table.references[column.builder.reference];
    const parent = reference === undefined ? undefined : tables[reference.table];
    const name = reference?.to[column.builder.position];
    const next = parent?.columns.find((candidate) => candidate.name === name);
    if (parent === undefined || next === undefined) return null;
    table = parent;
    column = next;
  }
  return null;
}

function longest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, text.length), 0);
}
