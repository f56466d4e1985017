// What the population is fitted to: the wanted counts of a marginal on the population's own scale. The classes of places are fixed, so
// the wanted counts must have their sums, else two marginals over one axis would pull against each other for ever.
import type { PlaceAxis, PopulationAxis, PopulationMarginal } from './population.ts';

const ROUNDS = 20;
/** Weight of a cell nobody counted, as a share of what independent axes would have: a class that is missing can still be filled. */
const EMPTY_CELL = 1e-6;

/** Members of each class of a place axis; null for axes whose counts the fit itself decides. */
export function classSizes(axis: PopulationAxis): Float64Array | null {
  if (axis.kind !== 'place') return null;
  const sizes = new Float64Array(axis.classes);
  for (const value of axis.classOf) sizes[value] = (sizes[value] ?? 0) + 1;
  return sizes;
}

/**
 * The wanted counts of a marginal for `size` members, with the class sizes of its axes where they are fixed: iterative proportional
 * fitting (Deming and Stephan 1940). Row by row, like `wanted`.
 */
export function wantedCounts(marginal: PopulationMarginal, axes: readonly PopulationAxis[], size: number): Float64Array {
  const [first, second] = marginal.axes;
  const rows = (axes[first] as PlaceAxis).classes;
  const columns = second === undefined ? 1 : (axes[second] as PlaceAxis).classes;
  const isWeighted = marginal.weight !== undefined;
  const rowSizes = isWeighted ? null : classSizes(axes[first] as PopulationAxis);
  const columnSizes = isWeighted || second === undefined ? null : classSizes(axes[second] as PopulationAxis);
  const counts = withEmptyCells(marginal.wanted, rows, columns, rowSizes, columnSizes);
  scaleTo(counts, size);
  for (let round = 0; round < ROUNDS; round += 1) {
    if (columnSizes !== null)
      scaleLines(counts, { lines: columns, lineStep: 1, step: columns, length: rows, sizes: columnSizes });
    if (rowSizes !== null) scaleLines(counts, { lines: rows, lineStep: columns, step: 1, length: columns, sizes: rowSizes });
  }
  return counts;
}

/** Cells of classes that have members but no count get a trace of what independence would give. */
function withEmptyCells(
  wanted: Float64Array,
  rows: number,
  columns: number,
  rowSizes: Float64Array | null,
  columnSizes: Float64Array | null,
): Float64Array {
  const counts = Float64Array.from(wanted);
  const sum = counts.reduce((left, right) => left + right, 0);
  const total = sum > 0 ? sum : 1;
  const share = (sizes: Float64Array | null, at: number, of: number) => {
    if (sizes === null) return 1 / of;
    const all = sizes.reduce((left, right) => left + right, 0);
    return all > 0 ? (sizes[at] ?? 0) / all : 0;
  };
  for (let row = 0; row < rows; row += 1) {
    const rowShare = share(rowSizes, row, rows);
    if (rowShare === 0) continue;
    for (let column = 0; column < columns; column += 1) {
      const at = row * columns + column;
      if ((counts[at] ?? 0) > 0) continue;
      counts[at] = EMPTY_CELL * total * rowShare * share(columnSizes, column, columns);
    }
  }
  return counts;
}

function scaleTo(counts: Float64Array, size: number): void {
  const sum = counts.reduce((left, right) => left + right, 0);
  if (sum > 0) for (let at = 0; at < counts.length; at += 1) counts[at] = ((counts[at] ?? 0) * size) / sum;
}

/** Line l has the cells l * lineStep + i * step for i below length, and should have the sum sizes[l]. */
interface Lines {
  readonly lines: number;
  readonly lineStep: number;
  readonly step: number;
  readonly length: number;
  readonly sizes: Float64Array;
}

function scaleLines(counts: Float64Array, { lines, lineStep, step, length, sizes }: Lines): void {
  for (let line = 0; line < lines; line += 1) {
    let sum = 0;
    for (let index = 0; index < length; index += 1) sum += counts[line * lineStep + index * step] ?? 0;
    if (sum <= 0) continue;
    const factor = (sizes[line] ?? 0) / sum;
    for (let index = 0; index < length; index += 1) {
      const at = line * lineStep + index * step;
      counts[at] = (counts[at] ?? 0) * factor;
    }
  }
}
