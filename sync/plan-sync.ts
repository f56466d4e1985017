// The plan of a sync, decided before a row is read: which tables, in which order, and for each column its rule. A pure function of the
// source's catalog and the rules; whoever holds a plan knows that every column has a rule and that rules, types, keys and references fit.
import { type Problem, ShapecastError } from '../core/errors.ts';
import { formatTableKey, quoteQualified } from '../core/identifiers.ts';
import type { Catalog, CatalogColumn, CatalogTable } from '../postgres/catalog/catalog.ts';
import type { SyncRules } from '../spec/sync-rules.ts';
import { findKeyProblems } from './check-keys.ts';
import { findReferenceProblems } from './check-references.ts';
import { findRuleProblems } from './check-rule-fits.ts';
import { findDistinctColumns } from './distinct-columns.ts';
import { columnPath, type PlannedColumn, type PlannedTable } from './planned-table.ts';
import { chooseRows } from './subset/choose-rows.ts';
import type { RowReference } from './subset/row-references.ts';
import { addReferences, findReferenceFaults } from './subset/virtual-references.ts';

export interface SyncPlan {
  /** With rows, the largest first. */
  readonly tables: readonly PlannedTable[];
  /** Made and left empty. */
  readonly empty: readonly string[];
  /** `with recursive ...` of every set of rows that the tables' filters name. */
  readonly rowSets: string;
  /** References between tables with rows that only the rules declare. */
  readonly virtualReferences: readonly RowReference[];
}

/**
 * Throws SYNC_RULES_INCOMPLETE naming every column without a rule and every rule without a column, then SYNC_RULES_REFUSED with every rule
 * that does not fit.
 */
export function planSync(declared: Catalog, rules: SyncRules): SyncPlan {
  const unknown = [...findUnknown(declared, rules), ...findReferenceFaults(declared, rules.references)];
  const missing = findMissing(declared, rules);
  if (missing.length > 0) throw new ShapecastError('SYNC_RULES_INCOMPLETE', { columns: missing, unknown });
  if (unknown.length > 0) throw new ShapecastError('SYNC_RULES_REFUSED', { problems: unknown });
  const catalog = addReferences(declared, rules.references);
  const isEmpty = (table: CatalogTable) => rules.tables[formatTableKey(table)]?.rows === 'none';
  const withRows = catalog.tables.filter((table) => !isEmpty(table));
  const distinct = findDistinctColumns(withRows);
  const tables = withRows
    .map((table) => planTable(table, rules, distinct))
    .sort((left, right) => right.pages - left.pages || (left.key < right.key ? -1 : 1));
  const problems = [...findRuleProblems(tables), ...findKeyProblems(tables), ...findReferenceProblems(tables, catalog)];
  const chosen = chooseRows(tables, rules);
  problems.push(...chosen.problems);
  if (problems.length > 0) throw new ShapecastError('SYNC_RULES_REFUSED', { problems });
  return {
    tables: chosen.tables,
    empty: catalog.tables.filter(isEmpty).map(formatTableKey),
    rowSets: chosen.rowSets,
    virtualReferences: chosen.references.filter(({ isVirtual }) => isVirtual),
  };
}

/** Columns that a person decides about; generated ones follow from those. */
function ownColumns(table: CatalogTable): readonly CatalogColumn[] {
  return table.columns.filter((column) => !column.generated);
}

/** Columns of the source without a rule, and tables without columns that no rules know. */
function findMissing(catalog: Catalog, rules: SyncRules): string[] {
  return catalog.tables.flatMap((table) => {
    const key = formatTableKey(table);
    const given = rules.tables[key];
    if (given?.rows === 'none') return [];
    // A table without columns still has rows, and somebody should have seen it.
    if (given === undefined && table.columns.length === 0) return [key];
    return ownColumns(table)
      .filter(({ name }) => given?.columns[name] === undefined)
      .map(({ name }) => `${key}.${name}`);
  });
}

function findUnknown(catalog: Catalog, rules: SyncRules): Problem[] {
  const tables = new Map(catalog.tables.map((table) => [formatTableKey(table), table]));
  return Object.entries(rules.tables).flatMap(([key, { rows, columns }]) => {
    const table = tables.get(key);
    if (table === undefined) return [{ path: `tables.${key}`, message: 'the source has no such table' }];
    if (rows === 'none' && Object.keys(columns).length > 0)
      return [{ path: `tables.${key}`, message: 'rows: none leaves no columns to mask; take the rules or that away' }];
    const names = new Set(ownColumns(table).map(({ name }) => name));
    return Object.keys(columns)
      .filter((name) => !names.has(name))
      .map((name) => ({ path: columnPath(key, name), message: 'the table has no such column, or the server computes it' }));
  });
}

function planTable(table: CatalogTable, rules: SyncRules, distinct: ReadonlySet<string>): PlannedTable {
  const key = formatTableKey(table);
  const given = rules.tables[key]?.columns ?? {};
  const columns = ownColumns(table).map((column): PlannedColumn => {
    const rule = given[column.name];
    if (rule === undefined) throw new ShapecastError('BUG', { what: 'a column without a rule' });
    const typeSql = quoteQualified({ schema: column.typeSchema, name: column.type });
    return { column, rule, isDistinct: distinct.has(`${key}\n${column.name}`), typeSql };
  });
  const { oid, schema, name, isPartitioned, estimatedRows, pages } = table;
  const whole = { filter: null, rowsRule: 'all' };
  return { key, oid, schema, name, isPartitioned, columns, estimatedRows, pages, ...whole, catalog: table };
}
