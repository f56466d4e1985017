// Values of many runs that are permuted together, each in a run of its own.
import { BLOCK_ROWS } from '../../spec/plan.ts';

/** Rounds of a run's permutation. */
export const RUN_ROUNDS = 3;

/** Values of runs, to be permuted together: up to a block. */
export class RunList {
  readonly runs = new Int32Array(BLOCK_ROWS);
  readonly sizes = new Float64Array(BLOCK_ROWS);
  readonly values = new Float64Array(BLOCK_ROWS);
}
