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

/** Which rows of a table come; the same for every statement of a snapshot. */
export interface RowFilter {
  /** `with recursive ...` for the beginning of a statement, or empty. */
  readonly withClause: string;
  /** Over the table's columns and its place (tableoid, ctid). */
  readonly condition: string;
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
  /** null: all rows. */
  readonly filter: RowFilter | null;
  /** What the rules say of its rows, for people: `where`, `sample 0.01`, `referenced`, `all`. */
  readonly rowsRule: string;
  readonly catalog: CatalogTable;
}

/** The path of a column in the rules file, for texts. */
export function columnPath(table: string, column: string): string {
  return `tables.${table}.columns.${column}`;
}
