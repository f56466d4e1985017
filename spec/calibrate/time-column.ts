// Time columns: how many rows each hour, day or month has, the week's profile where it is one, and the resolution.
import { runningSums } from '../../stats/apportion.ts';
import { hourOfWeek } from '../../stats/binning.ts';
import { samplingFloor } from '../../stats/fit/goodness.ts';
import { type BinnedCount, flattenCells } from '../../stats/nested-bins.ts';
import { smoothBins } from '../../stats/smooth-bins.ts';
import { TIME_RESOLUTIONS } from '../axis.ts';
import type { Marginal, Pack } from '../pack.ts';
import type { ColumnSpec } from '../spec.ts';
import { clampHour, formatHour, hourOfDayText } from './hour-text.ts';
import { measureScatter } from './measure-scatter.ts';
import { nullFractionOf } from './null-fraction.ts';
import { placeOther, type TimeLimits } from './other-times.ts';
import { type ColumnSource, findMarginal } from './pack-index.ts';
import { because, describeOther, formatShare, roundDigits, roundWeight } from './reason.ts';
import { hasTies, repeatRowsOf, tiedBins, valuesOf, withAllValues } from './repeats.ts';

type TimeSpec = Extract<ColumnSpec, { kind: 'time' }>;
type Resolution = TimeSpec['resolution'];

const HOURS_PER_DAY = 24;
const HOURS_PER_WEEK = 168;
const EVEN_WEEK: readonly number[] = new Array<number>(HOURS_PER_WEEK).fill(1);
const ASSUMED_DAYS = 30;
/** An hour of the week that nobody used is not impossible. */
const LEAST_WEIGHT = 1e-6;
const SECONDS_PER_HOUR = 3600;
const SECONDS: Readonly<Record<Resolution, number>> = {
  day: 86_400,
  minute: 60,
  second: 1,
  millisecond: 1e-3,
  microsecond: 1e-6,
};
/** Share of the rows that a resolution must be fine enough for. */
const RESOLUTION_SHARE = 0.95;
/** A week's profile is told from chance when its distance from even is over twice what chance gives. */
const PROFILE_FLOORS = 2;

/** The column's times. `inRowOrder`: the table is taken to be appended to in the order of this column. */
export function calibrateTime(source: ColumnSource, inRowOrder: boolean): ColumnSpec {
  const marginal = findMarginal(source, 'time');
  const resolution = source.column.baseType === 'date' ? 'day' : resolutionOf(findMarginal(source, 'resolution'));
  const tied = marginal === null ? null : tieTimes(source, marginal, resolution);
  const profile = resolution === 'day' ? null : weekProfile(findMarginal(source, 'hourOfWeek'));
  const week = profile?.weights ?? EVEN_WEEK;
  const limits = marginal === null ? null : limitsOf(source.index.pack, marginal);
  const bins =
    marginal === null || limits === null ? [] : (tied?.bins ?? calendarBins(marginal, resolution === 'day', week, limits));
  return {
    kind: 'time',
    calendar: { kind: 'bins', bins: bins.length > 0 ? bins.map(formatBin) : [assumedBin(source.index.pack)] },
    ...(profile?.weights === undefined ? {} : { hourOfWeek: profile.weights }),
    ...(marginal === null || tied !== null || bins.length === 0 ? {} : scatterOf(source, marginal, bins, week)),
    resolution,
    order: inRowOrder ? 'row' : 'shuffled',
    ...(tied === null ? {} : { repeats: tied.repeats }),
    nullFraction: nullFractionOf(source),
    ...because(
      bins.length > 0 ? `${bins.length} calendar bins` : 'no time was released: assumed',
      describeOther(marginal),
      profile?.reason ?? null,
      inRowOrder ? 'rows assumed to be appended in this order, because physical order is not measured in this pack' : null,
    ),
  };
}

/** Above this many cells a marginal is folded further. */
const MAX_CELLS = 1024;

/** How days scatter that were not released one by one; nothing where all were. */
function scatterOf({ index }: ColumnSource, marginal: Marginal, bins: readonly BinnedCount[], week: readonly number[]) {
  const { k } = index.pack.privacy;
  const below = Math.max(k, Math.ceil(marginal.total / MAX_CELLS));
  if (k <= 1 || below > MOST_BELOW || !bins.some(isLongSpan)) return {};
  const dispersion = measureScatter(bins, weekMeasure(week), below);
  return { scatter: { dispersion: roundDigits(dispersion, 3), below } };
}

const MOST_BELOW = 10_000;

/** The bins with how many times each holds; null where times hardly repeat. */
function tieTimes(source: ColumnSource, marginal: Marginal, resolution: Resolution) {
  const found = repeatRowsOf(source);
  if (found === null) return null;
  const cells = resolution === 'day' ? marginal.cells.map(toDayLevel) : marginal.cells;
  const limits = { min: clampHour(Number.NEGATIVE_INFINITY), max: clampHour(Number.POSITIVE_INFINITY) };
  const flat = withAllValues(tiedBins(marginal, limits, cells), found.values);
  const places = ({ from, to }: { from: number; to: number }) => ((to - from) * SECONDS_PER_HOUR) / SECONDS[resolution];
  if (flat.length === 0 || !hasTies(flat, places)) return null;
  const bins = flat.flatMap((bin, index) => (isLongSpan(bin) ? smoothAmong(flat, index) : [bin]));
  const values = valuesOf(flat, formatHour, (bin) => places(bin) <= 1);
  return { bins, repeats: { rows: found.rows, values } };
}

