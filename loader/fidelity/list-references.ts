// The references to judge by: what the database declares, what the pack knows and what the policy adds, each once.
import { formatTableKey, parseTableKey, type QualifiedName } from '../../core/identifiers.ts';
import type { Catalog } from '../../postgres/catalog/catalog.ts';

/** A reference that a document names; table keys as documents write them. */
export interface NamedReference {
  readonly table: string;
  readonly columns: readonly string[];
  readonly references: string;
  readonly referencedColumns: readonly string[];
}

/** A column of a table whose value stands for NULL. */
export interface NamedSentinel {
  readonly table: string;
  readonly column: string;
  readonly value: string | number;
}

export interface Reference {
  /** `public.posts (owneruserid)`. */
  readonly label: string;
  readonly child: QualifiedName;
  readonly parent: QualifiedName;
  readonly pairs: readonly { readonly column: string; readonly parentColumn: string; readonly nullAs: string | undefined }[];
}

/** References whose tables and columns the catalog has, in the order of its tables. */
export function listReferences(
  catalog: Catalog,
  named: readonly NamedReference[],
  sentinels: readonly NamedSentinel[],
): Reference[] {
  const declared = catalog.tables.flatMap((table) =>
    table.foreignKeys.map((key) => ({
      table: formatTableKey(table),
      columns: key.columns,
      references: formatTableKey(key.references),
      referencedColumns: key.referencedColumns,
    })),
  );
  const references = new Map<string, Reference>();
  for (const each of [...declared, ...named]) {
    const reference = resolve(each, sentinels);
    if (exists(catalog, reference.child, each.columns) && exists(catalog, reference.parent, each.referencedColumns)) {
      references.set(JSON.stringify([reference.label, formatTableKey(reference.parent)]), reference);
    }
  }
  return [...references.values()].sort((left, right) => left.label.localeCompare(right.label));
}

function resolve(named: NamedReference, sentinels: readonly NamedSentinel[]): Reference {
  const child = parseTableKey(named.table);
  const key = formatTableKey(child);
  return {
    label: `${key} (${named.columns.join(', ')})`,
    child,
    parent: parseTableKey(named.references),
    pairs: named.columns.map((column, index) => {
      const sentinel = sentinels.find((each) => each.table === key && each.column === column);
      return {
        column,
        parentColumn: named.referencedColumns[index] ?? '',
        nullAs: sentinel === undefined ? undefined : String(sentinel.value),
      };
    }),
  };
}

function exists(catalog: Catalog, table: QualifiedName, columns: readonly string[]): boolean {
  const found = catalog.tables.find((each) => each.schema === table.schema && each.name === table.name);
  return columns.length > 0 && columns.every((name) => found?.columns.some((column) => column.name === name));
}
