// Whether references still lead to their rows: a child column must be masked exactly as the column that it points at, or be NULL.
import type { Problem } from '../core/errors.ts';
import { formatTableKey } from '../core/identifiers.ts';
import type { Catalog, CatalogForeignKey } from '../postgres/catalog/catalog.ts';
import { columnPath, type PlannedColumn, type PlannedTable } from './planned-table.ts';

/** Every foreign key that the rules would break, at the paths of its columns. Pure. */
export function findReferenceProblems(tables: readonly PlannedTable[], catalog: Catalog): Problem[] {
  const byKey = new Map(tables.map((table) => [table.key, table]));
  const known = new Set(catalog.tables.map(formatTableKey));
  return tables.flatMap((child) =>
    child.catalog.foreignKeys
      .filter((key) => !isNulled(child, key) && known.has(formatTableKey(key.references)))
      .flatMap((key) => keyProblems(child, byKey.get(formatTableKey(key.references)), key)),
  );
}

/** Whether rules take the reference away. One NULL is enough: the server then looks no further (MATCH FULL wants all). Pure. */
export function isNulled(child: PlannedTable, key: CatalogForeignKey): boolean {
  const nulled = key.columns.filter((name) => findColumn(child, name)?.rule.kind === 'null');
  return key.definition.includes('MATCH FULL') ? nulled.length === key.columns.length : nulled.length > 0;
}

function keyProblems(child: PlannedTable, parent: PlannedTable | undefined, key: CatalogForeignKey): Problem[] {
  const parentKey = formatTableKey(key.references);
  const isSingle = key.columns.length === 1;
  return key.columns.flatMap((name, place) => {
    const path = columnPath(child.key, name);
    if (parent === undefined) {
      return [{ path, message: `it refers to ${parentKey}, which has rows: none; make it null, or give both tables rows: none` }];
    }
    const parentName = key.referencedColumns[place] ?? '';
    const mine = findColumn(child, name);
    const theirs = findColumn(parent, parentName);
    // A generated column follows from others, and the server finds out after the rows.
    if (mine === undefined || theirs === undefined || mappingOf(mine, isSingle) === mappingOf(theirs, isSingle)) return [];
    const message = `it refers to ${parentKey}.${parentName}, whose rule is ${theirs.rule.kind}; both need the same rule, and one type and length, so that references hold`;
    return [{ path, message }];
  });
}

function findColumn(table: PlannedTable, name: string): PlannedColumn | undefined {
  return table.columns.find(({ column }) => column.name === name);
}

/** Two columns of one mapping turn equal values into equal values; a mapping of its own for a rule that promises no such thing. */
function mappingOf({ rule, column, isDistinct }: PlannedColumn, isSingle: boolean): unknown {
  // Texts of these types are equal that are not the same: 'a' and 'a  ', 'A' and 'a'.
  const length = `${column.maxLength ?? ''} ${['bpchar', 'citext'].includes(column.baseType) ? column.baseType : ''}`;
  switch (rule.kind) {
    case 'keep':
      return 'keep';
    case 'shuffle':
      // The same values, in other rows: each still has its parent.
      return isSingle ? 'keep' : Symbol('shuffled');
    case 'token':
      return /^int/.test(column.baseType) ? 'token integer' : column.baseType === 'uuid' ? 'token uuid' : `token ${length}`;
    case 'fake':
      return `fake ${rule.of} ${isDistinct || rule.distinct} ${length}`;
    case 'constant':
    case 'replace':
    case 'keepLast':
    case 'sql':
      return JSON.stringify(rule);
    default:
      return Symbol('its own');
  }
}
