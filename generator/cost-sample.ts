// Rows of a table for measuring what its rows cost: blocks from all over it, and how long one thread took to make them.
import { BINARY_HEADER, BINARY_TRAILER } from '../postgres/encode-binary.ts';
import { BLOCK_ROWS, type PlanTable } from '../spec/plan.ts';
import { digestBlock } from './block-digest.ts';
import type { ColumnKernels } from './columns/column-kernels.ts';
import { TableKernel } from './table-kernel.ts';

/** Of a table: wide rows are then more than the 16 MB that a server keeps of a COPY before it writes. */
const MOST_BLOCKS = 24;
const LEAST_BLOCKS = 2;
const WARM_BLOCKS = 6;
/** Rows that are dear, or a machine that is busy. */
const MAKE_MS = 1000;

export interface CostSample {
  readonly rows: number;
  /** For one COPY, with what comes before and after the rows. */
  readonly data: Buffer;
  readonly makeMs: number;
}

/** The first blocks are made before the clock starts: the engine compiles what it runs often. Other programs' turns count: the run will share with them too. */
export function makeSample(table: PlanTable, index: number, kernels: ColumnKernels): CostSample {
  const kernel = new TableKernel(table, index, kernels);
  const blocks = Math.ceil(table.rows / BLOCK_ROWS);
  const wanted = Math.min(MOST_BLOCKS, blocks);
  const sum = { high: 0, low: 0 };
  const make = (at: number) => {
    const block = wanted < 2 ? 0 : Math.floor(((at % wanted) * (blocks - 1)) / (wanted - 1));
    const data = kernel.encodeBlock(block, sum);
    const rows = Math.min(BLOCK_ROWS, table.rows - block * BLOCK_ROWS);
    digestBlock(kernel.rowHashes, rows, data.length);
    return { data, rows };
  };
  for (let at = 0; at < WARM_BLOCKS; at += 1) make(at);
  const pieces: Buffer[] = [];
  let makeMs = 0;
  let rows = 0;
  for (let at = 0; at < wanted && (at < LEAST_BLOCKS || makeMs < MAKE_MS); at += 1) {
    const beganMs = performance.now();
    const made = make(at);
    makeMs += performance.now() - beganMs;
    pieces.push(Buffer.from(made.data));
    rows += made.rows;
  }
  const isBinary = table.format === 'binary';
  const data = Buffer.concat(isBinary ? [BINARY_HEADER, ...pieces, BINARY_TRAILER] : pieces);
  return { rows, makeMs, data };
}
