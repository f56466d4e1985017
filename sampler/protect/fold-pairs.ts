// Folding of two-axis counts. As on one axis a cell with too few units joins its neighbours, level by level, and at the end goes
// to `other`. Here a total of a row or column of the matrix is known as well (from the one-axis marginal), so what a line hides
// must be nothing or k units: where it is less, the line's smallest released cell is folded with it (complementary suppression).
import { coarseClass, PAIR_LEVELS, type PairAxis } from '../../spec/pair-axis.ts';
import { Pile } from './fold.ts';

/** One cell of level 0 as measured. */
export interface FinePairCell {
  /** A class per axis. */
  readonly classes: readonly number[];
  readonly count: number;
  /** Everyone whose numbers must be k: of each kind a count, or a bitmap of the buckets seen (see FineCell). */
  readonly units: readonly (number | Uint32Array)[];
  /**
   * Degrees: the buckets of those who own the children, one bitmap for each degree whose children belong to other people than the
   * parents. Further conditions beside `units`, which parents without a child (an empty bitmap) are free of.
   */
  readonly childUnits?: readonly Uint32Array[];
}

/** How many units must stand behind what is published. */
export interface PairThreshold {
  /** Fewest of each kind of `units`; 1 publishes everything. */
  readonly k: number;
  /** Fewest owners of children, where a cell has children. Default: k. */
  readonly childK?: number;
}

export interface FoldedPair {
  readonly total: number;
  /** [level, class, ..., count], sorted by level, then classes. */
  readonly cells: number[][];
  readonly other: number;
}

/**
 * The publishable form; empty when fewer than k units stand behind the whole. Promises: counts add up to the total; no cell, no
 * non-zero `other`, and no hidden part of a line that also has a released cell, on any level, stands on fewer than k units. Empty as
 * well where there are no children at all: nobody must not differ from a few. Pure.
 */
export function foldPair(cells: readonly FinePairCell[], axes: readonly PairAxis[], threshold: PairThreshold): FoldedPair {
  const whole = new Pair(0, []);
  for (const cell of cells) whole.addCell(cell);
  if (whole.count === 0 || !whole.hasUnits(threshold) || !whole.hasChildren(threshold)) return { total: 0, cells: [], other: 0 };
  const released: Pair[] = [];
  let piles = pileUp(cells);
  for (let level = 0; level < PAIR_LEVELS; level++) {
    const lines = new Lines(piles, threshold);
    const hidden = lines.hide();
    released.push(...piles.filter((pile) => !hidden.has(pile)));
    piles = level + 1 < PAIR_LEVELS ? joinNeighbours([...hidden], axes, level + 1) : [...hidden];
  }
  const other = hideMore(released, piles, threshold);
  const isOut = (cell: Pair) => other.includes(cell);
  return {
    total: whole.count,
    cells: released
      .filter((cell) => !isOut(cell))
      .sort(inOrder)
      .map(({ level, classes, count }) => [level, ...classes, count]),
    other: other.reduce((sum, { count }) => sum + count, 0),
  };
}

/** A cell of any level: rows, and each kind of unit behind them. */
class Pair {
  count = 0;
  private readonly piles: Pile[] = [];
  private readonly childPiles: Pile[] = [];
  readonly level: number;
  readonly classes: readonly number[];

  constructor(level: number, classes: readonly number[]) {
    this.level = level;
    this.classes = classes;
  }

  addCell({ count, units, childUnits = [] }: FinePairCell): void {
    if (count <= 0) return;
    this.count += count;
    units.forEach((each, kind) => {
      pileOf(this.piles, kind).addCell({ bin: 0, count, units: each });
    });
    childUnits.forEach((each, kind) => {
      pileOf(this.childPiles, kind).addCell({ bin: 0, count, units: count, childUnits: each });
    });
  }

  add(other: Pair): void {
    this.count += other.count;
    other.piles.forEach((pile, kind) => {
      pileOf(this.piles, kind).addPile(pile);
    });
    other.childPiles.forEach((pile, kind) => {
      pileOf(this.childPiles, kind).addPile(pile);
    });
  }

