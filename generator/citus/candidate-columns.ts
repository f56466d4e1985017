// By which columns a Citus cluster can cut a table: those that every unique key holds, are never NULL and can be hashed (Citus docs, "Creating and
// Modifying Distributed Objects": a unique constraint is only checked within a shard).
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';

const UNHASHABLE = new Set(['json', 'xml', 'point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle', 'tsquery']);

/** The columns that the table may be distributed by, those of the primary key first. */
export function candidateColumns(table: CatalogTable): string[] {
  if (table.exclusions.length > 0) return [];
  const keys = uniqueKeys(table);
  const first = table.primaryKey?.columns ?? [];
  const names = [...new Set([...first, ...table.columns.map(({ name }) => name)])];
  return names.filter((name) => {
    const column = table.columns.find((candidate) => candidate.name === name);
    if (column === undefined || column.isNullable || column.generated || UNHASHABLE.has(column.baseType)) return false;
    return keys.every(({ columns }) => columns.includes(name));
  });
}

/** Why a column is none of them, in words. */
export function describeUnfit(table: CatalogTable, name: string): string {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) return 'the table has no such column';
  if (column.isNullable) return 'it may be NULL';
  const lacking = uniqueKeys(table).filter(({ columns }) => !columns.includes(name));
  if (lacking.length > 0) return `${lacking.map((key) => key.name).join(', ')} would be unique without it`;
  return 'Citus cannot hash it';
}

function uniqueKeys(table: CatalogTable): { readonly name: string; readonly columns: readonly (string | null)[] }[] {
  const keys = [...(table.primaryKey === null ? [] : [table.primaryKey]), ...table.uniques];
  const names = new Set(keys.map(({ name }) => name));
  return [...keys, ...table.indexes.filter(({ isUnique, name }) => isUnique && !names.has(name))];
}
