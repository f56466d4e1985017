// A database seen through a pack: only the tables and columns that the pack has, with the pack's references. A synthetic
// target often lacks the foreign keys (or they were never declared), so they come from the document.
import { formatTableKey } from '../../core/identifiers.ts';
import type { Catalog, CatalogColumn } from '../../postgres/catalog/catalog.ts';
import type { Pack, PackColumn } from '../../spec/pack.ts';
import { connectTables, type Source, type SourceColumn } from './source.ts';

/** The part of the database that the pack describes. Pure. */
export function describeSourceOfShape(catalog: Catalog, shape: Pack): Source {
  const columnsOf = new Map(
    shape.structure.tables.map(({ name, columns }) => [name, new Map(columns.map((column) => [column.name, column]))]),
  );
  const visible = catalog.tables.flatMap((table) => {
    const key = formatTableKey(table);
    const wanted = columnsOf.get(key);
    return wanted === undefined
      ? []
      : [{ key, table, columns: table.columns.flatMap((column) => markAs(column, wanted.get(column.name))) }];
  });
  const references = shape.structure.tables.flatMap(({ name, foreignKeys }) =>
    foreignKeys.map(({ columns, references, referencedColumns }) => ({ table: name, columns, references, referencedColumns })),
  );
  return { tables: connectTables(visible, references), enums: catalog.enums };
}

/** The column as the pack's one was measured. */
function markAs(column: CatalogColumn, wanted: PackColumn | undefined): SourceColumn[] {
  if (wanted === undefined) return [];
  const { epoch, sentinel } = wanted;
  return [{ ...column, ...(epoch === undefined ? {} : { epoch }), ...(sentinel === undefined ? {} : { sentinel }) }];
}