/** Disjoint intervals of hours; slices, months and years get the slope of their neighbours. */
function calendarBins(marginal: Marginal, isWholeDays: boolean, week: readonly number[], limits: TimeLimits): BinnedCount[] {
  const cells = isWholeDays ? marginal.cells.map(toDayLevel) : marginal.cells;
  const known = flattenCells({ kind: 'hour' }, cells, weekMeasure(week));
  const flat = placeOther(known, marginal, limits).flatMap(({ from, to, count }) => {
    const [first, last] = [clampHour(from), clampHour(to)];
    return first < last && count > 0 ? [{ from: first, to: last, count }] : [];
  });
  return flat.flatMap((bin, index) => (isLongSpan(bin) ? smoothAmong(flat, index) : [bin]));
}

function limitsOf({ privacy, provenance }: Pack, { total }: Marginal): TimeLimits {
  return {
    threshold: Math.max(privacy.k, Math.ceil(total / MAX_CELLS)),
    from: provenance.window === null ? null : hourOfDayText(provenance.window.from),
    to: hourOfDayText(provenance.window?.to ?? provenance.day),
  };
}

/** What a span weighs by the hours of the week in it: what is left of a slice falls mostly on its weekdays. */
function weekMeasure(week: readonly number[]): (span: { from: number; to: number }) => number {
  const sums = runningSums(week.map((weight) => weight + LEAST_WEIGHT));
  const all = sums.at(-1) ?? 0;
  const until = (hour: number) => {
    const of = hourOfWeek(hour);
    return ((hour - of) / HOURS_PER_WEEK) * all + (sums[of] ?? 0);
  };
  return ({ from, to }) => until(to) - until(from);
}

/** A time without a time of day stands at midnight: its hour is the whole day. */
function toDayLevel([level = 0, bin = 0, count = 0]: readonly number[]): number[] {
  return level === 0 ? [1, Math.floor(bin / HOURS_PER_DAY), count] : [level, bin, count];
}

function isLongSpan({ from, to }: BinnedCount): boolean {
  return to - from >= 2 * HOURS_PER_DAY && from % HOURS_PER_DAY === 0 && to % HOURS_PER_DAY === 0;
}

function smoothAmong(bins: readonly BinnedCount[], index: number): BinnedCount[] {
  const bin = bins[index];
  if (bin === undefined) return [];
  return smoothBins(bins.slice(Math.max(0, index - 1), index + 2), HOURS_PER_DAY).filter(
    (piece) => piece.from >= bin.from && piece.to <= bin.to,
  );
}

function formatBin({ from, to, count }: BinnedCount): [string, string, number] {
  return [formatHour(from), formatHour(to), roundWeight(count)];
}

/** The days before the pack's end. */
function assumedBin({ provenance }: Pack): [string, string, number] {
  const to = hourOfDayText(provenance.window?.to ?? provenance.day);
  const days = Math.max(1, provenance.window?.days ?? ASSUMED_DAYS);
  return [formatHour(to - days * HOURS_PER_DAY), formatHour(to), 1];
}

/** The finest class that is needed for 95 % of the rows. */
function resolutionOf(marginal: Marginal | null): Resolution {
  if (marginal === null || marginal.total === 0) return 'microsecond';
  const counts = countsByBin(marginal, TIME_RESOLUTIONS.length);
  const known = counts.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  const needed = TIME_RESOLUTIONS.find((_, index) => {
    seen += counts[index] ?? 0;
    return known > 0 && seen >= RESOLUTION_SHARE * known;
  });
  return needed ?? 'microsecond';
}

interface WeekProfile {
  readonly weights?: number[];
  readonly reason: string;
}

/** The 168 weights where they are no accident; hours that were not released share `other`. */
function weekProfile(marginal: Marginal | null): WeekProfile | null {
  if (marginal === null || marginal.total === 0) return null;
  const counts = countsByBin(marginal, HOURS_PER_WEEK);
  const hidden = counts.filter((count) => count === 0).length;
  const weights = counts.map((count) => (hidden > 0 ? (count === 0 ? marginal.other / hidden : count) : count));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const even = new Array<number>(HOURS_PER_WEEK).fill(1 / HOURS_PER_WEEK);
  const variation = weights.reduce((sum, weight) => sum + Math.abs(weight / total - 1 / HOURS_PER_WEEK), 0) / 2;
  const floor = samplingFloor(even, marginal.total);
  const reason = `hour of week TV ${formatShare(variation)} from even (floor ${formatShare(floor)})`;
  return variation > PROFILE_FLOORS * floor ? { weights: weights.map(roundWeight), reason } : { reason };
}

function countsByBin(marginal: Marginal, size: number): number[] {
  const counts = new Array<number>(size).fill(0);
  for (const [, bin = -1, count = 0] of marginal.cells) if (bin >= 0 && bin < size) counts[bin] = count;
  return counts;
}
