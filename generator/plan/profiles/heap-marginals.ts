// What marginals beside the heap say: which columns stand in its order, and where its ranges begin.
import { classCount, FIRST_CLASS, type PairAxis } from '../../../spec/pair-axis.ts';
import type { PlanTable } from '../../../spec/plan.ts';
import { type HeapMatrix, orderGamma } from './follows-heap.ts';
import type { RankRun } from './place-classes.ts';
import type { Read } from './read-marginals.ts';

/** A column whose classes ascend with the heap so strictly is taken to be in that order. */
export const IN_ORDER = 0.995;

/** The heap's counts beside another axis, as a matrix with the heap first. */
function besideHeap({ axes, cells }: Read): { other: PairAxis; matrix: HeapMatrix } | null {
  const [first, second] = axes;
  if (first === undefined || second === undefined) return null;
  const isHeap = (axis: PairAxis) => axis.kind === 'heap' && axis.via === undefined;
  if (isHeap(first)) return { other: second, matrix: { cells, rows: classCount(first), columns: classCount(second) } };
  if (!isHeap(second)) return null;
  const [rows, columns] = [classCount(second), classCount(first)];
  const turned = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) turned[row * columns + column] = cells[column * rows + row] ?? 0;
  }
  return { other: first, matrix: { cells: turned, rows, columns } };
}

/** Columns whose values ascend with the row number. Where the heap was not measured the spec says so itself. */
export function columnsInHeapOrder(table: PlanTable, marginals: readonly Read[]): Set<string> {
  const measured = new Map<string, number>();
  for (const marginal of marginals) {
    const beside = besideHeap(marginal);
    if (beside === null || !('column' in beside.other) || beside.other.kind === 'lag' || beside.other.kind === 'presence')
      continue;
    if ('via' in beside.other && beside.other.via !== undefined) continue;
    measured.set(beside.other.column, marginal.ascending ?? orderGamma(beside.matrix));
  }
  const inOrder = table.columns.filter(({ name, ranks }) => {
    const share = measured.get(name);
    return share === undefined ? ranks?.order === 'row' : share >= IN_ORDER && ranks?.nulls === 0;
  });
  return new Set(inOrder.map(({ name }) => name));
}

/** Where the ranges of the heap begin, as the counts say: pages are not equally full. */
export function heapRuns(ranges: number, marginals: readonly Read[], rows: number): RankRun[] {
  const sums = new Float64Array(ranges).fill(0);
  const found = marginals.map(besideHeap).find((beside) => beside !== null && beside.matrix.rows === FIRST_CLASS + ranges);
  if (found !== null && found !== undefined) {
    const { cells, columns } = found.matrix;
    for (let range = 0; range < ranges; range += 1) {
      for (let column = 0; column < columns; column += 1) {
        sums[range] = (sums[range] ?? 0) + (cells[(FIRST_CLASS + range) * columns + column] ?? 0);
      }
    }
  }
  const total = sums.reduce((left, right) => left + right, 0);
  let before = 0;
  return Array.from(sums, (sum, range) => {
    before += total > 0 ? sum / total : 1 / ranges;
    return { upTo: range === ranges - 1 ? rows : Math.round(before * rows), classOf: FIRST_CLASS + range };
  });
}
