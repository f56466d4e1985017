// References that only the rules declare. They join the catalog's own foreign keys, so that masks, row filters and proposals treat both
// alike; nothing on the shadow's server proves them, so sync asks it itself.
import type { Problem } from '../../core/errors.ts';
import { formatTableKey, parseTableKey } from '../../core/identifiers.ts';
import type { Catalog, CatalogColumn, CatalogForeignKey, CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { Relationship } from '../../spec/policy.ts';

/** A declared key has the server's text of its definition. */
export function isVirtual(key: CatalogForeignKey): boolean {
  return key.definition === '';
}

/** The catalog with the references as foreign keys of their tables; one that is declared too is left out. Pure. */
export function addReferences(catalog: Catalog, references: readonly Relationship[]): Catalog {
  const tables = catalog.tables.map((table) => {
    const declared = new Set(table.foreignKeys.map(identityOf));
    const added = references
      .map((reference, at) => ({ reference, name: `references.${at}` }))
      .filter(({ reference }) => reference.table === formatTableKey(table))
      .map(({ reference, name }) => virtualKey(name, reference))
      .filter((key) => !declared.has(identityOf(key)));
    return added.length === 0 ? table : { ...table, foreignKeys: [...table.foreignKeys, ...added] };
  });
  return { ...catalog, tables };
}

function virtualKey(name: string, { columns, references, referencedColumns }: Relationship): CatalogForeignKey {
  return { name, columns, references: parseTableKey(references), referencedColumns, isDeferrable: false, definition: '' };
}

function identityOf({ columns, references, referencedColumns }: CatalogForeignKey): string {
  return JSON.stringify([columns, formatTableKey(references), referencedColumns]);
}

/** Every reference that the catalog does not bear out, at its path: names, number and types of columns, and a unique key to point at. Pure. */
export function findReferenceFaults(catalog: Catalog, references: readonly Relationship[]): Problem[] {
  const tables = new Map(catalog.tables.map((table) => [formatTableKey(table), table]));
  return references.flatMap((reference, at) => {
    const path = `references.${at}`;
    const child = tables.get(reference.table);
    const parent = tables.get(reference.references);
    const missing = [
      ...missingOf(reference.table, child, reference.columns),
      ...missingOf(reference.references, parent, reference.referencedColumns),
    ];
    if (child === undefined || parent === undefined || missing.length > 0) return missing.map((message) => ({ path, message }));
    const fault = pairFault(reference, child, parent) ?? keyFault(reference, parent);
    return fault === null ? [] : [{ path, message: fault }];
  });
}

function missingOf(key: string, table: CatalogTable | undefined, columns: readonly string[]): string[] {
  if (table === undefined) return [`the source has no table ${key}`];
  const names = new Set(table.columns.map(({ name }) => name));
  return columns.filter((name) => !names.has(name)).map((name) => `${key} has no column ${name}`);
}

function pairFault({ columns, referencedColumns }: Relationship, child: CatalogTable, parent: CatalogTable): string | null {
  if (columns.length !== referencedColumns.length) return 'columns and referencedColumns differ in number';
  for (const [place, name] of columns.entries()) {
    const mine = child.columns.find((column) => column.name === name);
    const theirs = parent.columns.find((column) => column.name === referencedColumns[place]);
    if (mine === undefined || theirs === undefined || familyOf(mine) === familyOf(theirs)) continue;
    return `${name} is ${mine.type} and ${theirs.name} is ${theirs.type}: values of the two cannot be equal for certain`;
  }
  return null;
}

/** Types of one family are compared by one operator. */
function familyOf({ baseType, typeSchema, type }: CatalogColumn): string {
  if (/^int[248]$/.test(baseType)) return 'integer';
  if (baseType === 'text' || baseType === 'varchar') return 'text';
  return baseType === 'enum' ? `${typeSchema}.${type}` : baseType;
}

function keyFault({ references, referencedColumns }: Relationship, parent: CatalogTable): string | null {
  const wanted = [...referencedColumns].sort().join('\n');
  const isKey = parent.indexes.some(
    ({ isUnique, isPartial, columns }) => isUnique && !isPartial && [...columns].sort().join('\n') === wanted,
  );
  return isKey ? null : `${references} has no unique key over ${referencedColumns.join(', ')}, so no one row is meant`;
}
