// Rows in no released cell: somewhere among the cells that were not released. These hold few rows each and lie beside cells that hold
// more, so the rows go there, as a kernel over the released cells says (along axes whose neighbours are alike).
import { FIRST_CLASS } from '../../../spec/pair-axis.ts';
import type { PopulationAxis } from '../../../stats/population/population.ts';
import { classSizes } from '../../../stats/population/wanted-counts.ts';

export interface SpreadAxis {
  readonly place: PopulationAxis;
  readonly isOrdered: boolean;
}

/** Of what a cell gives, what its next neighbour gets. */
const DECAY = 0.35;

/** The cells (row by row) with `other` added over the empty ones. */
export function spreadOther(cells: Float64Array, other: number, axes: readonly SpreadAxis[]): Float64Array {
  const [first, second] = axes;
  if (other <= 0 || first === undefined) return cells;
  const columns = second === undefined ? 1 : second.place.classes;
  const rows = cells.length / columns;
  const near = Float64Array.from(cells);
  if (first.isOrdered) for (let column = 0; column < columns; column += 1) smoothLine(near, column, columns, rows);
  if (second?.isOrdered === true) for (let row = 0; row < rows; row += 1) smoothLine(near, row * columns, 1, columns);
  const rowSizes = classSizes(first.place);
  const columnSizes = second === undefined ? null : classSizes(second.place);
  const weights = near.map((density, at) => {
    if ((cells[at] ?? 0) > 0) return 0;
    const isEmptyRow = rowSizes !== null && rowSizes[Math.floor(at / columns)] === 0;
    const isEmptyColumn = columnSizes !== null && columnSizes[at % columns] === 0;
    return isEmptyRow || isEmptyColumn ? 0 : density;
  });
  const total = weights.reduce((left, right) => left + right, 0);
  const others = total > 0 ? weights : independent(cells, columns, rowSizes, columnSizes);
  const sum = others.reduce((left, right) => left + right, 0);
  return sum === 0 ? cells : cells.map((count, at) => count + ((others[at] ?? 0) * other) / sum);
}

/** Each value class gives to those after and before it what falls off with the distance; both passes together. */
function smoothLine(cells: Float64Array, start: number, step: number, length: number): void {
  const forward = new Float64Array(length);
  let carried = 0;
  for (let at = FIRST_CLASS; at < length; at += 1) {
    forward[at] = carried;
    carried = (carried + (cells[start + at * step] ?? 0)) * DECAY;
  }
  carried = 0;
  for (let at = length - 1; at >= FIRST_CLASS; at -= 1) {
    const own = cells[start + at * step] ?? 0;
    cells[start + at * step] = own + (forward[at] ?? 0) + carried;
    carried = (carried + own) * DECAY;
  }
}

/** Empty cells as if the axes had nothing to do with each other. */
function independent(
  cells: Float64Array,
  columns: number,
  rowSizes: Float64Array | null,
  columnSizes: Float64Array | null,
): Float64Array {
  return cells.map((count, at) => {
    if (count > 0) return 0;
    const row = rowSizes === null ? 1 : (rowSizes[Math.floor(at / columns)] ?? 0);
    return row * (columnSizes === null ? 1 : (columnSizes[at % columns] ?? 0));
  });
}
