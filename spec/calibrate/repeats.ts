// How often a column's values repeat, from the pack to the spec: how many values have how many rows, and how many different ones lie in
// each range that holds more than one.
import type { BinRange } from '../../stats/binning.ts';
import { splitNestedCells } from '../../stats/nested-bins.ts';
import { binningOf } from '../axis.ts';
import type { Marginal } from '../pack.ts';
import type { Repeats } from '../repeats.ts';
import { binsOf, type ValueLimits } from './fit-or-bins.ts';
import { type ColumnSource, findMarginal } from './pack-index.ts';
import { roundWeight } from './reason.ts';

/** A range with its rows and its different values. */
export interface TiedBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly distinct: number;
}

/** Rows of a value that was too rare to be seen. */
const RARE_ROWS = 2;
/** A hidden tail reaches three octaves beyond what was released. */
const TAIL = 8;
/** What spreading rows evenly gets wrong in the number of values, before repeats are worth their lines. */
const TOLERANCE = 0.005;

/** [from, to, values], and the values that they make together; null where they were not measured or not released. */
export function repeatRowsOf(source: ColumnSource): { readonly rows: Repeats['rows']; readonly values: number } | null {
  const marginal = findMarginal(source, 'repeat');
  if (marginal === null || marginal.cells.length === 0) return null;
  const rows = binsOf(marginal).map(({ from, to, count }): Repeats['rows'][number] => [
    Math.max(1, from),
    to,
    roundWeight(count),
  ]);
  return { rows: withHidden(rows, marginal.other, rowsOf(source)), values: marginal.total };
}

/** Values in no class share the rows that the others leave. */
function withHidden(rows: Repeats['rows'], hidden: number, total: number): Repeats['rows'] {
  if (hidden === 0) return rows;
  const seen = rows.reduce((sum, [from, to, values]) => sum + ((from + to - 1) / 2) * values, 0);
  const degree = Math.max(1, Math.round((total - seen) / hidden));
  return [...rows, [degree, degree + 1, hidden]];
}

/** Rows with a value. */
function rowsOf(source: ColumnSource): number {
  const found = (['number', 'time', 'length'] as const).flatMap((kind) => findMarginal(source, kind) ?? []);
  return found[0]?.total ?? 0;
}

/**
 * Disjoint ranges with the rows and values of the cells, by rising start. A cell that lies around finer ones keeps as many of its parts as it
 * has values, the widest first.
 */
export function tiedBins(marginal: Marginal, limits: ValueLimits, cells = marginal.cells): TiedBin[] {
  const [axis] = marginal.axes;
  if (axis === undefined) return [];
  const binning = binningOf(axis);
  const values = cells.map(([level = 0, bin = 0], at) => [level, bin, marginal.distinct?.[at] ?? 1]);
  // The order of the result depends on the bins alone, so both lists run side by side.
  const distinct = splitNestedCells(binning, values);
  return splitNestedCells(binning, cells)
    .flatMap(({ count, parts }, at) => keepParts(parts, count, Math.max(1, distinct[at]?.count ?? 1)))
    .filter(({ count }) => count > 0)
    .flatMap((bin) => clip(bin, limits))
    .sort((left, right) => left.from - right.from);
}

function keepParts(parts: readonly BinRange[], count: number, distinct: number): TiedBin[] {
  const kept = [...parts].sort((left, right) => right.to - right.from - (left.to - left.from)).slice(0, distinct);
  const width = kept.reduce((sum, { from, to }) => sum + (to - from), 0);
  return kept.map(({ from, to }) => {
    const share = (to - from) / width;
    return { from, to, count: count * share, distinct: kept.length === distinct ? 1 : Math.max(1, distinct * share) };
  });
}

/** All rows and values stay: what lies outside of the limits was none. */
function clip(bin: TiedBin, { min, max }: ValueLimits): TiedBin[] {
  const from = Math.max(bin.from, min);
  const to = Math.min(bin.to, max + 1);
  return from < to ? [{ ...bin, from, to }] : [];
}

/**
 * Bins of whole numbers in which every value has a place. What was counted in a neighbour, because it was too rare to be seen, makes it
 * hold more values than it has places: these go to the free places beside it. `hidden`: values in no cell, beyond the last one.
 */
export function placeRare(
  bins: readonly TiedBin[],
  hidden: { readonly count: number; readonly distinct: number },
  limits: ValueLimits,
): TiedBin[] {
  const placed = bins.flatMap((bin, at) => {
    const over = Math.floor(bin.distinct) - (bin.to - bin.from);
    if (over <= 0) return [bin];
    const after = Math.min(over, (bins[at + 1]?.from ?? limits.max + 1) - bin.to);
    const free = after > 0 ? { from: bin.to, to: bin.to + after } : freeBefore(bin, bins[at - 1]?.to ?? limits.min, over);
    if (free === null) return [{ ...bin, distinct: bin.to - bin.from }];
    const values = free.to - free.from;
    const rows = Math.min(values * RARE_ROWS, bin.count / 2);
    const own = { ...bin, count: bin.count - rows, distinct: bin.to - bin.from };
    return [own, { ...free, count: rows, distinct: values }].sort((left, right) => left.from - right.from);
  });
  const last = placed.at(-1);
  if (last === undefined || hidden.distinct < 1 || hidden.count <= 0) return placed;
  const to = Math.min(limits.max + 1, Math.max(last.to * TAIL, last.to + 2 * hidden.distinct));
  if (to <= last.to) return placed;
  return [...placed, { from: last.to, to, count: hidden.count, distinct: Math.min(hidden.distinct, to - last.to) }];
}

function freeBefore(bin: TiedBin, end: number, over: number): BinRange | null {
  const values = Math.min(over, bin.from - end);
  return values > 0 ? { from: bin.from - values, to: bin.from } : null;
}

/** Whether spreading each bin's rows evenly over its places makes another number of values. */
export function hasTies(bins: readonly TiedBin[], places: (bin: TiedBin) => number): boolean {
  const even = bins.reduce((sum, bin) => sum + Math.min(bin.count, places(bin)), 0);
  const real = bins.reduce((sum, { distinct }) => sum + distinct, 0);
  return Math.abs(even - real) > TOLERANCE * real;
}

/** [from, to, n] of the bins that hold more than one place. */
export function valuesOf<Edge>(bins: readonly TiedBin[], write: (edge: number) => Edge, isSingle: (bin: TiedBin) => boolean) {
  return bins
    .filter((bin) => !isSingle(bin))
    .map(({ from, to, distinct }): [Edge, Edge, number] => [write(from), write(to), roundWeight(distinct)]);
}
