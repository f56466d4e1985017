// Unique keys against the values that there are: ten thousand rows cannot have different ones of three labels. Found here, not by the
// server after an hour of loading.
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { PlanTable } from '../../spec/plan.ts';
import { countValues } from './count-values.ts';
import { largestFit } from './largest-fit.ts';
import type { PreflightContext } from './preflight-context.ts';

interface UniqueKey {
  readonly columns: readonly string[];
  readonly nullsNotDistinct: boolean;
}

/** Reports keys with too few values. */
export function checkCapacity(context: PreflightContext, table: PlanTable, catalog: CatalogTable): void {
  for (const key of uniqueKeys(catalog)) {
    const columns = key.columns.map((name) => table.columns.find((column) => column.name === name));
    // A column that the server fills, or that has a fault of its own, says nothing about the key.
    if (columns.some((column) => column === undefined)) continue;
    reportShortage(context, table, key);
  }
}

function reportShortage(context: PreflightContext, table: PlanTable, key: UniqueKey): void {
  const made = table.columns.filter((column) => key.columns.includes(column.name));
  const nulls = made.map((column) => nullsOf(table, column));
  const perColumn = made.map((column, at) => {
    const values = countValues(context.tables, table, column);
    return key.nullsNotDistinct && (nulls[at] ?? 0) > 0 ? values + 1 : values;
  });
  const capacity = perColumn.reduce((product, values) => product * values, 1);
  // A row with a NULL in the key does not count, unless NULLs are not distinct.
  const needed = key.nullsNotDistinct ? table.rows : table.rows - nulls.reduce((sum, count) => sum + count, 0);
  if (capacity >= needed) return;
  const figures = made.length === 1 ? '' : ` (${perColumn.map(formatValues).join(' x ')})`;
  const most = (table.rows * capacity) / Math.max(1, needed);
  context.problems.add(
    pathOf(table, key),
    `the unique key (${key.columns.join(', ')}) has at most ${capacity} different values${figures} and ${needed} rows need one each: ${largestFit(context, table.name, table.rows, most)}, or give a column of it more values`,
  );
}

/** One column: its own path, so that the fault stands beside the column's others. */
function pathOf(table: PlanTable, key: UniqueKey): string {
  const [only, second] = key.columns;
  return second === undefined ? `tables.${table.name}.columns.${only}` : `tables.${table.name}`;
}

function formatValues(values: number): string {
  return Number.isFinite(values) ? String(values) : 'any';
}

function nullsOf(table: PlanTable, column: PlanTable['columns'][number]): number {
  const { builder } = column;
  if (column.nullAs !== null) return 0;
  if (builder.kind === 'reference') return table.references[builder.reference]?.nulls ?? 0;
  if (builder.kind === 'constant') return builder.text === null ? table.rows : 0;
  return column.ranks?.nulls ?? 0;
}

/** Keys over plain columns and all rows, each once. */
function uniqueKeys(catalog: CatalogTable): UniqueKey[] {
  const constraints = [...(catalog.primaryKey === null ? [] : [catalog.primaryKey]), ...catalog.uniques];
  const indexes = catalog.indexes
    .filter((index) => index.isUnique && !index.isPartial && index.columns.every((column) => column !== null))
    .map((index) => ({
      columns: index.columns.filter((column) => column !== null),
      nullsNotDistinct: index.nullsNotDistinct,
    }));
  const keys = new Map([...indexes, ...constraints].map((key) => [JSON.stringify([...key.columns].sort()), key]));
  return [...keys.values()];
}
