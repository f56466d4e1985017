// Folding: a bin with too few units behind it is not published; its rows move up to the bin of the next level around it,
// and what is too small even at the coarsest level goes to `other`. So a tail keeps its rough place instead of vanishing,
// and no published number stands on fewer than k units. A released coarse cell counts only what no finer cell published,
// so differences between cells reveal nothing smaller either. A remainder with fewer than k units is counted in the cells
// next to it (top and bottom coding): publishing it as `other`, or leaving it out of the total, would reveal it by a
// difference, and folding a large cell to hide it would cost that cell.
import { type Binning, binOf, levelCount, parentBin, rangeOf } from '../../stats/binning.ts';

/** One bin of level 0 as measured. Bins may repeat; they are joined. */
export interface FineCell {
  /** NaN for rows that have a value but no bin (a label that is not listed): they go straight to `other`. */
  readonly bin: number;
  readonly count: number;
  /**
   * Who stands behind the count. A number: exactly so many units, none of which is in another bin (rows as units, or one
   * row a subject), because numbers are added when bins are joined. A Uint32Array(8): a bitmap of the 256 hash buckets of
   * the units seen; bitmaps are OR-ed and their popcount is a lower bound of the distinct units.
   */
  readonly units: number | Uint32Array;
  /**
   * Degrees only: the buckets of those who own the children. A second condition beside `units`, which rows without a child
   * (an empty bitmap) are free of.
   */
  readonly childUnits?: Uint32Array;
}

interface FoldOptions {
  /** Fewest units behind a published count. 1 publishes everything. */
  readonly k: number;
  /** Fewest owners of children, where a cell has children. Default: k. */
  readonly childK?: number;
  /** About how many cells a marginal may have: a cell needs ceil(total / maxCells) rows. Infinity: no such bound. */
  readonly maxCells: number;
  /** A remainder too small to be seen is left out and not counted beside: for what has no total that is known from elsewhere. */
  readonly dropsRemainder?: boolean;
}

export interface FoldedCells {
  readonly total: number;
  /** [level, bin, count], sorted by level, then bin. */
  readonly cells: [level: number, bin: number, count: number][];
  /** Rows in no cell: zero, or backed by at least k units. */
  readonly other: number;
}

/**
 * The publishable form of a one-axis marginal; empty (total 0) when fewer than k units stand behind the whole. Where fewer than
 * childK own all the children there are, the degrees read as if there were none: nobody must not differ from a few. Pure.
 */
export function foldCells(cells: readonly FineCell[], binning: Binning, options: FoldOptions): FoldedCells {
  const whole = new Pile();
  for (const cell of cells) whole.addCell(cell);
  if (!whole.hasParentUnits(options)) return { total: 0, cells: [], other: 0 };
  if (!whole.hasChildUnits(options)) {
    return { total: whole.count, cells: [[0, binOf(binning, 0, 0), whole.count]], other: 0 };
  }
  const minRows = Number.isFinite(options.maxCells) ? Math.ceil(whole.count / options.maxCells) : 1;
  const { released, leftOver } = releaseByLevel(cells, binning, options, minRows);
  const other = joinPiles(leftOver.map(({ pile }) => pile));
  const isAbsorbed = released.length > 0 && !other.hasUnits(options);
  const isDropped = isAbsorbed && options.dropsRemainder === true;
  // In an order of their own, because each one absorbed makes its cell larger for the next.
  if (isAbsorbed && !isDropped) for (const part of [...leftOver].sort(byLevelThenBin)) absorb(part, released, binning);
  return {
    total: isDropped ? whole.count - other.count : whole.count,
    cells: [...released].sort(byLevelThenBin).map(({ level, bin, pile }) => [level, bin, pile.count]),
    other: isAbsorbed ? 0 : other.count,
  };
}

interface ReleasedCell {
  readonly level: number;
  readonly bin: number;
  readonly pile: Pile;
}

/** Rows joined from several bins, and what is known of the units behind them. */
export class Pile {
  count = 0;
  private exactUnits = 0;
  private bitmap: Uint32Array | null = null;
  private childBitmap: Uint32Array | null = null;

  addCell(cell: FineCell): void {
    if (cell.count <= 0) return;
    this.count += cell.count;
    if (typeof cell.units === 'number') this.exactUnits += cell.units;
    else this.bitmap = joinBitmaps(this.bitmap, cell.units);
    this.childBitmap = joinBitmaps(this.childBitmap, cell.childUnits ?? null);
  }

