// The shadow's own tables with the rules of their columns, and every difference between the two: a column that was added by hand has no
// rule, and a rule without its column checks nothing.
import { formatTableKey, quoteQualified } from '../../core/identifiers.ts';
import type { Catalog, CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { VerificationFinding } from '../../spec/shadow-verification.ts';
import type { SyncRules } from '../../spec/sync-rules.ts';
import { findDistinctColumns } from '../distinct-columns.ts';
import type { PlannedColumn, PlannedTable } from '../planned-table.ts';

export interface ShadowPlan {
  /** With rows, by name; of their columns those that have a rule. */
  readonly tables: readonly PlannedTable[];
  /** Tables that have to be empty. */
  readonly empty: readonly CatalogTable[];
  readonly drift: readonly VerificationFinding[];
}

/** Pure. */
export function planShadow(catalog: Catalog, rules: SyncRules): ShadowPlan {
  const isEmpty = (table: CatalogTable) => rules.tables[formatTableKey(table)]?.rows === 'none';
  const withRows = catalog.tables.filter((table) => !isEmpty(table));
  const distinct = findDistinctColumns(withRows);
  return {
    tables: withRows.map((table) => planTable(table, rules, distinct)),
    empty: catalog.tables.filter(isEmpty),
    drift: [...findUnruled(withRows, rules), ...findMissing(catalog, rules)],
  };
}

function planTable(table: CatalogTable, rules: SyncRules, distinct: ReadonlySet<string>): PlannedTable {
  const key = formatTableKey(table);
  const given = rules.tables[key]?.columns ?? {};
  const columns = table.columns.flatMap((column): PlannedColumn[] => {
    const rule = column.generated ? undefined : given[column.name];
    if (rule === undefined) return [];
    const typeSql = quoteQualified({ schema: column.typeSchema, name: column.type });
    return [{ column, rule, isDistinct: distinct.has(`${key}\n${column.name}`), typeSql }];
  });
  const { oid, schema, name, isPartitioned, estimatedRows, pages } = table;
  return { key, oid, schema, name, isPartitioned, columns, estimatedRows, pages, filter: null, rowsRule: 'all', catalog: table };
}

function findUnruled(tables: readonly CatalogTable[], rules: SyncRules): VerificationFinding[] {
  return tables.flatMap((table) => {
    const key = formatTableKey(table);
    const given = rules.tables[key];
    if (given === undefined) return [drift(key, null, 'a table without rules')];
    return table.columns
      .filter(({ name, generated }) => !generated && given.columns[name] === undefined)
      .map(({ name }) => drift(key, name, 'a column without a rule'));
  });
}

function findMissing(catalog: Catalog, rules: SyncRules): VerificationFinding[] {
  const tables = new Map(catalog.tables.map((table) => [formatTableKey(table), table]));
  return Object.entries(rules.tables).flatMap(([key, { columns, reviewed }]) => {
    const table = tables.get(key);
    if (table === undefined) return [drift(key, null, 'a table of the rules that is not in the shadow')];
    const names = new Set(table.columns.map(({ name }) => name));
    const missing = Object.keys(columns).filter((name) => !names.has(name));
    // A review of nothing is a slip of the pen, and would excuse a column of that name one day.
    const reviewless = Object.keys(reviewed).filter((name) => !names.has(name));
    return [
      ...missing.map((name) => drift(key, name, 'a column of the rules that is not in the shadow')),
      ...reviewless.map((name) => drift(key, name, 'a reviewed column that is not in the shadow')),
    ];
  });
}

function drift(table: string, column: string | null, what: string): VerificationFinding {
  return { stage: 'structure', table, column, rule: null, what, count: null };
}

/** The table as FROM takes it: a table that others inherit from is read alone, as sync does. */
export function fromSql(table: Pick<PlannedTable, 'schema' | 'name' | 'isPartitioned'>): string {
  return `${table.isPartitioned ? '' : 'only '}${quoteQualified(table)}`;
}
