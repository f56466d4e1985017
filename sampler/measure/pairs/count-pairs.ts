// Counts pairs of classes: one flat array of counts for all pairs, and one of bitmaps for each kind of unit, so that a row costs a
// few array accesses per pair and no object. Owners of children come as maps, which are OR-ed.
import { classCount, type PairAxis } from '../../../spec/pair-axis.ts';
import type { FinePairCell } from '../../protect/fold-pairs.ts';
import type { RowSink } from '../copy-rows.ts';
import { BITMAP_WORDS } from '../counters.ts';
import type { ClassOf } from './class-of.ts';

/** An axis and the field of the row that has its code. */
export interface CountedAxis {
  readonly axis: PairAxis;
  readonly field: number;
  readonly classOf: ClassOf;
}

/** A map of the owners of a row's children: the first of its fields, and that of their number, because without any it is NULL. */
export interface CountedMap {
  readonly field: number;
  readonly degree: number;
}

/** Positions of one or two axes, and the fields of the buckets whose units must be k; none: each row is one unit. */
export interface CountedPair {
  readonly axes: readonly number[];
  readonly buckets: readonly number[];
  readonly maps: readonly CountedMap[];
}

export interface PairCounts {
  readonly addRow: RowSink;
  /** The cells of pair number `at`, those that have rows. */
  readonly cellsOf: (at: number) => FinePairCell[];
}

interface Place {
  readonly first: number;
  /** -1 for a marginal of one axis. */
  readonly second: number;
  readonly width: number;
  readonly start: number;
  readonly size: number;
  /** Field of each bucket, and where its bitmaps begin. */
  readonly bits: readonly { readonly field: number; readonly start: number }[];
  readonly maps: readonly (CountedMap & { readonly start: number })[];
}

/** Empty counts. */
export function startCountingPairs(axes: readonly CountedAxis[], pairs: readonly CountedPair[]): PairCounts {
  const places = layOut(axes, pairs);
  const counts = new Float64Array(places.reduce((sum, { size }) => sum + size, 0));
  const words = places.reduce((sum, { size, bits, maps }) => sum + size * (bits.length + maps.length) * BITMAP_WORDS, 0);
  const bitmaps = new Uint32Array(words);
  const classes = new Int32Array(axes.length);
  return {
    addRow(row) {
      for (let at = 0; at < axes.length; at++) {
        const axis = axes[at];
        if (axis !== undefined) classes[at] = axis.classOf(row[axis.field] ?? 0);
      }
      for (const place of places) {
        const { first, second, width, start } = place;
        const cell = (classes[first] ?? 0) * width + (second < 0 ? 0 : (classes[second] ?? 0));
        counts[start + cell] = (counts[start + cell] ?? 0) + 1;
        addUnits(bitmaps, place, cell, row);
      }
    },
    cellsOf(at) {
      const place = places[at];
      if (place === undefined) return [];
      const cells: FinePairCell[] = [];
      for (let cell = 0; cell < place.size; cell++) {
        const count = counts[place.start + cell] ?? 0;
        if (count === 0) continue;
        const bitmapOf = (start: number) => bitmaps.slice(start + cell * BITMAP_WORDS, start + (cell + 1) * BITMAP_WORDS);
        const units = place.bits.length === 0 ? [count] : place.bits.map(({ start }) => bitmapOf(start));
        const childUnits = place.maps.map(({ start }) => bitmapOf(start));
        const first = Math.floor(cell / place.width);
        cells.push({ classes: place.second < 0 ? [first] : [first, cell % place.width], count, units, childUnits });
      }
      return cells;
    },
  };
}

function addUnits(bitmaps: Uint32Array, { bits, maps }: Place, cell: number, row: Int32Array): void {
  for (const { field, start } of bits) {
    const bucket = row[field] ?? 0;
    const word = start + cell * BITMAP_WORDS + (bucket >> 5);
    bitmaps[word] = (bitmaps[word] ?? 0) | (1 << (bucket & 31));
  }
  for (const { field, degree, start } of maps) {
    if ((row[degree] ?? 0) > 0) addMap(bitmaps, start + cell * BITMAP_WORDS, row, field);
  }
}

/** The map begins at `field`. */
function addMap(bitmaps: Uint32Array, start: number, row: Int32Array, field: number): void {
  for (let word = 0; word < BITMAP_WORDS; word++) {
    bitmaps[start + word] = (bitmaps[start + word] ?? 0) | (row[field + word] ?? 0);
  }
}

function layOut(axes: readonly CountedAxis[], pairs: readonly CountedPair[]): Place[] {
  const sizeOf = (at: number) => {
    const counted = axes[at];
    return counted === undefined ? 1 : classCount(counted.axis);
  };
  let start = 0;
  let word = 0;
  return pairs.map(({ axes: [first = 0, second = -1], buckets, maps: fields }) => {
    const width = second < 0 ? 1 : sizeOf(second);
    const size = sizeOf(first) * width;
    const bits = buckets.map((field, at) => ({ field, start: word + at * size * BITMAP_WORDS }));
    word += size * BITMAP_WORDS * buckets.length;
    const maps = fields.map((map, at) => ({ ...map, start: word + at * size * BITMAP_WORDS }));
    word += size * BITMAP_WORDS * maps.length;
    const place = { first, second, width, start, size, bits, maps };
    start += size;
    return place;
  });
}
