// Some rows of a table, spread evenly from the first to the last, as COPY data: the rows that a run will make, without the run.
import { BINARY_HEADER, BINARY_TRAILER } from '../postgres/encode-binary.ts';
import { BLOCK_ROWS, type Plan, type PlanTable } from '../spec/plan.ts';
import type { ColumnKernel } from './columns/blocks.ts';
import { ColumnKernels } from './columns/column-kernels.ts';
import { makeTextPool } from './columns/text-pool.ts';
import { Parents } from './keys/parents.ts';
import { TableKernel } from './table-kernel.ts';

const SAMPLE_ROWS = 2000;

export interface SampleRows {
  readonly rows: number;
  /** A whole COPY stream in the table's format. */
  readonly data: Buffer;
}

/** Makes samples of the tables of a plan; kernels are kept between tables. */
export class RowSampler {
  private readonly plan: Plan;
  private readonly kernels: ColumnKernels;

  constructor(plan: Plan) {
    this.plan = plan;
    this.kernels = new ColumnKernels(plan, new Parents(plan), makeTextPool(plan.textKey));
  }

  /** At most 2,000 rows of the table, fewer where it has fewer. */
  sample(tableIndex: number): SampleRows {
    const table = this.plan.tables[tableIndex] as PlanTable;
    const rows = Math.min(SAMPLE_ROWS, table.rows, BLOCK_ROWS);
    const rowOf = (index: number) => (rows < 2 ? index : Math.floor((index * (table.rows - 1)) / (rows - 1)));
    const kernels = { kernel: (of: number, name: string) => atRows(this.kernels.kernel(of, name), rowOf) };
    const block = new TableKernel({ ...table, rows }, tableIndex, kernels).encodeBlock(0, { high: 0, low: 0 });
    const data = table.format === 'binary' ? Buffer.concat([BINARY_HEADER, block, BINARY_TRAILER]) : Buffer.from(block);
    return { rows, data };
  }
}

function atRows(kernel: ColumnKernel, rowOf: (index: number) => number): ColumnKernel {
  return kernel.kind === 'number'
    ? { kind: 'number', at: (index) => kernel.at(rowOf(index)) }
    : { kind: 'bytes', append: (index, block) => kernel.append(rowOf(index), block) };
}
