// Columns whose values must stay different when they are faked: those of a unique key or index, and every reference to such a column,
// however long the chain, because a reference must get the very fake that its parent gets.
import { formatTableKey } from '../core/identifiers.ts';
import type { CatalogTable } from '../postgres/catalog/catalog.ts';

/** The columns as `table\ncolumn`. Pure. */
export function findDistinctColumns(tables: readonly CatalogTable[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const table of tables) for (const column of uniqueColumns(table)) found.add(`${formatTableKey(table)}\n${column}`);
  const references = tables.flatMap((table) =>
    table.foreignKeys.flatMap((key) =>
      key.columns.map((column, place) => ({
        child: `${formatTableKey(table)}\n${column}`,
        parent: `${formatTableKey(key.references)}\n${key.referencedColumns[place] ?? ''}`,
      })),
    ),
  );
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const { child, parent } of references) {
      if (found.has(parent)) found.add(child);
      // Two parents of one child get one fake too.
      if (found.has(child)) found.add(parent);
    }
  }
  return found;
}

function uniqueColumns({ indexes }: CatalogTable): string[] {
  return indexes
    .filter(({ isUnique }) => isUnique)
    .flatMap(({ columns, expressionColumns }) => [...columns.filter((column) => column !== null), ...expressionColumns]);
}
