// Whether a column or key stands in the order of the heap: read from the counts over its classes and the heap's.
import { FIRST_CLASS } from '../../../spec/pair-axis.ts';

/** Rows of the heap axis, columns of the other one. */
export interface HeapMatrix {
  readonly cells: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Of all pairs of rows that differ in both classes, the share that ascends less the share that descends, -1 to 1: Goodman and
 * Kruskal's gamma (1954). Of a strict order it is 1, whatever cells were withheld. 0 without counts.
 */
export function orderGamma({ cells, columns, rows }: HeapMatrix): number {
  let ascending = 0;
  let descending = 0;
  // Sums of all rows before, by column.
  const before = new Float64Array(columns);
  for (let row = FIRST_CLASS; row < rows; row += 1) {
    let below = 0;
    let total = 0;
    for (let column = FIRST_CLASS; column < columns; column += 1) total += before[column] ?? 0;
    for (let column = FIRST_CLASS; column < columns; column += 1) {
      const count = cells[row * columns + column] ?? 0;
      const same = before[column] ?? 0;
      ascending += count * below;
      descending += count * (total - below - same);
      below += same;
    }
    for (let column = FIRST_CLASS; column < columns; column += 1) {
      before[column] = (before[column] ?? 0) + (cells[row * columns + column] ?? 0);
    }
  }
  return ascending + descending === 0 ? 0 : (ascending - descending) / (ascending + descending);
}

/** Spearman's correlation of the classes, ties at their middle rank; 0 without counts. */
export function rankCorrelation(matrix: HeapMatrix): number {
  const { rowSums, columnSums, total } = sumsOf(matrix);
  if (total === 0) return 0;
  const [rowRanks, columnRanks] = [middleRanks(rowSums, total), middleRanks(columnSums, total)];
  let both = 0;
  let rowSquares = 0;
  let columnSquares = 0;
  for (let row = FIRST_CLASS; row < matrix.rows; row += 1) {
    for (let column = FIRST_CLASS; column < matrix.columns; column += 1) {
      both += (matrix.cells[row * matrix.columns + column] ?? 0) * (rowRanks[row] ?? 0) * (columnRanks[column] ?? 0);
    }
    rowSquares += (rowSums[row] ?? 0) * (rowRanks[row] ?? 0) ** 2;
  }
  for (let column = FIRST_CLASS; column < matrix.columns; column += 1) {
    columnSquares += (columnSums[column] ?? 0) * (columnRanks[column] ?? 0) ** 2;
  }
  return rowSquares > 0 && columnSquares > 0 ? both / Math.sqrt(rowSquares * columnSquares) : 0;
}

/** Sums of the classes of values: rows without a value have no order. */
function sumsOf({ cells, columns, rows }: HeapMatrix) {
  const rowSums = new Float64Array(rows);
  const columnSums = new Float64Array(columns);
  let total = 0;
  for (let row = FIRST_CLASS; row < rows; row += 1) {
    for (let column = FIRST_CLASS; column < columns; column += 1) {
      const count = cells[row * columns + column] ?? 0;
      rowSums[row] = (rowSums[row] ?? 0) + count;
      columnSums[column] = (columnSums[column] ?? 0) + count;
      total += count;
    }
  }
  return { rowSums, columnSums, total };
}

/** Middle ranks from -1/2 to 1/2. */
function middleRanks(sums: Float64Array, total: number): Float64Array {
  let before = 0;
  return sums.map((sum) => {
    const middle = (before + sum / 2) / total - 0.5;
    before += sum;
    return middle;
  });
}
