// How much two axes say about each other, from released cells alone: a coarse cell is spread over its classes as if they were
// independent in it, which can only lower the figure.
import type { PairAxis } from '../../../spec/pair-axis.ts';
import { spreadCells } from './pair-matrix.ts';

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
