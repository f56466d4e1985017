// How large a plan is, told before the first row.
import { BLOCK_ROWS, chunkCount, type Plan } from '../spec/plan.ts';
import { rowBytes } from './plan/resolve-plan.ts';

export interface PlanSize {
  readonly tables: readonly {
    readonly name: string;
    readonly rows: number;
    readonly chunks: number;
    readonly bytes: number;
    readonly format: 'binary' | 'text';
  }[];
  readonly rows: number;
  /** Expected bytes of COPY data; heap and indexes take more. */
  readonly bytes: number;
  readonly blocks: number;
}

/** Rows, chunks and expected bytes per table and in all. */
export function analyseSize(plan: Plan): PlanSize {
  const tables = plan.tables.map((table) => ({
    name: table.name,
    rows: table.rows,
    chunks: chunkCount(table),
    bytes: Math.round(table.rows * rowBytes(table.columns)),
    format: table.format,
  }));
  return {
    tables,
    rows: tables.reduce((sum, table) => sum + table.rows, 0),
    bytes: tables.reduce((sum, table) => sum + table.bytes, 0),
    blocks: plan.tables.reduce((sum, table) => sum + Math.ceil(table.rows / BLOCK_ROWS), 0),
  };
}
