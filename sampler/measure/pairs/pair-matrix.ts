// A pair's released cells as a matrix of single classes, and as places: which released cell each pair of classes counts in.
import { classCount, coarseClass, type PairAxis } from '../../../spec/pair-axis.ts';

type Cell = readonly number[];

/** How often joined cells are spread again by what came out for their lines. */
const SPREADS = 8;

/**
 * Counts by class of the first axis and class of the second. A joined cell is spread over the classes in it as the lines of the matrix
 * say; evenly would not do: beside a cell that was released alone that looks like dependence.
 */
export function spreadCells(first: PairAxis, second: PairAxis, cells: readonly Cell[]): number[][] {
  const places = cellsByPlace(first, second, cells);
  const opens = openPlaces(places, cells.length);
  let matrix = places.map((line) => new Array<number>(line.length).fill(1));
  const rounds = cells.some(([level = 0]) => level > 0) ? SPREADS : 1;
  for (let round = 0; round < rounds; round += 1) matrix = spreadBy(matrix, cells, opens);
  return matrix;
}

/** The cells spread in proportion to the sums of the lines of `before`. */
function spreadBy(before: readonly (readonly number[])[], cells: readonly Cell[], opens: readonly Place[][]): number[][] {
  const matrix = before.map((line) => new Array<number>(line.length).fill(0));
  const rows = before.map(sumOf);
  const columns = (before[0] ?? []).map((_, at) => sumOf(before.map((line) => line[at] ?? 0)));
  for (const [at, cell] of cells.entries()) {
    const open = opens[at] ?? [];
    const shares = open.map(([row, column]) => (rows[row] ?? 0) * (columns[column] ?? 0));
    const sum = sumOf(shares);
    for (const [index, [row, column]] of open.entries()) {
      const share = sum > 0 ? (shares[index] ?? 0) / sum : 1 / open.length;
      const line = matrix[row];
      if (line !== undefined) line[column] = (line[column] ?? 0) + share * (cell.at(-1) ?? 0);
    }
  }
  return matrix;
}

type Place = readonly [row: number, column: number];

/** The places that each cell is the finest one around. */
function openPlaces(places: readonly Int32Array[], cells: number): Place[][] {
  const opens = Array.from({ length: cells }, (): Place[] => []);
  for (const [row, line] of places.entries()) for (const [column, cell] of line.entries()) opens[cell]?.push([row, column]);
  return opens;
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((left, right) => left + right, 0);
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
