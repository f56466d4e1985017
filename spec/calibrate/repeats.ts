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

/** Values in no cell, beyond the last one: what is rare lies at the ends, and a tail has more room than a gap. */
export function addTail(
  bins: readonly TiedBin[],
  hidden: { readonly count: number; readonly distinct: number },
  limits: ValueLimits,
): readonly TiedBin[] {
  const last = bins.at(-1);
  if (last === undefined || hidden.distinct < 1 || hidden.count <= 0) return bins;
  const to = Math.min(limits.max + 1, Math.max(last.to * TAIL, last.to + 2 * hidden.distinct));
  if (to <= last.to) return bins;
  return [...bins, { from: last.to, to, count: hidden.count, distinct: Math.min(hidden.distinct, to - last.to) }];
}

/** The bins with `values` values in all: those in no cell are spread as their rows are. */
export function withAllValues(bins: readonly TiedBin[], values: number): TiedBin[] {
  const seen = bins.reduce((sum, { distinct }) => sum + distinct, 0);
  return bins.map((bin) => ({ ...bin, distinct: (bin.distinct * Math.max(seen, values)) / seen }));
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
