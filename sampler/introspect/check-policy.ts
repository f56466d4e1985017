// A policy is checked against the catalog before anything is measured: a misspelt exclusion that silently excludes nothing
// would be the worst mistake of all. All faults are reported at once.
import { type Problem, ShapecastError } from '../../core/errors.ts';
import { formatTableKey } from '../../core/identifiers.ts';
import type { Catalog, CatalogColumn } from '../../postgres/catalog/catalog.ts';
import type { Policy } from '../../spec/policy.ts';
import { checkColumnRules } from './check-column-rules.ts';

/** The longest name that a pack may hold. */
const MAX_NAME = 100;
const TIME_TYPES = new Set(['date', 'timestamp', 'timestamptz']);

type Columns = ReadonlyMap<string, CatalogColumn>;

/** Throws POLICY_MISMATCH when the policy names a table or column that the database does not have, or cuts by a non-time. */
export function checkPolicy(catalog: Catalog, policy: Policy): void {
  const tables = new Map<string, Columns>(
    catalog.tables.map((table) => [formatTableKey(table), new Map(table.columns.map((column) => [column.name, column]))]),
  );
  const problems = [
    ...missingTables(tables, policy),
    ...missingColumns(tables, policy),
    ...unfitTimeColumns(tables, policy),
    ...checkColumnRules((table, column) => tables.get(table)?.get(column), policy),
    ...unevenRelationships(policy),
    ...publicSubjects(policy),
    ...longNames(tables, policy),
  ];
  if (problems.length > 0) throw new ShapecastError('POLICY_MISMATCH', { problems });
}

function missingTables(tables: ReadonlyMap<string, Columns>, policy: Policy): Problem[] {
  const named: [path: string, table: string][] = [
    ...policy.subjects.map((table, at): [string, string] => [`subjects.${at}`, table]),
    ...policy.publicTables.map((table, at): [string, string] => [`publicTables.${at}`, table]),
    ...policy.excludedTables.map((table, at): [string, string] => [`excludedTables.${at}`, table]),
  ];
  return named
    .filter(([, table]) => !tables.has(table))
    .map(([path, table]) => ({ path, message: `the database has no table ${table}` }));
}

function missingColumns(tables: ReadonlyMap<string, Columns>, policy: Policy): Problem[] {
  const named: [path: string, table: string, columns: readonly string[]][] = [];
  for (const list of ['publicColumns', 'excludedColumns', 'timeColumns', 'epochColumns', 'sentinels'] as const) {
    policy[list].forEach(({ table, column }, at) => {
      named.push([`${list}.${at}`, table, [column]]);
    });
  }
  policy.attribution.forEach(({ table, columns }, at) => {
    named.push([`attribution.${at}`, table, columns]);
  });
  policy.relationships.forEach(({ table, columns, references, referencedColumns }, at) => {
    named.push([`relationships.${at}`, table, columns], [`relationships.${at}.references`, references, referencedColumns]);
  });
  return named.flatMap(([path, table, columns]) => {
    const known = tables.get(table);
    if (known === undefined) return [{ path, message: `the database has no table ${table}` }];
    return columns
      .filter((column) => !known.has(column))
      .map((column) => ({ path, message: `${table} has no column ${column}` }));
  });
}

function unfitTimeColumns(tables: ReadonlyMap<string, Columns>, policy: Policy): Problem[] {
  return policy.timeColumns.flatMap(({ table, column }, at) => {
    const type = tables.get(table)?.get(column)?.baseType;
    if (type === undefined || TIME_TYPES.has(type)) return [];
    return [{ path: `timeColumns.${at}`, message: `${table}.${column} is ${type}; expected a date or timestamp` }];
  });
}

function unevenRelationships(policy: Policy): Problem[] {
  return policy.relationships.flatMap(({ columns, referencedColumns }, at) =>
    columns.length === referencedColumns.length
      ? []
      : [{ path: `relationships.${at}`, message: 'columns and referencedColumns differ in number' }],
  );
}

function publicSubjects(policy: Policy): Problem[] {
  return policy.subjects.flatMap((table, at) =>
    policy.publicTables.includes(table)
      ? [{ path: `subjects.${at}`, message: `${table} is also listed as a public table; it can only be one of the two` }]
      : [],
  );
}

// A schema and a table name of 63 characters each are legal, but a pack holds no string over 100.
function longNames(tables: ReadonlyMap<string, Columns>, policy: Policy): Problem[] {
  const excluded = new Set(policy.excludedTables);
  return [...tables.keys()]
    .filter((table) => table.length > MAX_NAME && !excluded.has(table))
    .map((table) => ({ path: 'excludedTables', message: `${table} is longer than ${MAX_NAME} characters: exclude it` }));
}
