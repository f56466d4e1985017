// How large a plan is, told before the first row.
import { formatTableKey } from '../core/identifiers.ts';
import type { Catalog } from '../postgres/catalog/catalog.ts';
import { BLOCK_ROWS, chunkCount, type Plan, type PlanTable } from '../spec/plan.ts';
import { diskBytes } from './plan/disk-size.ts';
import { rowBytes } from './plan/resolve-plan.ts';

export interface PlanSize {
  readonly tables: readonly {
    readonly name: string;
    readonly rows: number;
    readonly chunks: number;
    readonly bytes: number;
    readonly diskBytes: number;
    readonly format: 'binary' | 'text';
  }[];
  readonly rows: number;
  /** Expected bytes of COPY data. */
  readonly bytes: number;
  /** Expected bytes of tables and indexes on disk (plan/disk-size.ts). */
  readonly diskBytes: number;
  readonly blocks: number;
}

/** Rows, chunks and expected bytes per table and in all. */
export function analyseSize(plan: Plan, catalog: Catalog): PlanSize {
  const found = new Map(catalog.tables.map((table) => [formatTableKey(table), table]));
  const diskBytesOf = (table: PlanTable) => {
    const target = found.get(table.name);
    return target === undefined ? 0 : diskBytes(plan.tables, table, target);
  };
  const tables = plan.tables.map((table) => ({
    name: table.name,
    rows: table.rows,
    chunks: chunkCount(table),
    bytes: Math.round(table.rows * rowBytes(table.columns)),
    diskBytes: diskBytesOf(table),
    format: table.format,
  }));
  return {
    tables,
    rows: tables.reduce((sum, table) => sum + table.rows, 0),
    bytes: tables.reduce((sum, table) => sum + table.bytes, 0),
    diskBytes: tables.reduce((sum, table) => sum + table.diskBytes, 0),
    blocks: plan.tables.reduce((sum, table) => sum + Math.ceil(table.rows / BLOCK_ROWS), 0),
  };
}