  addPile(pile: Pile): void {
    this.count += pile.count;
    this.exactUnits += pile.exactUnits;
    this.bitmap = joinBitmaps(this.bitmap, pile.bitmap);
    this.childBitmap = joinBitmaps(this.childBitmap, pile.childBitmap);
  }

  hasUnits(options: FoldOptions): boolean {
    return this.hasParentUnits(options) && this.hasChildUnits(options);
  }

  /** Both kinds of evidence are lower bounds of the union, so the larger one counts. With k = 1 rows need no unit. */
  hasParentUnits({ k }: FoldOptions): boolean {
    return k <= 1 || Math.max(this.exactUnits, countBits(this.bitmap)) >= k;
  }

  /** True as well where there are no children. */
  hasChildUnits({ k, childK = k }: FoldOptions): boolean {
    const units = countBits(this.childBitmap);
    return childK <= 1 || units === 0 || units >= childK;
  }

  hasChildren(): boolean {
    return countBits(this.childBitmap) > 0;
  }
}

/** The union, in the first of the two; null is the empty set. */
export function joinBitmaps(joined: Uint32Array | null, added: Uint32Array | null): Uint32Array | null {
  if (added === null) return joined;
  const union = joined ?? new Uint32Array(added.length);
  for (let word = 0; word < added.length; word++) union[word] = (union[word] ?? 0) | (added[word] ?? 0);
  return union;
}

function releaseByLevel(cells: readonly FineCell[], binning: Binning, options: FoldOptions, minRows: number) {
  const released: ReleasedCell[] = [];
  const lastLevel = levelCount(binning) - 1;
  const outside = { level: lastLevel, bin: Number.NaN, pile: new Pile() };
  const leftOver: ReleasedCell[] = [outside];
  let piles = new Map<number, Pile>();
  for (const cell of cells) (Number.isNaN(cell.bin) ? outside.pile : pileAt(piles, cell.bin)).addCell(cell);
  for (let level = 0; level <= lastLevel; level++) {
    const coarser = new Map<number, Pile>();
    for (const [bin, pile] of piles) {
      if (pile.count === 0) continue;
      if (pile.count >= minRows && pile.hasUnits(options)) released.push({ level, bin, pile });
      else if (level === lastLevel) leftOver.push({ level, bin, pile });
      else pileAt(coarser, parentBin(binning, level, bin)).addPile(pile);
    }
    piles = coarser;
  }
  return { released, leftOver };
}

function pileAt(piles: Map<number, Pile>, bin: number): Pile {
  const found = piles.get(bin);
  if (found !== undefined) return found;
  const made = new Pile();
  piles.set(bin, made);
  return made;
}

function joinPiles(piles: readonly Pile[]): Pile {
  const joined = new Pile();
  for (const pile of piles) joined.addPile(pile);
  return joined;
}

/** Counts a part that may not be seen in the released cell next to it, or in the smallest one where there is no next. */
function absorb(part: ReleasedCell, released: readonly ReleasedCell[], binning: Binning): void {
  const isOrdered = binning.kind !== 'cyclic' && !Number.isNaN(part.bin);
  const cost = (cell: ReleasedCell) =>
    isOrdered ? Math.abs(middleOf(cell, binning) - middleOf(part, binning)) : cell.pile.count;
  const [first, ...others] = [...released].sort(byLevelThenBin);
  if (first === undefined || part.pile.count === 0) return;
  others.reduce((best, cell) => (cost(cell) < cost(best) ? cell : best), first).pile.addPile(part.pile);
}

function middleOf(cell: ReleasedCell, binning: Binning): number {
  const { from, to } = rangeOf(binning, cell.level, cell.bin);
  return (from + to) / 2;
}

function byLevelThenBin(left: ReleasedCell, right: ReleasedCell): number {
  // What has no bin at all (NaN) comes first.
  return left.level - right.level || (Number.isNaN(left.bin) ? -1 : Number.isNaN(right.bin) ? 1 : left.bin - right.bin);
}

/** Bits that are set; of null none. */
export function countBits(bitmap: Uint32Array | null): number {
  let bits = 0;
  for (let word of bitmap ?? []) for (; word !== 0; word = (word & (word - 1)) >>> 0) bits += 1;
  return bits;
}
