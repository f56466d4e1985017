// Equality of keys under search_path = pg_catalog, where a type of an extension would be compared as what it casts to: citext as
// text, by case. Such a type brings its own `=` in its own schema.
import { quoteIdentifier, quoteQualified } from '../core/identifiers.ts';
import type { CatalogColumn } from './catalog/catalog.ts';

/** What decides how a column's values are compared. */
export type ComparedColumn = Pick<CatalogColumn, 'kind' | 'type' | 'typeSchema'>;

/** SQL: whether `left`, a value of the column, equals `right`, as a key over the column takes it. */
export function equalsSql(column: ComparedColumn | undefined, left: string, right: string): string {
  if (column === undefined || isBuiltIn(column)) return `${left} = ${right}`;
  return `${left} operator(${quoteIdentifier(column.typeSchema)}.=) ${asOwnType(column, right)}`;
}

/** SQL: the value in the column's own type, which functions such as nullif() lose for types of an extension. */
export function asOwnType(column: ComparedColumn | undefined, value: string): string {
  if (column === undefined || isBuiltIn(column)) return value;
  return `${value}::${quoteQualified({ schema: column.typeSchema, name: column.type })}`;
}

function isBuiltIn({ kind, typeSchema }: ComparedColumn): boolean {
  return typeSchema === 'pg_catalog' || kind !== 'base';
}
