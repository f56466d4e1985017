// A table as the sync will copy it: what its columns are, and the rule of each.
import type { QualifiedName } from '../core/identifiers.ts';
import type { CatalogColumn, CatalogTable } from '../postgres/catalog/catalog.ts';
import type { ColumnRule } from '../spec/sync-rules.ts';

export interface PlannedColumn {
  readonly column: CatalogColumn;
  readonly rule: ColumnRule;
  /** Under a unique key, or a reference to such a column: fakes of different values must differ. */
  readonly isDistinct: boolean;
  /** The declared type for a cast, without length. */
  readonly typeSql: string;
}

export interface PlannedTable extends QualifiedName {
  /** As documents name it. */
  readonly key: string;
  readonly oid: number;
  readonly isPartitioned: boolean;
  /** Without generated columns, which the shadow computes. */
  readonly columns: readonly PlannedColumn[];
  /** The catalog's estimate, -1 for unknown. */
  readonly estimatedRows: number;
  readonly pages: number;
  readonly catalog: CatalogTable;
}

/** The path of a column in the rules file, for texts. */
export function columnPath(table: string, column: string): string {
  return `tables.${table}.columns.${column}`;
}
