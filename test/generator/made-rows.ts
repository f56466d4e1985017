// A plan's rows made in memory, for tests of keys: numbers as numbers, everything else as text, NULL as null.
import { BytesBlock } from '../../generator/columns/blocks.ts';
import { ColumnKernels } from '../../generator/columns/column-kernels.ts';
import { makeTextPool } from '../../generator/columns/text-pool.ts';
import { Parents } from '../../generator/keys/parents.ts';
import { resolvePlan } from '../../generator/plan/resolve-plan.ts';
import type { Catalog, CatalogTable } from '../../postgres/catalog/catalog.ts';
import { type Plan, planId } from '../../spec/plan.ts';
import { parseSpec } from '../../spec/spec.ts';

export type MadeRow = Readonly<Record<string, number | string | null>>;

/** The plan of a spec (YAML, tables only) against catalog tables. */
export function planOf(tablesYaml: string, tables: readonly CatalogTable[], seed = 'a', scale = 1): Plan {
  const text = `format: shapecast-spec\nversion: 1\nname: test\nbands: { dev: { scale: 1 } }\ntables:\n${tablesYaml}`;
  const catalog: Catalog = { serverVersion: 18, tables, enums: [] };
  return resolvePlan({ spec: parseSpec(text, 'test'), catalog, band: 'dev', seed, scale, rows: new Map() });
}

/** All rows of a table of the plan. */
export function madeRows(plan: Plan, name: string): MadeRow[] {
  const index = plan.tables.findIndex((table) => table.name === name);
  const table = plan.tables[index];
  if (table === undefined) throw new Error(`no table ${name} in plan ${planId(plan)}`);
  const kernels = new ColumnKernels(plan, new Parents(plan), makeTextPool(plan.textKey));
  const block = new BytesBlock();
  const cell = (column: string, row: number): number | string | null => {
    const kernel = kernels.kernel(index, column);
    if (kernel.kind === 'number') {
      const value = kernel.at(row);
      return Number.isNaN(value) ? null : value;
    }
    block.used = 0;
    return kernel.append(row, block) ? block.data.toString('latin1', 0, block.used) : null;
  };
  return Array.from({ length: table.rows }, (_, row) =>
    Object.fromEntries(table.columns.map(({ name: column }) => [column, cell(column, row)])),
  );
}

/** How often each combination of values occurs; rows with a NULL in one of the columns are left out. */
export function countKeys(rows: readonly MadeRow[], columns: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const values = columns.map((column) => row[column] ?? null);
    if (values.includes(null)) continue;
    const key = JSON.stringify(values);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Rows whose key is that of another row. */
export function repeated(rows: readonly MadeRow[], columns: readonly string[]): number {
  return [...countKeys(rows, columns).values()].reduce((sum, count) => sum + count - 1, 0);
}

/** Rows whose key no row of the parent has. */
export function orphans(
  rows: readonly MadeRow[],
  columns: readonly string[],
  parents: readonly MadeRow[],
  to: readonly string[],
): number {
  const keys = countKeys(parents, to);
  return [...countKeys(rows, columns)].reduce((sum, [key, count]) => sum + (keys.has(key) ? 0 : count), 0);
}
