// The costs of tables that there was no time to measure, from those that were: rows by their bytes, indexes and keys by their rows.
import type { KeyCost, TableCost } from './estimate-time.ts';

/** A table of the plan, as far as its costs depend on it. */
export interface Unmeasured {
  readonly table: string;
  readonly rows: number;
  /** Over COPY. */
  readonly bytes: number;
  readonly indexes: number;
}

/** A foreign key between two tables with costs. */
export interface UnmeasuredKey {
  readonly child: TableCost;
  readonly parent: TableCost;
}

const sumOf = <Each>(list: readonly Each[], of: (each: Each) => number): number => list.reduce((sum, each) => sum + of(each), 0);

/** Costs without keys, an index that nobody measured as much as the COPY; on a sample as large as the largest that was measured. `bytesOf`: of a row. Pure. */
export function scaleTableCost(
  { bytes, indexes, rows, table }: Unmeasured,
  measured: readonly TableCost[],
  bytesOf: (table: string) => number,
): TableCost & { readonly keys: KeyCost[] } {
  const sampleRows = Math.min(rows, Math.max(1, ...measured.map((cost) => cost.sampleRows)));
  const known = sumOf(measured, (cost) => cost.sampleRows * bytesOf(cost.table));
  const share = ((bytes / rows) * sampleRows) / Math.max(1, known);
  const indexed = sumOf(measured, (cost) => cost.sampleRows * cost.indexMs.length);
  const copyMs = sumOf(measured, (cost) => cost.copyMs) * share;
  const indexesMs = sumOf(measured, (cost) => sumOf(cost.indexMs, (ms) => ms));
  const indexMs = indexed > 0 ? (indexesMs * sampleRows) / indexed : copyMs;
  return {
    table,
    rows,
    sampleRows,
    makeMs: sumOf(measured, ({ makeMs }) => makeMs) * share,
    copyMs,
    indexMs: new Array<number>(indexes).fill(indexMs),
    keys: [],
  };
}

/** By the rows of both tables; where no key was measured, as much as an index over them. Pure. */
export function scaleKeyCost({ child, parent }: UnmeasuredKey, measured: readonly KeyCost[]): KeyCost {
  const sampleRows = child.sampleRows + parent.sampleRows;
  const known = sumOf(measured, (key) => key.sampleRows);
  const [indexMs = child.copyMs] = [...child.indexMs, ...parent.indexMs];
  const ms = known > 0 ? (sumOf(measured, (key) => key.ms) * sampleRows) / known : indexMs;
  return { ms, rows: child.rows + parent.rows, sampleRows, parentRows: parent.rows };
}
