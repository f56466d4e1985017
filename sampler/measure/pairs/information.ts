// How much two axes say about each other, from released cells alone: a coarse cell is spread over its classes as if they were
// independent in it, which can only lower the figure.
import { classCount, coarseClass, type PairAxis } from '../../../spec/pair-axis.ts';

/** Mutual information in thousandths of a bit, less what independent axes would show on so many rows; never below 0. */
export function informationOf(axes: readonly PairAxis[], cells: readonly (readonly number[])[]): number {
  const [first, second] = axes;
  if (first === undefined || second === undefined) return 0;
  const matrix = spreadCells(first, second, cells);
  const rows = matrix.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columns = (matrix[0] ?? []).map((_, at) => matrix.reduce((sum, row) => sum + (row[at] ?? 0), 0));
  const total = rows.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 0;
  let bits = 0;
  for (const [at, row] of matrix.entries()) {
    for (const [to, count] of row.entries()) {
      if (count > 0) bits += (count / total) * Math.log2((count * total) / ((rows[at] ?? 1) * (columns[to] ?? 1)));
    }
  }
  const freedom = (rows.filter((count) => count > 0).length - 1) * (columns.filter((count) => count > 0).length - 1);
  return Math.max(0, Math.round((bits - freedom / (2 * total * Math.LN2)) * 1000));
}

/** A matrix of all classes, class by class. */
function spreadCells(first: PairAxis, second: PairAxis, cells: readonly (readonly number[])[]): number[][] {
  const matrix = Array.from({ length: classCount(first) }, () => new Array<number>(classCount(second)).fill(0));
  for (const [level = 0, one = 0, two = 0, count = 0] of cells) {
    const [rows, columns] = [classesIn(first, level, one), classesIn(second, level, two)];
    const each = count / (rows.length * columns.length);
    for (const row of rows) for (const column of columns) (matrix[row] ?? [])[column] = (matrix[row]?.[column] ?? 0) + each;
  }
  return matrix;
}

/** The classes of level 0 in a class of `level`. */
function classesIn(axis: PairAxis, level: number, value: number): number[] {
  if (level === 0) return [value];
  return Array.from({ length: classCount(axis) }, (_, at) => at).filter((at) => coarseClass(axis, level, at) === value);
}
