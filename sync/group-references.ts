// Columns that references tie together, however long the chain: they need one rule, or references break.
import { formatTableKey } from '../core/identifiers.ts';
import type { CatalogColumn, CatalogTable } from '../postgres/catalog/catalog.ts';

/** By `table\ncolumn` the columns of its group, itself included; a column without references is not in the map. Pure. */
export function groupReferences(tables: readonly CatalogTable[]): ReadonlyMap<string, readonly CatalogColumn[]> {
  const columns = new Map<string, CatalogColumn>(
    tables.flatMap((table) => table.columns.map((column) => [`${formatTableKey(table)}\n${column.name}`, column] as const)),
  );
  const groups = new Map<string, Set<string>>();
  for (const table of tables)
    for (const key of table.foreignKeys)
      key.columns.forEach((name, place) => {
        const child = `${formatTableKey(table)}\n${name}`;
        const parent = `${formatTableKey(key.references)}\n${key.referencedColumns[place] ?? ''}`;
        const merged = new Set([...(groups.get(child) ?? [child]), ...(groups.get(parent) ?? [parent])]);
        for (const member of merged) groups.set(member, merged);
      });
  const columnsOf = (members: ReadonlySet<string>) =>
    [...members].flatMap((member) => {
      const column = columns.get(member);
      return column === undefined ? [] : [column];
    });
  return new Map([...groups].map(([member, members]) => [member, columnsOf(members)]));
}
