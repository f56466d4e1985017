// Before a row is made: every unique key and every foreign key of the target is shown to hold, from the plan alone. A key that
// nothing keeps would fail hours later, when it is put back; here it is a problem with its columns and the ways out.

import { formatTableKey } from '../../core/identifiers.ts';
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { Plan, PlanColumn, PlanTable } from '../../spec/plan.ts';
import { keepsPartialKey } from './partial-keys.ts';
import type { Problems } from './problems.ts';
import { proveMatchFull } from './prove-match-full.ts';
import { listUniqueKeys, type UniqueKey } from './unique-keys.ts';

type Tables = Plan['tables'];

/** How far a key is followed from parent to parent. */
const MAX_DEPTH = 8;

/** Adds a problem for every key of the target's planned tables that the plan does not keep. */
export function proveKeys(tables: Tables, catalog: ReadonlyMap<string, CatalogTable>, problems: Problems): void {
  for (const table of tables) {
    const found = catalog.get(table.name);
    // What a table lacks is said already; its keys would only say it again.
    if (found === undefined || table.rows === 0 || problems.has(`tables.${table.name}`)) continue;
    for (const key of listUniqueKeys(found)) proveUnique(tables, table, found, key, problems);
    for (const key of found.foreignKeys) {
      proveForeignKey(tables, table, key, problems);
      proveMatchFull(table, found, key, problems);
    }
  }
}

function proveUnique(tables: Tables, table: PlanTable, catalog: CatalogTable, key: UniqueKey, problems: Problems): void {
  if (table.rows <= 1) return;
  const path = `tables.${table.name}`;
  if (keepsPartial(table, catalog, key) || key.plain.some((name) => isUniqueByServer(table, name, catalog))) return;
  if (isKept(tables, table, key, key.nullsNotDistinct)) return;
  if (key.nullsNotDistinct && isKept(tables, table, key, false)) {
    const withNulls = table.columns.find((column) => key.columns.includes(column.name) && nullsOf(table, column) > 1);
    problems.add(
      `${path}.columns.${withNulls?.name ?? key.columns[0]}`,
      `the unique ${key.what} takes NULLs as equal, so one row at most may have one: set nullFraction to 0`,
    );
    return;
  }
  problems.add(path, adviceFor(key));
}

/** `isStrict`: NULLs are equal to each other. */
function isKept(tables: Tables, table: PlanTable, key: UniqueKey, isStrict: boolean): boolean {
  const isUniqueHere = (name: string) =>
    table.columns.some((column) => column.name === name && isUnique(table, column) && (!isStrict || nullsOf(table, column) <= 1));
  const isTold = key.opaque.some((columns) => columns.length > 0 && columns.every(isUniqueHere));
  return isTold || identifies(tables, table, key.plain, isStrict, 0);
}

/** A column that COPY does not name and that the server fills with a value of its own for each row. */
function isUniqueByServer(table: PlanTable, name: string, catalog: CatalogTable): boolean {
  const column = catalog.columns.find((candidate) => candidate.name === name);
  const isOwn = column !== undefined && (column.identity !== 'none' || column.hasUniqueDefault);
  return isOwn && !table.columns.some((made) => made.name === name);
}

function nullsOf(table: PlanTable, column: PlanColumn): number {
  if (column.builder.kind === 'reference') return table.references[column.builder.reference]?.nulls ?? 0;
  return column.ranks?.nulls ?? 0;
}

/** Rows of the index that are kept apart by its condition. */
function keepsPartial(table: PlanTable, catalog: CatalogTable, key: UniqueKey): boolean {
  const index = catalog.indexes.find(({ name }) => key.what === `index ${name}`);
  return index?.isPartial === true && keepsPartialKey(catalog, index, table);
}

/** What keeps a key, and what to do where nothing does. */
function adviceFor({ columns, what, predicateColumns }: UniqueKey): string {
  if (columns.length > 0)
    return `nothing keeps the unique ${what} over (${columns.join(', ')}): make one of its columns unique (sequence, uuid, isUnique), give it an ordinal, or name two of them in distinctPairs`;
  if (predicateColumns.length === 0)
    return `the unique ${what} has no column, so one row at most may be in it: lower the rows of the table to 1, or drop the index in the target`;
  return `at most one row may meet the condition of the unique ${what} over (${predicateColumns.join(', ')}), and nothing keeps it: give one of these columns only values that do not meet it, or drop the index in the target`;
}

