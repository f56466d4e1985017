// A pair's released cells as a matrix of single classes, and as places: which released cell each pair of classes counts in.
import { classCount, coarseClass, type PairAxis } from '../../../spec/pair-axis.ts';

type Cell = readonly number[];

/** Counts by class of the first axis and class of the second; a joined cell is spread evenly, which can only hide dependence. */
export function spreadCells(first: PairAxis, second: PairAxis, cells: readonly Cell[]): number[][] {
  const matrix = Array.from({ length: classCount(first) }, () => new Array<number>(classCount(second)).fill(0));
  for (const [level = 0, one = 0, two = 0, count = 0] of cells) {
    const [rows, columns] = [classesIn(first, level, one), classesIn(second, level, two)];
    const each = count / (rows.length * columns.length);
    for (const row of rows) for (const column of columns) (matrix[row] ?? [])[column] = (matrix[row]?.[column] ?? 0) + each;
  }
  return matrix;
}

/** By class of the first axis, then of the second: the position of the finest cell around it; -1 where none is. */
export function cellsByPlace(first: PairAxis, second: PairAxis, cells: readonly Cell[]): Int32Array[] {
  const places = Array.from({ length: classCount(first) }, () => new Int32Array(classCount(second)).fill(-1));
  const finestFirst = [...cells.entries()].sort(([, left], [, right]) => (left[0] ?? 0) - (right[0] ?? 0));
  for (const [at, [level = 0, one = 0, two = 0]] of finestFirst) {
    const columns = classesIn(second, level, two);
    for (const row of classesIn(first, level, one)) {
      const line = places[row];
      for (const column of columns) if (line !== undefined && line[column] === -1) line[column] = at;
    }
  }
  return places;
}

/** The classes of level 0 in a class of `level`. */
function classesIn(axis: PairAxis, level: number, value: number): number[] {
  if (level === 0) return [value];
  return Array.from({ length: classCount(axis) }, (_, at) => at).filter((at) => coarseClass(axis, level, at) === value);
}
