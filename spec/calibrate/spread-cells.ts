// A pack's cells of joined classes, spread over the single classes in them: each gets its share by what is known of its line and its
// column alone. Cells that are counted by themselves get nothing more.
import { apportion } from '../../stats/apportion.ts';
import { classCount, coarseClass, type PairAxis } from '../pair-axis.ts';
import { type CountMatrix, emptyMatrix } from '../pair-cells.ts';

type PackCell = readonly number[];

/** A joined cell and the places in the matrix that it stands for. */
interface Joined {
  readonly count: number;
  readonly places: readonly number[];
}

/** Whole counts over the classes of level 0 that add up to those of the cells. */
export function spreadCells(axes: readonly PairAxis[], cells: readonly PackCell[]): CountMatrix {
  const matrix = emptyMatrix(axes);
  const isCounted = new Uint8Array(matrix.counts.length);
  const joined: Joined[] = [];
  for (const cell of [...cells].sort((left, right) => (left[0] ?? 0) - (right[0] ?? 0))) {
    const places = placesIn(axes, matrix, cell);
    const open = places.filter((place) => isCounted[place] === 0);
    joined.push({ count: cell.at(-1) ?? 0, places: open.length > 0 ? open : places });
    // A cell's count is without the finer released cells inside it.
    for (const place of places) isCounted[place] = 1;
  }
  const weights = weightsOf(matrix, joined);
  for (const { count, places } of joined) {
    const shares = apportion(
      places.map((place) => weights[place] ?? 0),
      count,
    );
    for (const [at, place] of places.entries()) matrix.counts[place] = (matrix.counts[place] ?? 0) + (shares[at] ?? 0);
  }
  return matrix;
}

/** Products of the sums of lines and columns, each joined cell spread evenly. */
function weightsOf({ rows, columns }: CountMatrix, joined: readonly Joined[]): Float64Array {
  const lines = new Float64Array(rows);
  const across = new Float64Array(columns);
  for (const { count, places } of joined) {
    for (const place of places) {
      const line = Math.floor(place / columns);
      lines[line] = (lines[line] ?? 0) + count / places.length;
      across[place - line * columns] = (across[place - line * columns] ?? 0) + count / places.length;
    }
  }
  return Float64Array.from(
    { length: rows * columns },
    (_, at) => (lines[Math.floor(at / columns)] ?? 0) * (across[at % columns] ?? 0),
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
