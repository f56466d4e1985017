// The run's side: row hashes of a table made again from the plan, block by block. Whatever makes a key, the row number is known here
// because it is what the row is made from; no key has to be turned back into one.
import { setImmediate as breathe } from 'node:timers/promises';
import { ShapecastError } from '../../core/errors.ts';
import type { Progress } from '../../core/progress.ts';
import { hashed } from '../../postgres/content-hash.ts';
import { RowHashes } from '../../postgres/hash-columns.ts';
import { BLOCK_ROWS, type Plan } from '../../spec/plan.ts';
import { ColumnKernels } from '../columns/column-kernels.ts';
import { makeTextPool } from '../columns/text-pool.ts';
import { Parents } from '../keys/parents.ts';
import { TableKernel } from '../table-kernel.ts';

/** The tables of a plan, ready to be made again. */
export class MadeTables {
  readonly plan: Plan;
  private readonly kernels: ColumnKernels;

  constructor(plan: Plan) {
    this.plan = plan;
    this.kernels = new ColumnKernels(plan, new Parents(plan), makeTextPool(plan.textKey));
  }

  /** The rows of a table, those of `isMade` blocks alone; null where the plan has no such table. */
  table(key: string, isMade: (block: number) => boolean): MadeRows | null {
    const index = this.plan.tables.findIndex(({ name }) => name === key);
    const table = this.plan.tables[index];
    return table === undefined ? null : new MadeRows(new TableKernel(table, index, this.kernels), isMade);
  }
}

/** The rows of one table. */
export class MadeRows {
  readonly rows: number;
  private readonly kernel: TableKernel;
  private readonly isMade: (block: number) => boolean;

  constructor(kernel: TableKernel, isMade: (block: number) => boolean) {
    this.kernel = kernel;
    this.rows = kernel.table.rows;
    this.isMade = isMade;
  }

  /** What leaves the hash of the row under `each`, over the columns at the positions, in `hashed`. */
  hasher(positions: readonly number[]): (row: number) => void {
    const hashes = new RowHashes();
    let hashedBlock = -1;
    return (row) => {
      const block = Math.floor(row / BLOCK_ROWS);
      if (block !== hashedBlock) this.kernel.hashBlock(hashes, Math.min(BLOCK_ROWS, this.rows - block * BLOCK_ROWS), positions);
      hashedBlock = block;
      hashes.finishRow(row % BLOCK_ROWS);
    };
  }

  /** Makes every row and hands it on with the two words of its hash. Throws INTERRUPTED. */
  async each(visit: (row: number, high: number, low: number) => void, hooks: MakingHooks): Promise<void> {
    const hashes = new RowHashes();
    for (let block = 0; block * BLOCK_ROWS < this.rows; block += 1) {
      if (!this.isMade(block)) continue;
      const count = this.kernel.fillBlock(block);
      this.kernel.hashBlock(hashes, count);
      for (let index = 0; index < count; index += 1) {
        hashes.finishRow(index);
        visit(block * BLOCK_ROWS + index, hashed.high, hashed.low);
      }
      hooks.progress.advance(count);
      // Ctrl-C and the progress line need a turn.
      await breathe();
      if (hooks.signal?.aborted) throw new ShapecastError('INTERRUPTED', { what: 'fingerprint' });
    }
    hooks.progress.finish();
  }
}

export interface MakingHooks {
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
}