  hasUnits({ k, childK = k }: PairThreshold): boolean {
    const options = { k, childK, maxCells: Number.POSITIVE_INFINITY };
    const hasOwn = k <= 1 || (this.piles.length > 0 && this.piles.every((pile) => pile.hasParentUnits(options)));
    return hasOwn && this.childPiles.every((pile) => pile.hasChildUnits(options));
  }

  /** Whether each degree has children, where their owners count. */
  hasChildren({ k, childK = k }: PairThreshold): boolean {
    return childK <= 1 || this.childPiles.every((pile) => pile.hasChildren());
  }
}

function pileOf(piles: Pile[], kind: number): Pile {
  const found = piles[kind];
  if (found !== undefined) return found;
  const made = new Pile();
  piles[kind] = made;
  return made;
}

/** The cells of one level, seen by their lines: all cells of one class of one axis. */
class Lines {
  private readonly cells: readonly Pair[];
  private readonly threshold: PairThreshold;
  private readonly lines = new Map<string, Pair[]>();

  constructor(cells: readonly Pair[], threshold: PairThreshold) {
    this.cells = cells;
    this.threshold = threshold;
    for (const cell of cells) for (const line of linesOf(cell)) this.lines.set(line, [...(this.lines.get(line) ?? []), cell]);
  }

  /** The cells that must not be seen. */
  hide(): Set<Pair> {
    const hidden = new Set(this.cells.filter((cell) => !cell.hasUnits(this.threshold)));
    // Hiding a cell can only break the other line through it, so that one is looked at again.
    const open = new Set([...this.lines.keys()].sort());
    for (const line of open) {
      open.delete(line);
      const cells = this.lines.get(line) ?? [];
      const shown = cells.filter((cell) => !hidden.has(cell)).sort(bySize);
      const dark = sumOf(cells.filter((cell) => hidden.has(cell)));
      for (const cell of shown) {
        if (dark.count === 0 || dark.hasUnits(this.threshold)) break;
        dark.add(cell);
        hidden.add(cell);
        for (const other of linesOf(cell)) if (other !== line) open.add(other);
      }
    }
    return hidden;
  }
}

/** A marginal of one axis has no lines: a cell's row is the cell itself. */
function linesOf({ classes }: Pair): string[] {
  return classes.length < 2 ? [] : classes.map((value, axis) => `${axis} ${value}`);
}

/** What is left, and released cells with it until k units stand behind it. The smallest go first, coarse ones before fine ones. */
function hideMore(released: readonly Pair[], leftOver: readonly Pair[], threshold: PairThreshold): Pair[] {
  const out = [...leftOver];
  const sum = sumOf(leftOver);
  for (const cell of [...released].sort(bySize)) {
    if (sum.count === 0 || sum.hasUnits(threshold)) break;
    sum.add(cell);
    out.push(cell);
  }
  return out;
}

function sumOf(cells: readonly Pair[]): Pair {
  const sum = new Pair(0, []);
  for (const cell of cells) sum.add(cell);
  return sum;
}

function pileUp(cells: readonly FinePairCell[]): Pair[] {
  const piles = new Map<string, Pair>();
  for (const cell of cells) pairAt(piles, 0, cell.classes).addCell(cell);
  return [...piles.values()].filter(({ count }) => count > 0);
}

/** The cells as they lie one level up, on `level`. */
function joinNeighbours(cells: readonly Pair[], axes: readonly PairAxis[], level: number): Pair[] {
  const joined = new Map<string, Pair>();
  for (const cell of cells) {
    const classes = axes.map((axis, at) => coarseClass(axis, 1, cell.classes[at] ?? 0));
    pairAt(joined, level, classes).add(cell);
  }
  return [...joined.values()];
}

function pairAt(piles: Map<string, Pair>, level: number, classes: readonly number[]): Pair {
  const key = classes.join(' ');
  const found = piles.get(key);
  if (found !== undefined) return found;
  const made = new Pair(level, classes);
  piles.set(key, made);
  return made;
}

function bySize(left: Pair, right: Pair): number {
  return left.count - right.count || right.level - left.level || inOrder(left, right);
}

function inOrder(left: Pair, right: Pair): number {
  const step = left.classes.findIndex((value, at) => value !== right.classes[at]);
  return left.level - right.level || (step < 0 ? 0 : (left.classes[step] ?? 0) - (right.classes[step] ?? 0));
}
