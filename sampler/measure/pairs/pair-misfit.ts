// How far a prediction of a pair is from what was counted: the share of the rows in wrong cells, beyond what chance gives.
// The prediction is brought to the counted totals of either axis first, because those are met anyway: only the dependence counts.
import type { PairMarginal } from '../../../spec/pack.ts';
import { twoSampleFloor } from '../../../stats/fit/goodness.ts';
import { cellsByPlace, spreadCells } from './pair-matrix.ts';

const ROUNDS = 5;
/** So much of a prediction is independence: what it knows nothing of, because it was withheld, may still be there. */
const FREE = 0.01;

/** `conditional`: shares of the second axis for each class of the first; null: the axes have nothing to do with each other. 0 to 1. */
export function misfitOf(
  { axes, cells, other, total }: PairMarginal,
  conditional: readonly (readonly number[])[] | null,
): number {
  const [first, second] = axes;
  if (first === undefined || second === undefined || total === 0) return 0;
  const counted = spreadCells(first, second, cells);
  const lines = counted.map((line) => sumOf(line));
  const columns = (counted[0] ?? []).map((_, at) => counted.reduce((sum, line) => sum + (line[at] ?? 0), 0));
  const released = sumOf(lines);
  const predicted = lines.map((_, row) =>
    columns.map((count, at) => {
      const free = count / released;
      return conditional === null ? free : (1 - FREE) * (conditional[row]?.[at] ?? 0) + FREE * free;
    }),
  );
  fitTotals(predicted, lines, columns);
  const inCells = new Float64Array(cells.length);
  let outside = 0;
  for (const [row, places] of cellsByPlace(first, second, cells).entries()) {
    for (const [column, cell] of places.entries()) {
      const share = (predicted[row]?.[column] ?? 0) / released;
      if (cell < 0) outside += share;
      else inCells[cell] = (inCells[cell] ?? 0) + share;
    }
  }
  const wanted = cells.map((cell) => (cell.at(-1) ?? 0) / total);
  const difference = wanted.reduce(
    (sum, share, at) => sum + Math.abs(share - (inCells[at] ?? 0)),
    Math.abs(other / total - outside),
  );
  // Where the withheld rows are is not known, so they may be right.
  return Math.max(0, difference / 2 - other / total - twoSampleFloor([...wanted, other / total], total, total));
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
