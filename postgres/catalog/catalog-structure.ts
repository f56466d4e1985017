// The catalog in the words that specs keep of the database they were measured on, so that both can be compared.
import { formatTableKey } from '../../core/identifiers.ts';
import { type DescribedTable, describeStructure, type Structure } from '../../spec/structure.ts';
import type { Catalog, CatalogColumn, CatalogTable } from './catalog.ts';

/** Every table and enum of the catalog. Pure. */
export function structureOfCatalog({ tables, enums }: Catalog): Structure {
  return describeStructure(
    tables.map(describeTable),
    enums.map((entry) => ({ name: formatTableKey(entry), labels: entry.labels })),
  );
}

function describeTable(table: CatalogTable): DescribedTable {
  return {
    name: formatTableKey(table),
    columns: table.columns.map((column) => ({ ...column, type: typeName(column), nullable: column.isNullable })),
    primaryKey: table.primaryKey?.columns ?? null,
    uniques: table.uniques,
    foreignKeys: table.foreignKeys.map((key) => ({ ...key, references: formatTableKey(key.references) })),
    indexes: table.indexes,
  };
}

/** Built-in types by their name, others with their schema: as packs name them. */
function typeName(column: CatalogColumn): string {
  return column.typeSchema === 'pg_catalog' ? column.type : formatTableKey({ schema: column.typeSchema, name: column.type });
}
