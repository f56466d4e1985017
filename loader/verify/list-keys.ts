// The foreign keys to check: those that the target declares, and those that the report alone knows (virtual ones, and
// declared ones that have got lost on the way).
import { formatTableKey, normaliseTableKey } from '../../core/identifiers.ts';
import type { CatalogColumn, CatalogTable } from '../../postgres/catalog/catalog.ts';
import { findTable, type TargetTable, type Verification } from '../target-tables.ts';

export interface KeyToCheck {
  /** `public.messages (userId) → public.users (id)`. */
  readonly label: string;
  readonly child: CatalogTable;
  readonly columns: readonly CatalogColumn[];
  readonly parent: CatalogTable;
  readonly parentColumns: readonly CatalogColumn[];
  /** A row with a NULL in some but not all columns is refused. */
  readonly isMatchFull: boolean;
  /** The value that stands for NULL in a virtual key. */
  readonly nullAs?: string;
}

export interface KeyList {
  readonly keys: readonly KeyToCheck[];
  /** Labels of keys whose tables, columns or declaration the target lacks, with what is missing. */
  readonly missing: readonly { readonly label: string; readonly reason: string }[];
}

interface NamedKey {
  readonly columns: readonly string[];
  readonly parentKey: string;
  readonly parentColumns: readonly string[];
  readonly isMatchFull: boolean;
  readonly nullAs?: string;
}

/** Every declared and every reported key of the tables once, in table order. */
export function listKeys(verification: Pick<Verification, 'catalog' | 'tables'>): KeyList {
  const keys: KeyToCheck[] = [];
  const missing: { label: string; reason: string }[] = [];
  for (const table of verification.tables) {
    if (table.found === null) continue;
    const declared = listDeclared(table.found);
    for (const key of [...declared, ...listReported(table, declared)]) {
      const resolved = resolveKey(verification, table.found, key);
      if (typeof resolved === 'string') missing.push({ label: labelKey(table.key, key), reason: resolved });
      else keys.push(resolved);
    }
    for (const key of listLost(table, declared))
      missing.push({ label: labelKey(table.key, key), reason: 'not declared in the target' });
  }
  return { keys, missing };
}

/** `public.messages (userId) → public.users (id)`. */
export function labelKey(child: string, key: Omit<NamedKey, 'isMatchFull'>): string {
  return `${child} (${key.columns.join(', ')}) → ${key.parentKey} (${key.parentColumns.join(', ')})`;
}

function listDeclared(table: CatalogTable): NamedKey[] {
  return table.foreignKeys.map((key) => ({
    columns: key.columns,
    parentKey: formatTableKey(key.references),
    parentColumns: key.referencedColumns,
    isMatchFull: /\) MATCH FULL/.test(key.definition),
  }));
}

function listReported(table: TargetTable, declared: readonly NamedKey[]): NamedKey[] {
  return table.expected.references
    .map((reference) => ({ ...asNamed(reference), isVirtual: reference.isVirtual }))
    .filter((key) => key.isVirtual && !declared.some((other) => isSameKey(key, other)));
}

function listLost(table: TargetTable, declared: readonly NamedKey[]): NamedKey[] {
  return table.expected.references
    .filter((reference) => !reference.isVirtual)
    .map(asNamed)
    .filter((key) => !declared.some((other) => isSameKey(key, other)));
}

function asNamed(reference: TargetTable['expected']['references'][number]): NamedKey {
  return {
    columns: reference.columns,
    parentKey: normaliseTableKey(reference.table),
    parentColumns: reference.to,
    isMatchFull: false,
    ...(reference.nullAs === undefined ? {} : { nullAs: reference.nullAs }),
  };
}

/** Equal as keys: the same pairs of columns, in any order. */
function isSameKey(left: NamedKey, right: NamedKey): boolean {
  const pairs = (key: NamedKey) => key.columns.map((column, index) => JSON.stringify([column, key.parentColumns[index]])).sort();
  return left.parentKey === right.parentKey && pairs(left).join() === pairs(right).join();
}

function resolveKey(verification: Pick<Verification, 'catalog'>, child: CatalogTable, key: NamedKey): KeyToCheck | string {
  const parent = findTable(verification.catalog, key.parentKey);
  if (parent === null) return `no table ${key.parentKey}`;
  const columns = findColumns(child, key.columns);
  const parentColumns = findColumns(parent, key.parentColumns);
  if (columns === null) return `no such columns in ${formatTableKey(child)}`;
  if (parentColumns === null || parentColumns.length !== columns.length) return `no such columns in ${key.parentKey}`;
  return {
    label: labelKey(formatTableKey(child), key),
    child,
    columns,
    parent,
    parentColumns,
    isMatchFull: key.isMatchFull,
    ...(key.nullAs === undefined ? {} : { nullAs: key.nullAs }),
  };
}

function findColumns(table: CatalogTable, names: readonly string[]): CatalogColumn[] | null {
  const columns = names.flatMap((name) => table.columns.filter((column) => column.name === name));
  return columns.length === names.length ? columns : null;
}
