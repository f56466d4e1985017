// Which enum a column stores.
import { formatTableKey } from '../../core/identifiers.ts';
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';

/** The enum's key, directly, under domains or in an array; null for other columns. */
export function enumKeyOf(column: CatalogColumn): string | null {
  if (column.enumType) return formatTableKey(column.enumType);
  return column.kind === 'enum' ? formatTableKey({ schema: column.typeSchema, name: column.type }) : null;
}