/** Whether no two rows of the table agree in all of these columns, NULLs aside. */
function identifies(tables: Tables, table: PlanTable, names: readonly string[], isStrict: boolean, depth: number): boolean {
  if (table.rows <= 1) return true;
  if (depth > MAX_DEPTH) return false;
  const columns = table.columns.filter((column) => names.includes(column.name));
  if (columns.some((column) => isUnique(table, column) && (!isStrict || nullsOf(table, column) <= 1))) return true;
  const isGiven = (reference: number) => identifiesParent(tables, table, reference, names, depth);
  if (
    table.references.some((reference, index) => isInjective(reference) && (!isStrict || reference.nulls <= 1) && isGiven(index))
  )
    return true;
  if (columns.some(({ builder }) => builder.kind === 'ordinal' && isGiven(builder.reference))) return true;
  const isSideGiven = (side: number) => {
    const domain = table.domains[side - table.references.length];
    return domain === undefined ? isGiven(side) : names.includes(domain.column);
  };
  if (table.pairs.some(({ runs, other }) => isSideGiven(runs) && isSideGiven(other))) return true;
  return table.references.some(
    ({ within }, index) => within?.distinctFor != null && isGiven(index) && isGiven(within.distinctFor),
  );
}

/** Whether the columns tell which parent it is: what they copy from the parent identifies it there. */
function identifiesParent(tables: Tables, table: PlanTable, index: number, names: readonly string[], depth: number): boolean {
  const reference = table.references[index];
  const parent = reference === undefined ? undefined : tables[reference.table];
  if (reference === undefined || parent === undefined) return false;
  const copied = reference.to.filter((_, at) => names.includes(reference.columns[at] ?? ''));
  return copied.length > 0 && identifies(tables, parent, copied, false, depth + 1);
}

/** At most one child for each parent. */
function isInjective({ curve, tree }: PlanTable['references'][number]): boolean {
  if (tree !== null) return tree.curves.every((each) => (each.degree.at(-1) ?? 0) <= 1);
  return curve !== null && (curve.degree.at(-1) ?? 0) <= 1;
}

function isUnique(table: PlanTable, { name, builder, ranks, nullAs }: PlanColumn): boolean {
  // A value that stands for NULL is a value to the key.
  if (nullAs !== null && (ranks?.nulls ?? 0) > 1) return false;
  switch (builder.kind) {
    case 'sequence':
      return builder.step !== 0;
    case 'uuid':
      return builder.repeats === undefined;
    case 'id':
    case 'template':
      return true;
    case 'text':
      return builder.codeDigits > 0;
    case 'bytes':
      return builder.codeBytes > 0;
    case 'number':
      if (isEachOnce(builder.histogram.cumulative)) return true;
      return builder.isUnique && !table.columns.some((other) => isOrdered(other, name));
    case 'time':
      // A value that changes places with another column's may meet itself there.
      return builder.isUnique && !table.columns.some((other) => isOrdered(other, name));
    case 'labels':
      return builder.other === null && isEachOnce(builder.cumulative);
    case 'constant':
      return builder.text === null || table.rows <= 1;
    default:
      return false;
  }
}

function isEachOnce(cumulative: readonly number[]): boolean {
  return cumulative.every((sum, at) => sum - (cumulative[at - 1] ?? 0) <= 1);
}

function isOrdered({ name, below }: PlanColumn, wanted: string): boolean {
  return below.length > 0 && (name === wanted || below.some(({ column }) => column === wanted));
}

/** A declared key needs a reference of the spec over the same columns, whatever its way; and its table must be filled as well. */
function proveForeignKey(tables: Tables, table: PlanTable, key: CatalogTable['foreignKeys'][number], problems: Problems): void {
  const parent = formatTableKey(key.references);
  const pairs = (columns: readonly string[], to: readonly string[]) =>
    columns
      .map((column, at) => JSON.stringify([column, to[at]]))
      .sort()
      .join();
  const wanted = pairs(key.columns, key.referencedColumns);
  const isMade = table.references.some(
    (reference) => tables[reference.table]?.name === parent && pairs(reference.columns, reference.to) === wanted,
  );
  if (isMade || key.columns.some((name) => isAlwaysNull(table, name))) return;
  problems.add(
    `tables.${table.name}.references`,
    `nothing keeps the foreign key ${key.name} over (${key.columns.join(', ')}) to ${parent}: add a reference, set one of its columns to a constant null, or drop the key in the target`,
  );
}

/** A column that is never anything but NULL keeps every foreign key; one that COPY does not name has its default. */
function isAlwaysNull(table: PlanTable, name: string): boolean {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) return false;
  if (column.builder.kind === 'constant') return column.builder.text === null;
  return column.ranks !== null && column.ranks.nulls >= table.rows;
}
