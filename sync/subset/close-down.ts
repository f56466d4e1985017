// Restriction goes down: a row comes only if every row that it points at comes. Over tables in order that is a join per reference; where
// tables point at each other in a circle, rows that lack a parent are found first, then by recursion all that rest on those.
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import type { PlannedTable } from '../planned-table.ts';
import { orderComponents } from './order-components.ts';
import { isOpen, isSameRow, matches, type NamedSets, type Relation, rowsOf } from './relation.ts';
import type { RowReference } from './row-references.ts';

export interface SubsetTable {
  readonly table: PlannedTable;
  /** The rule's own condition; null: every row. */
  readonly own: string | null;
  /** Only rows that others point at. */
  readonly isReferenced: boolean;
}

export interface Subsets {
  readonly tables: ReadonlyMap<string, SubsetTable>;
  readonly references: readonly RowReference[];
  readonly sets: NamedSets;
}

/** The rows of a table that may come, and how they were found. */
export interface Allowed {
  readonly relation: Relation;
  /** What the table points at outside of its circle, restricted itself. */
  readonly outer: readonly { readonly reference: RowReference; readonly parent: Relation }[];
  readonly isInCircle: boolean;
}

/** By table, of the tables that do not come whole, the rows that may. Pure. */
export function closeDown(subsets: Subsets): Map<string, Allowed> {
  const restricted = findRestricted(subsets);
  const references = subsets.references.filter(({ parent }) => restricted.has(parent));
  const parentsOf = (child: string) => references.filter((reference) => reference.child === child).map(({ parent }) => parent);
  const allowed = new Map<string, Allowed>();
  for (const component of orderComponents([...restricted], parentsOf)) {
    const isInside = (name: string) => component.includes(name);
    const inner = references.filter(({ child, parent }) => isInside(child) && isInside(parent));
    const candidates = new Map<string, Allowed>();
    for (const key of component) {
      const outer = references
        .filter(({ child, parent }) => child === key && !isInside(parent))
        .flatMap((reference) => {
          const parent = allowed.get(reference.parent)?.relation;
          return parent === undefined ? [] : [{ reference, parent }];
        });
      const relation = sieve(subsets, key, outer);
      candidates.set(key, { relation, outer, isInCircle: inner.length > 0 });
    }
    const settled = inner.length === 0 ? candidates : dropUnsupported(subsets, candidates, inner);
    for (const [key, rows] of settled) allowed.set(key, rows);
  }
  return allowed;
}

/** Tables with a condition, and all that points at one of them, however far. */
function findRestricted({ tables, references }: Subsets): ReadonlySet<string> {
  const found = new Set([...tables].filter(([, { own }]) => own !== null).map(([key]) => key));
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const { child, parent } of references) if (found.has(parent)) found.add(child);
  }
  return found;
}

/** The columns by which a table points or is pointed at. */
export function keyColumnsOf({ references }: Subsets, key: string): CatalogColumn[] {
  const columns = references.flatMap(({ child, parent, pairs }) =>
    pairs.flatMap(({ mine, theirs }) => [...(child === key ? [mine] : []), ...(parent === key ? [theirs] : [])]),
  );
  return [...new Map(columns.map((column) => [column.position, column])).values()];
}

/** All rows of a table. */
export function wholeTable(subsets: Subsets, key: string): Relation {
  return rowsFor(subsets, key, null);
}

function rowsFor(subsets: Subsets, key: string, condition: string | null): Relation {
  const entry = subsets.tables.get(key);
  if (entry === undefined) throw new RangeError('a reference to a table that is not planned');
  return rowsOf(entry.table, keyColumnsOf(subsets, key), condition);
}

/** Rows that meet the table's own condition and have all their parents outside of the circle. */
function sieve(subsets: Subsets, key: string, outer: Allowed['outer']): Relation {
  const own = rowsFor(subsets, key, subsets.tables.get(key)?.own ?? null);
  const joins: string[] = [];
  const conditions: string[] = [];
  for (const [at, { reference, parent }] of outer.entries()) {
    const alias = `p${at}`;
    joins.push(`left join ${parent.sql} as ${alias} on ${matches(reference, 't', alias)}`);
    const open = isOpen(reference, 't');
    const ways = [...(open === null ? [] : [open]), `${alias}."row" is not null`];
    if (reference.isVirtual) {
      // What points at nothing in production may point at nothing in the shadow.
      const whole = wholeTable(subsets, reference.parent);
      joins.push(`left join ${whole.sql} as w${at} on ${matches(reference, 't', `w${at}`)}`);
      ways.push(`w${at}."row" is null`);
    }
    conditions.push(`(${ways.join(' or ')})`);
  }
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  const definition = `select t.* from ${own.sql} as t ${joins.join(' ')}${where}`;
  return subsets.sets.name(
    definition,
    outer.map(({ parent }) => parent),
  );
}

/** Of tables in a circle: without the rows that point at one that does not come, and without what rests on those. */
function dropUnsupported(
  subsets: Subsets,
  candidates: ReadonlyMap<string, Allowed>,
  inner: readonly RowReference[],
): Map<string, Allowed> {
  const { sets } = subsets;
  const needs = [...candidates.values()].map(({ relation }) => relation);
  const of = (key: string) => candidates.get(key)?.relation.sql ?? '';
  const pieces = inner.map((reference) => {
    const whole = wholeTable(subsets, reference.parent);
    const exists = reference.isVirtual ? `join ${whole.sql} as w on ${matches(reference, 'c', 'w')}` : '';
    const full = reference.pairs.length === 0 ? '' : ` where not (${isOpen(reference, 'c') ?? 'false'})`;
    return `select c."table" as "child table", c."row" as "child row", p."table" as "table", p."row" as "row"
      from ${of(reference.child)} as c ${exists} left join ${of(reference.parent)} as p on ${matches(reference, 'c', 'p')}${full}`;
  });
  const links = sets.name(pieces.join(' union all '), needs);
  const dropped = sets.nameRecursive(
    (self) => `select "child table" as "table", "child row" as "row" from ${links.sql} where "row" is null
      union select l."child table", l."child row" from ${self} as d join ${links.sql} as l on ${isSameRow('l', 'd')}`,
    [links],
  );
  return new Map(
    [...candidates].map(([key, { relation, outer }]) => {
      const definition = `select c.* from ${relation.sql} as c where not exists (select from ${dropped.sql} as d where ${isSameRow('c', 'd')})`;
      return [key, { relation: sets.name(definition, [relation, dropped]), outer, isInCircle: true }];
    }),
  );
}
