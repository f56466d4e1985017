// The source as the policy lets us see it: tables and columns without the excluded ones, and the references between them,
// declared and virtual. Everything after this file works on it, so what is excluded cannot be read by mistake.
import { formatTableKey } from '../../core/identifiers.ts';
import type { Catalog, CatalogColumn, CatalogEnum, CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { Policy, Relationship } from '../../spec/policy.ts';

/** A foreign key, declared or virtual, from `child` to `parent`; both are keys of source tables. */
export interface Reference {
  readonly child: string;
  readonly columns: readonly string[];
  readonly parent: string;
  readonly referencedColumns: readonly string[];
  readonly isVirtual: boolean;
}

/** A column, and what the policy says about its values. */
export interface SourceColumn extends CatalogColumn {
  /** An integer that counts this since 1970-01-01 UTC. */
  readonly epoch?: Policy['epochColumns'][number]['unit'];
  /** The value that is measured as NULL. */
  readonly sentinel?: Policy['sentinels'][number]['value'];
}

export interface SourceTable {
  /** As documents name it: `public.users`. */
  readonly key: string;
  readonly table: CatalogTable;
  /** In table order, without the excluded ones. */
  readonly columns: readonly SourceColumn[];
  /** From this table to others, declared ones first. */
  readonly references: readonly Reference[];
}

export interface Source {
  /** Sorted as the catalog is. */
  readonly tables: readonly SourceTable[];
  readonly enums: readonly CatalogEnum[];
}

/** The tables that the policy does not exclude. Pure; names of the policy that do not exist are check-policy's business. */
export function describeSource(catalog: Catalog, policy: Policy): Source {
  const excludedTables = new Set(policy.excludedTables);
  const excludedColumns = new Set(policy.excludedColumns.map(({ table, column }) => columnKey(table, column)));
  const visible = catalog.tables
    .map((table) => ({ key: formatTableKey(table), table }))
    .filter(({ key }) => !excludedTables.has(key))
    .map(({ key, table }) => ({
      key,
      table,
      columns: table.columns
        .filter((column) => !excludedColumns.has(columnKey(key, column.name)))
        .map((column) => markColumn(key, column, policy)),
    }));
  return { tables: connectTables(visible, policy.relationships), enums: catalog.enums };
}

/** The column with the policy's word on it. */
function markColumn(table: string, column: CatalogColumn, { epochColumns, sentinels }: Policy): SourceColumn {
  const isThis = (entry: { table: string; column: string }) => entry.table === table && entry.column === column.name;
  const epoch = epochColumns.find(isThis);
  const sentinel = sentinels.find(isThis);
  return {
    ...column,
    ...(epoch === undefined ? {} : { epoch: epoch.unit }),
    ...(sentinel === undefined ? {} : { sentinel: sentinel.value }),
  };
}

type UnconnectedTable = Omit<SourceTable, 'references'>;

/** The same tables with their references; one that touches a table or column that is not there is dropped. */
export function connectTables(tables: readonly UnconnectedTable[], virtual: readonly Relationship[]): SourceTable[] {
  const columnsOf = new Map(tables.map(({ key, columns }) => [key, new Set(columns.map((column) => column.name))]));
  const isVisible = (table: string, columns: readonly string[]) =>
    columns.every((column) => columnsOf.get(table)?.has(column) ?? false) && columnsOf.has(table);
  return tables.map((table) => {
    const seen = new Set<string>();
    const references = [...declaredReferences(table), ...virtualReferences(table.key, virtual)].filter((reference) => {
      const identity = JSON.stringify([reference.columns, reference.parent]);
      if (seen.has(identity)) return false;
      seen.add(identity);
      return isVisible(reference.child, reference.columns) && isVisible(reference.parent, reference.referencedColumns);
    });
    return { ...table, references };
  });
}

function declaredReferences({ key, table }: UnconnectedTable): Reference[] {
  return table.foreignKeys.map((foreignKey) => ({
    child: key,
    columns: foreignKey.columns,
    parent: formatTableKey(foreignKey.references),
    referencedColumns: foreignKey.referencedColumns,
    isVirtual: false,
  }));
}

function virtualReferences(key: string, virtual: readonly Relationship[]): Reference[] {
  return virtual
    .filter((relationship) => relationship.table === key)
    .map(({ columns, references, referencedColumns }) => ({
      child: key,
      columns,
      parent: references,
      referencedColumns,
      isVirtual: true,
    }));
}

/** One text for a column of a table, usable as a key of a set. */
export function columnKey(table: string, column: string): string {
  return `${table}\n${column}`;
}

/** The column of that name. */
export function findColumn(table: SourceTable, name: string): SourceColumn | undefined {
  return table.columns.find((column) => column.name === name);
}
