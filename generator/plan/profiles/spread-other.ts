// Rows in no released cell: somewhere among the cells that were not released, as if the axes had nothing to do with each other.
import type { PopulationAxis } from '../../../stats/population/population.ts';
import { classSizes } from '../../../stats/population/wanted-counts.ts';

/** The cells (row by row) with `other` added over the empty ones. */
export function spreadOther(
  cells: Float64Array,
  [rows = 1, columns = 1]: readonly number[],
  other: number,
  axes: readonly PopulationAxis[],
): Float64Array {
  if (other <= 0) return cells;
  const [first, second] = axes;
  const rowSizes = first === undefined ? null : classSizes(first);
  const columnSizes = second === undefined ? null : classSizes(second);
  const weights = cells.map((count, at) => {
    if (count > 0) return 0;
    const row = Math.floor(at / columns);
    return (rowSizes === null ? 1 : (rowSizes[row] ?? 0)) * (columnSizes === null ? 1 : (columnSizes[at % columns] ?? 0));
  });
  const total = weights.reduce((left, right) => left + right, 0);
  if (rows === 0 || total === 0) return cells;
  return cells.map((count, at) => count + ((weights[at] ?? 0) * other) / total);
}
