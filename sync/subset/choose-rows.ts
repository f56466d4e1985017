// Which rows of each table come, decided before a row is read: the rules' own choices, closed over references. The result is a condition
// per table that any session of the snapshot answers alike; nothing is written, so it works on a standby.
import type { Problem } from '../../core/errors.ts';
import { quoteIdentifier } from '../../core/identifiers.ts';
import type { SyncRules } from '../../spec/sync-rules.ts';
import type { PlannedTable, RowFilter } from '../planned-table.ts';
import { type Allowed, closeDown, type Subsets, type SubsetTable } from './close-down.ts';
import { closeUp } from './close-up.ts';
import { describeRows, findRowsFault, ownCondition } from './own-condition.ts';
import { createNamedSets, isBuiltIn, isOpen, keyColumn, type Relation } from './relation.ts';
import { listRowReferences, type RowReference } from './row-references.ts';

export interface ChosenRows {
  /** The tables, each with its filter. */
  readonly tables: readonly PlannedTable[];
  /** `with recursive ...` of every set that filters need. */
  readonly rowSets: string;
  readonly references: readonly RowReference[];
  readonly problems: readonly Problem[];
}

/** Gives every table that does not come whole its filter. Pure. */
export function chooseRows(tables: readonly PlannedTable[], rules: SyncRules): ChosenRows {
  const problems = tables.flatMap((table): Problem[] => {
    const fault = findRowsFault(table.catalog, rowsOf(table, rules));
    return fault === null ? [] : [{ path: rowsPath(table.key), message: fault }];
  });
  if (problems.length > 0) return { tables, rowSets: '', references: [], problems };
  const entries = tables.map((table): [string, SubsetTable] => {
    const rows = rowsOf(table, rules);
    return [table.key, { table, own: ownCondition(table.catalog, table.key, rows), isReferenced: rows === 'referenced' }];
  });
  const subsets: Subsets = { tables: new Map(entries), references: listRowReferences(tables), sets: createNamedSets() };
  const allowed = closeDown(subsets);
  const { kept, unreferenced } = closeUp(subsets, allowed);
  const filterOf = (key: string): RowFilter | null => {
    const chosen = kept.get(key);
    if (chosen !== undefined) return byPlace(subsets, chosen);
    const entry = subsets.tables.get(key);
    const rows = allowed.get(key);
    return entry === undefined || rows === undefined ? null : downFilter(subsets, entry, rows);
  };
  const relations = [...[...allowed.values()].map(({ relation }) => relation), ...kept.values()];
  return {
    rowSets: subsets.sets.withClause(relations),
    references: subsets.references,
    tables: tables.map((table) => {
      const filter = filterOf(table.key);
      return filter === null ? table : { ...table, filter, rowsRule: describeRows(rowsOf(table, rules)) };
    }),
    problems: unreferenced.map((key) => ({
      path: rowsPath(key),
      message: 'referenced: no other table that comes with rows points at it, so none of its rows would come; write none',
    })),
  };
}

function rowsOf({ key }: PlannedTable, rules: SyncRules) {
  return rules.tables[key]?.rows ?? 'all';
}

/** The path of a table's choice of rows, for texts. */
export function rowsPath(table: string): string {
  return `tables.${table}.rows`;
}

/** One reading of the table where every reference is a plain semi-join; else by place, which reads it twice. */
function downFilter(subsets: Subsets, { own }: SubsetTable, { relation, outer, isInCircle }: Allowed): RowFilter {
  const isPlain = outer.every(
    ({ reference }) =>
      !reference.isVirtual &&
      isOpen(reference, 't') === null &&
      reference.pairs.every(({ mine, theirs }) => isBuiltIn(mine) && isBuiltIn(theirs)),
  );
  if (isInCircle || !isPlain) return byPlace(subsets, relation);
  const parts = outer.map(({ reference: { pairs }, parent }) => {
    const mine = pairs.map((pair) => quoteIdentifier(pair.mine.name)).join(', ');
    return `(${mine}) in (select ${pairs.map((pair) => keyColumn(pair.theirs)).join(', ')} from ${parent.sql})`;
  });
  const parents = outer.map(({ parent }) => parent);
  return { withClause: subsets.sets.withClause(parents), condition: [...(own === null ? [] : [own]), ...parts].join(' and ') };
}

function byPlace({ sets }: Subsets, relation: Relation): RowFilter {
  return {
    withClause: sets.withClause([relation]),
    condition: `(tableoid, ctid) in (select "table", "row" from ${relation.sql})`,
  };
}
