// How far predictions of a pair are from what was counted: the share of the rows in wrong cells, beyond what chance gives.
// A prediction is brought to the counted totals of either axis first, because those are met anyway: only the dependence counts.
import type { PairMarginal } from '../../../spec/pack.ts';
import { twoSampleFloor } from '../../../stats/fit/goodness.ts';
import { cellsByPlace, spreadCells } from './pair-matrix.ts';

const ROUNDS = 5;
/** So much of a prediction is independence: what it knows nothing of, because it was withheld, may still be there. */
const FREE = 0.01;

/** A pair with two axes that predictions are held against. */
export class PairMisfit {
  /** Rows by class of either axis. */
  private readonly lines: readonly number[];
  private readonly columns: readonly number[];
  private readonly released: number;
  private readonly places: readonly Int32Array[];
  /** Shares of the cells; the last one is what was withheld. */
  private readonly wanted: readonly number[];
  private readonly tolerance: number;

  constructor({ axes: [first, second], cells, other, total }: PairMarginal) {
    const counted = first === undefined || second === undefined ? [] : spreadCells(first, second, cells);
    this.lines = counted.map(sumOf);
    this.columns = (counted[0] ?? []).map((_, at) => sumOf(counted.map((line) => line[at] ?? 0)));
    this.released = sumOf(this.lines);
    this.places = first === undefined || second === undefined ? [] : cellsByPlace(first, second, cells);
    this.wanted = [...cells.map((cell) => (cell.at(-1) ?? 0) / total), other / total];
    // Where the withheld rows are is not known, so they may be right.
    this.tolerance = other / total + twoSampleFloor(this.wanted, total, total);
  }

  /** `conditional`: shares of the second axis for each class of the first; null: the axes have nothing to do with each other. 0 to 1. */
  of(conditional: readonly (readonly number[])[] | null): number {
    if (this.released === 0) return 0;
    const predicted = this.lines.map((_, row) =>
      this.columns.map((count, at) => {
        const free = count / this.released;
        return conditional === null ? free : (1 - FREE) * (conditional[row]?.[at] ?? 0) + FREE * free;
      }),
    );
    fitTotals(predicted, this.lines, this.columns);
    const shares = this.inCells(predicted);
    const difference = sumOf(this.wanted.map((share, at) => Math.abs(share - (shares[at] ?? 0)))) / 2;
    return Math.max(0, difference - this.tolerance);
  }

  /** Shares of the cells as predicted; the last one is what lies in none. */
  private inCells(predicted: readonly (readonly number[])[]): Float64Array {
    const shares = new Float64Array(this.wanted.length);
    for (const [row, line] of predicted.entries()) {
      const places = this.places[row];
      for (const [column, count] of line.entries()) {
        const cell = places?.[column] ?? -1;
        const at = cell < 0 ? shares.length - 1 : cell;
        shares[at] = (shares[at] ?? 0) + count / this.released;
      }
    }
    return shares;
  }
}

/** Iterative proportional fitting, in place. */
function fitTotals(matrix: number[][], lines: readonly number[], columns: readonly number[]): void {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [at, wanted] of columns.entries()) {
      const factor = factorOf(wanted, sumOf(matrix.map((line) => line[at] ?? 0)));
      for (const line of matrix) line[at] = (line[at] ?? 0) * factor;
    }
    for (const [row, line] of matrix.entries()) {
      const factor = factorOf(lines[row] ?? 0, sumOf(line));
      for (const at of line.keys()) line[at] = (line[at] ?? 0) * factor;
    }
  }
}

function factorOf(wanted: number, sum: number): number {
  return sum > 0 ? wanted / sum : 0;
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((left, right) => left + right, 0);
}
