// Whether a column or key stands in the order of the heap: read from the counts over its classes and the heap's.
import { FIRST_CLASS } from '../../../spec/pair-axis.ts';

/** Rows of the heap axis, columns of the other one. */
export interface HeapMatrix {
  readonly cells: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** Share of the counts that a strictly ascending order would have in the same cells, 0 to 1; 0 without counts. */
export function monotoneShare(matrix: HeapMatrix): number {
  const { rowSums, columnSums, total } = sumsOf(matrix);
  if (total === 0) return 0;
  let shared = 0;
  let row = FIRST_CLASS;
  let column = FIRST_CLASS;
  let [rowLeft, columnLeft] = [rowSums[row] ?? 0, columnSums[column] ?? 0];
  // The north-west corner rule: the only joint counts of two orders that ascend together.
  while (row < matrix.rows && column < matrix.columns) {
    const both = Math.min(rowLeft, columnLeft);
    shared += Math.min(both, matrix.cells[row * matrix.columns + column] ?? 0);
    rowLeft -= both;
    columnLeft -= both;
    if (rowLeft <= 0) {
      row += 1;
      rowLeft = rowSums[row] ?? 0;
    } else {
      column += 1;
      columnLeft = columnSums[column] ?? 0;
    }
  }
  return shared / total;
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
