// Tables' kernels of a plan, and chunks of theirs small enough to be taken from all over a table.
import { ColumnKernels } from '../../generator/columns/column-kernels.ts';
import { makeTextPool } from '../../generator/columns/text-pool.ts';
import { Parents } from '../../generator/keys/parents.ts';
import { TableKernel } from '../../generator/table-kernel.ts';
import { BLOCK_ROWS, chunkCount, type Plan, type PlanTable } from '../../spec/plan.ts';

const CHUNK_BLOCKS = 4;

/** The plan in chunks of CHUNK_BLOCKS blocks. */
export function inSmallChunks(plan: Plan): Plan {
  return { ...plan, tables: plan.tables.map((table) => ({ ...table, chunkBlocks: CHUNK_BLOCKS })) };
}

/** Makes the kernels of the plan's tables; each is dear to make and lives as long as the process. */
export function kernelMaker(plan: Plan): (table: number) => TableKernel {
  const kernels = new ColumnKernels(plan, new Parents(plan), makeTextPool(plan.textKey));
  return (index) => new TableKernel(tableAt(plan, index), index, kernels);
}

export function tableAt(plan: Plan, index: number): PlanTable {
  const table = plan.tables[index];
  if (table === undefined) throw new Error('the plan has no such table');
  return table;
}

/** Numbers of chunks with about that many rows in all, spread over the table evenly; all of them where it has no more. */
export function spreadChunks(table: PlanTable, rows: number): readonly number[] {
  const chunks = chunkCount(table);
  const wanted = Math.min(chunks, Math.max(1, Math.round(rows / (CHUNK_BLOCKS * BLOCK_ROWS))));
  return Array.from({ length: wanted }, (_, at) => Math.floor((at * chunks) / wanted));
}
