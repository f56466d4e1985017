// Sets of rows as SQL: a row is where it lies (tableoid, ctid), which holds within a snapshot for every table and partition, and its key
// columns go along by their numbers. Sets that others need are named once (CTEs), so that a diamond of references does not multiply text.
import { quoteIdentifier, quoteQualified } from '../../core/identifiers.ts';
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import type { PlannedTable } from '../planned-table.ts';
import type { ReferencePair, RowReference } from './row-references.ts';

/** Something to select from, with the columns "table", "row" and the key columns. */
export interface Relation {
  readonly sql: string;
  /** Names of the sets that it needs. */
  readonly needs: readonly string[];
}

interface NamedSet {
  readonly name: string;
  readonly definition: string;
  readonly needs: readonly string[];
}

/** Collects sets; each may need those that were named before it. */
export interface NamedSets {
  readonly name: (definition: string, needs: readonly Relation[]) => Relation;
  /** A set that reads itself too: the definition is told its name. */
  readonly nameRecursive: (define: (self: string) => string, needs: readonly Relation[]) => Relation;
  /** `with recursive ...` of all that the relations need, or nothing. */
  readonly withClause: (needs: readonly Relation[]) => string;
}

export function createNamedSets(): NamedSets {
  const sets: NamedSet[] = [];
  const nameRecursive: NamedSets['nameRecursive'] = (define, needs) => {
    const name = quoteIdentifier(`subset ${sets.length + 1}`);
    sets.push({ name, definition: define(name), needs: needs.flatMap((relation) => relation.needs) });
    return { sql: name, needs: [name] };
  };
  const withClause: NamedSets['withClause'] = (relations) => {
    const wanted = new Set(relations.flatMap(({ needs }) => needs));
    for (const { name, needs } of [...sets].reverse()) if (wanted.has(name)) for (const need of needs) wanted.add(need);
    const parts = sets.filter(({ name }) => wanted.has(name)).map(({ name, definition }) => `${name} as (${definition})`);
    return parts.length === 0 ? '' : `with recursive ${parts.join(', ')} `;
  };
  return { name: (definition, needs) => nameRecursive(() => definition, needs), nameRecursive, withClause };
}

/** The key column's name in a set. */
export function keyColumn({ position }: CatalogColumn): string {
  return `c${position}`;
}

/** Rows of the table itself, of those that meet the condition. */
export function rowsOf(table: PlannedTable, columns: readonly CatalogColumn[], condition: string | null): Relation {
  const keys = columns.map((column) => `, ${quoteIdentifier(column.name)} as ${keyColumn(column)}`);
  const where = condition === null ? '' : ` where ${condition}`;
  const source = `${table.isPartitioned ? '' : 'only '}${quoteQualified(table)}`;
  return { sql: `(select tableoid as "table", ctid as "row"${keys.join('')} from ${source}${where})`, needs: [] };
}

/** That the child's row points at the parent's; false where a column is NULL. */
export function matches({ pairs }: RowReference, child: string, parent: string): string {
  const equalities = pairs.map(
    ({ mine, theirs }) => `${child}.${keyColumn(mine)} ${equality({ mine, theirs })} ${parent}.${keyColumn(theirs)}`,
  );
  return equalities.join(' and ');
}

/** Types of an extension bring their own operator, which stands beside them and not on the search path. */
function equality({ mine }: ReferencePair): string {
  return isBuiltIn(mine) ? '=' : `operator(${quoteIdentifier(mine.typeSchema)}.=)`;
}

/** Whether the plain operator compares the column as its foreign key does. */
export function isBuiltIn({ kind, typeSchema }: CatalogColumn): boolean {
  return kind !== 'base' || typeSchema === 'pg_catalog';
}

/** That some column of the reference is NULL; null where none can be. */
export function isOpen({ pairs }: RowReference, child: string): string | null {
  const nullable = pairs.filter(({ mine }) => mine.isNullable).map(({ mine }) => `${child}.${keyColumn(mine)} is null`);
  return nullable.length === 0 ? null : nullable.join(' or ');
}

/** That two rows are one. */
export function isSameRow(left: string, right: string): string {
  return `${left}."table" = ${right}."table" and ${left}."row" = ${right}."row"`;
}
