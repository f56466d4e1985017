// Bins whose edges do not depend on the data, in nested levels: level 0 is the finest, each coarser level joins whole bins
// of the finer one. A small count moves up to the bin around it instead of vanishing. Sampler, calibrate, plan and
// compare all read bins through this file, so an edge is defined once.

/**
 * How an axis cuts its values into bins.
 * - magnitude: signed integers; each octave [2^e, 2^(e+1)) in 2^b equal steps, so integers below 2^(b+1) stand alone.
 *   Levels b = subBits, 8, 5, 2, 0 (those below subBits).
 * - count: non-negative integers cut like magnitude after subtracting one: at the coarsest level 0, 1, 2, 3-4, 5-8, ...
 * - hour: hours since 1970-01-01 UTC; levels hour, day, eighth-of-month-like slice (days 1-8, 9-16, 17-24, 25-), month, year.
 * - cyclic: a fixed number of bins without order above them (hour of week, labels, booleans, classes); one level.
 */
export type Binning =
  | { readonly kind: 'magnitude'; readonly subBits: number }
  | { readonly kind: 'count'; readonly subBits: number }
  | { readonly kind: 'hour' }
  | { readonly kind: 'cyclic'; readonly size: number };

/** Half-open range of values [from, to) that a bin holds; integers. */
export interface BinRange {
  readonly from: number;
  readonly to: number;
}

/** Default sub-bits at level 0: integers up to 8191 stand alone, larger ones are known to 1 in 4096. */
export const MAGNITUDE_SUB_BITS = 12;
/** Default for lengths and degrees: counts up to 256 alone, then 128 steps an octave. */
export const COUNT_SUB_BITS = 7;
/** Default for rows of one value: up to 64 alone, then 32 steps an octave. */
export const REPEAT_SUB_BITS = 5;

const HOURS_PER_DAY = 24;
const MS_PER_HOUR = 3_600_000;
const SLICE_DAYS = 8;
const SLICES_PER_MONTH = 4;

/** Sub-bits of each level, finest first. */
function subBitLevels(subBits: number): number[] {
  return [subBits, ...[8, 5, 2, 0].filter((level) => level < subBits)];
}

/** How many levels the binning has, at least 1. */
export function levelCount(binning: Binning): number {
  switch (binning.kind) {
    case 'magnitude':
    case 'count':
      return subBitLevels(binning.subBits).length;
    case 'hour':
      return 5;
    case 'cyclic':
      return 1;
  }
}

/** The bin of level `level` that holds the integer `value`. For `hour` the value is the hour since 1970; negative allowed. */
export function binOf(binning: Binning, level: number, value: number): number {
  switch (binning.kind) {
    case 'magnitude':
      return value < 0 ? -magnitudeBin(-value, levelSubBits(binning, level)) : magnitudeBin(value, levelSubBits(binning, level));
    case 'count':
      return value <= 0 ? 0 : 1 + magnitudeBin(value - 1, levelSubBits(binning, level));
    case 'hour':
      return hourBin(value, level);
    case 'cyclic':
      return value;
  }
}

/** The values that bin `bin` of level `level` holds. Inverse of binOf. */
export function rangeOf(binning: Binning, level: number, bin: number): BinRange {
  switch (binning.kind) {
    case 'magnitude': {
      const { from, to } = magnitudeRange(Math.abs(bin), levelSubBits(binning, level));
      return bin < 0 ? { from: 1 - to, to: 1 - from } : { from, to };
    }
    case 'count': {
      if (bin === 0) return { from: 0, to: 1 };
      const { from, to } = magnitudeRange(bin - 1, levelSubBits(binning, level));
      return { from: from + 1, to: to + 1 };
    }
    case 'hour':
      return hourRange(bin, level);
    case 'cyclic':
      return { from: bin, to: bin + 1 };
  }
}

/** The bin of level `level + 1` around a bin of level `level`. The level must not be the last. */
export function parentBin(binning: Binning, level: number, bin: number): number {
  return binOf(binning, level + 1, rangeOf(binning, level, bin).from);
}

function levelSubBits(binning: { readonly subBits: number }, level: number): number {
  const subBits = subBitLevels(binning.subBits)[level];
  if (subBits === undefined) throw new RangeError(`level ${level} does not exist`);
  return subBits;
}

/** HDR-histogram index of a non-negative integer below 2^53: below 2^(b+1) the integer itself, then 2^b steps an octave. */
function magnitudeBin(value: number, subBits: number): number {
  const steps = 2 ** subBits;
  if (value < steps) return value;
  const exponent = floorLog2(value);
  const shift = exponent - subBits;
  return shift * steps + Math.floor(value / 2 ** shift);
}

function magnitudeRange(bin: number, subBits: number): BinRange {
  const steps = 2 ** subBits;
  if (bin < steps) return { from: bin, to: bin + 1 };
  const shift = Math.floor(bin / steps) - 1;
  const width = 2 ** shift;
  const from = (bin - shift * steps) * width;
  return { from, to: from + width };
}

/** floor(log2(value)) of a positive number below 2^53, exact: read from the exponent bits of the double. */
export function floorLog2(value: number): number {
  logView.setFloat64(0, value);
  return ((logView.getUint16(0) >> 4) & 0x7ff) - 1023;
}
const logView = new DataView(new ArrayBuffer(8));

function hourBin(hour: number, level: number): number {
  if (level === 0) return hour;
  const day = Math.floor(hour / HOURS_PER_DAY);
  if (level === 1) return day;
  const date = new Date(day * HOURS_PER_DAY * MS_PER_HOUR);
  if (level === 4) return date.getUTCFullYear();
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
  if (level === 3) return month;
  return month * SLICES_PER_MONTH + Math.min(SLICES_PER_MONTH - 1, Math.floor((date.getUTCDate() - 1) / SLICE_DAYS));
}

function hourRange(bin: number, level: number): BinRange {
  switch (level) {
    case 0:
      return { from: bin, to: bin + 1 };
    case 1:
      return { from: bin * HOURS_PER_DAY, to: (bin + 1) * HOURS_PER_DAY };
    case 2: {
      const month = Math.floor(bin / SLICES_PER_MONTH);
      const slice = bin - month * SLICES_PER_MONTH;
      const start = hourOfMonth(month);
      const to = slice === SLICES_PER_MONTH - 1 ? hourOfMonth(month + 1) : start + (slice + 1) * SLICE_DAYS * HOURS_PER_DAY;
      return { from: start + slice * SLICE_DAYS * HOURS_PER_DAY, to };
    }
    case 3:
      return { from: hourOfMonth(bin), to: hourOfMonth(bin + 1) };
    default:
      return { from: hourOfMonth(bin * 12), to: hourOfMonth((bin + 1) * 12) };
  }
}

/** Hours from 1970-01-01 UTC to the first of the month `month` (year * 12 + month, January 0). */
function hourOfMonth(month: number): number {
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(month / 12), month - 12 * Math.floor(month / 12), 1);
  return date.getTime() / MS_PER_HOUR;
}

/** Hour of the week of an hour since 1970, Monday 00:00 UTC = 0, up to 167. 1970-01-01 was a Thursday. */
export function hourOfWeek(hour: number): number {
  const shifted = (hour + 72) % 168;
  return shifted < 0 ? shifted + 168 : shifted;
}
