// A pack's cells of joined classes, spread over the single classes in them such that lines and columns have the counts that are known of
// each axis alone (iterative proportional fitting). Cells that are counted by themselves keep their count.
import { apportion } from '../../stats/apportion.ts';
import { classCount, coarseClass, type PairAxis } from '../pair-axis.ts';
import { type CountMatrix, emptyMatrix } from '../pair-cells.ts';

type PackCell = readonly number[];
/** Counts of the classes of an axis, in any scale; null where they are not known. */
export type Margin = Float64Array | null;

/** A joined cell and the places in the matrix that it stands for. */
interface Joined {
  readonly count: number;
  readonly places: readonly number[];
}

const ROUNDS = 30;
/** Of an even share: what a class gets of which nothing seems to be left. */
const LEAST = 0.001;

/** Whole counts over the classes of level 0 that add up to those of the cells. */
export function spreadCells(axes: readonly PairAxis[], cells: readonly PackCell[], margins: readonly Margin[]): CountMatrix {
  const matrix = emptyMatrix(axes);
  const joined = layOut(axes, matrix, cells);
  const shares = fitShares(matrix, joined, margins);
  for (const [index, { count, places }] of joined.entries()) {
    if (places.length > 1) for (const place of places) matrix.blocks[place] = index + 1;
    const counts = apportion(
      places.map((place) => shares[place] ?? 0),
      count,
    );
    for (const [at, place] of places.entries()) matrix.counts[place] = (matrix.counts[place] ?? 0) + (counts[at] ?? 0);
  }
  return matrix;
}

/** Fine cells before coarse ones: a cell's count is without the finer cells inside it. */
function layOut(axes: readonly PairAxis[], matrix: CountMatrix, cells: readonly PackCell[]): Joined[] {
  const isCounted = new Uint8Array(matrix.counts.length);
  const sorted = [...cells].sort((left, right) => (left[0] ?? 0) - (right[0] ?? 0));
  return sorted.map((cell) => {
    const places = placesIn(axes, matrix, cell);
    const open = places.filter((place) => isCounted[place] === 0);
    for (const place of places) isCounted[place] = 1;
    return { count: cell.at(-1) ?? 0, places: open.length > 0 ? open : places };
  });
}

/** Counts of the places before they are made whole. */
function fitShares({ columns, counts, rows }: CountMatrix, joined: readonly Joined[], margins: readonly Margin[]): Float64Array {
  const sides = [
    { size: rows, classOf: (place: number) => Math.floor(place / columns), margin: margins[0] ?? null },
    { size: columns, classOf: (place: number) => place % columns, margin: margins[1] ?? null },
  ];
  const wanted = sides.map(({ classOf, margin, size }) => wantedOf(size, classOf, margin, joined));
  const shares = new Float64Array(counts.length);
  const [lines, across] = wanted;
  for (const { places } of joined)
    for (const place of places) shares[place] = (lines?.[Math.floor(place / columns)] ?? 0) * (across?.[place % columns] ?? 0);
  scaleJoined(shares, joined);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [side, { classOf, margin, size }] of sides.entries()) {
      const sums = new Float64Array(size);
      if (margin === null) continue;
      shares.forEach((share, place) => {
        sums[classOf(place)] = (sums[classOf(place)] ?? 0) + share;
      });
      shares.forEach((share, place) => {
        const sum = sums[classOf(place)] ?? 0;
        if (share > 0 && sum > 0) shares[place] = (share * (wanted[side]?.[classOf(place)] ?? 0)) / sum;
      });
    }
    scaleJoined(shares, joined);
  }
  return shares;
}

/** Each joined cell has its count. */
function scaleJoined(shares: Float64Array, joined: readonly Joined[]): void {
  for (const { count, places } of joined) {
    const sum = places.reduce((total, place) => total + (shares[place] ?? 0), 0);
    for (const place of places) shares[place] = sum > 0 ? ((shares[place] ?? 0) * count) / sum : count / places.length;
  }
}

/** Counts of the classes of one side: those of the axis alone, else of the cells with each joined one spread evenly. */
function wantedOf(size: number, classOf: (place: number) => number, margin: Margin, joined: readonly Joined[]): Float64Array {
  const even = new Float64Array(size);
  const single = new Float64Array(size);
  for (const { count, places } of joined) {
    for (const place of places) {
      const at = classOf(place);
      even[at] = (even[at] ?? 0) + count / places.length;
      if (places.length === 1) single[at] = (single[at] ?? 0) + count;
    }
  }
  if (margin === null) return even;
  const total = joined.reduce((sum, { count }) => sum + count, 0);
  const known = margin.reduce((sum, count) => sum + count, 0);
  return even.map((share, at) =>
    Math.max(single[at] ?? 0, LEAST * share, known > 0 ? ((margin[at] ?? 0) * total) / known : share),
  );
}

function placesIn(axes: readonly PairAxis[], { columns }: CountMatrix, [level = 0, first = 0, ...rest]: PackCell): number[] {
  const [one, two] = axes;
  const lines = one === undefined ? [0] : classesIn(one, level, first);
  const across = two === undefined ? [0] : classesIn(two, level, rest[0] ?? 0);
  return lines.flatMap((line) => across.map((column) => line * columns + column));
}

/** The classes of level 0 in a class of `level`. */
function classesIn(axis: PairAxis, level: number, value: number): number[] {
  if (level === 0) return [value];
  return Array.from({ length: classCount(axis) }, (_, at) => at).filter((at) => coarseClass(axis, level, at) === value);
}
