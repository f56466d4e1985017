// Keeps the values of a finished builder inside a restriction: counts of bins outside go to the bins inside, in their proportions.
// What cannot be moved (keys in sequence, unique texts) is only checked.
import type { PlanBuilder, PlanHistogram } from '../../spec/plan.ts';
import { apportion, runningSums } from '../../stats/apportion.ts';
import { type CountedBin, planHistogram } from './histogram.ts';
import type { Interval, Restriction } from './restriction.ts';
import { withoutRepeats } from './without-repeats.ts';

export interface ClipRequest {
  readonly builder: PlanBuilder;
  readonly restriction: Restriction;
  readonly baseType: string;
  readonly decimals: number;
  readonly rows: number;
}

/** The builder inside the restriction, or what is wrong with it, in words that follow a column's path. */
export function clipBuilder(request: ClipRequest): PlanBuilder | string {
  const { builder, restriction } = request;
  if (request.rows === 0) return builder;
  switch (builder.kind) {
    case 'number':
      return restriction.intervals === null ? builder : clipNumber(builder, scaled(restriction.intervals, request.decimals));
    case 'time':
      return restriction.intervals === null ? builder : clipTime(builder, restriction.intervals, request.baseType);
    case 'sequence':
      return restriction.intervals === null || isInside(builder, request.rows, restriction.intervals)
        ? builder
        : `${request.rows} keys from ${builder.start} on do not all have a partition: add partitions, a DEFAULT one, or lower the rows`;
    case 'labels':
      return restriction.labels === null ? builder : clipLabels(builder, restriction.labels);
    case 'degreeClass':
      return restriction.labels === null || builder.labels.every((label) => restriction.labels?.includes(label))
        ? builder
        : NO_PLACE;
    case 'constant':
      return restriction.labels === null || builder.text === null || restriction.labels.includes(builder.text)
        ? builder
        : NO_PLACE;
    case 'text':
    case 'template':
    case 'uuid':
    case 'id':
    case 'bytes':
      return restriction.labels === null
        ? builder
        : `kind ${builder.kind} makes values that no partition takes: make it a category of the partitions' values, or add a DEFAULT partition`;
    default:
      // Values of a parent, of a domain of pairs, a time after a parent's: known only by row.
      return builder;
  }
}

const NO_PLACE = 'has values that no partition takes: add partitions or a DEFAULT one, or change the values';

/** Intervals in whole units of 10^-decimals. A product a hair beside a whole number is that number. */
function scaled(intervals: readonly Interval[], decimals: number): Interval[] {
  const scale = 10 ** decimals;
  const whole = (value: number) => {
    const product = value * scale;
    const nearest = Math.round(product);
    return Math.abs(product - nearest) <= 1e-9 * Math.max(1, Math.abs(product)) ? nearest : Math.ceil(product);
  };
  return intervals.map(({ from, to }) => ({ from: whole(from), to: whole(to) }));
}

function clipNumber(builder: PlanBuilder & { kind: 'number' }, intervals: readonly Interval[]): PlanBuilder | string {
  const bins = clipBins(binsOf(builder.histogram), intervals);
  if (bins === null) return NO_PLACE;
  if (builder.isUnique && bins.some((bin) => bin.count > bin.to - bin.from))
    return 'has more different values than its partitions take: add partitions or lower the rows';
  return withBins(builder, bins);
}

/** The builder itself where nothing was cut off. */
function withBins<Builder extends PlanBuilder & { kind: 'number' | 'time' }>(builder: Builder, bins: readonly CountedBin[]) {
  const histogram = planHistogram(bins);
  if (JSON.stringify(histogram) === JSON.stringify(builder.histogram)) return builder;
  return { ...withoutRepeats(builder), histogram } as Builder;
}

function binsOf(histogram: PlanHistogram): CountedBin[] {
  return histogram.from.map((from, bin) => ({
    from,
    to: from + (histogram.width[bin] ?? 1),
    count: (histogram.cumulative[bin + 1] ?? 0) - (histogram.cumulative[bin] ?? 0),
  }));
}

/** The bins' parts inside the intervals, with the same sum of counts; null when nothing is inside. */
function clipBins(bins: readonly CountedBin[], intervals: readonly Interval[]): CountedBin[] | null {
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  const parts = bins.flatMap((bin) =>
    intervals.flatMap((interval) => {
      const from = Math.max(bin.from, interval.from);
      const to = Math.min(bin.to, interval.to);
      return from < to ? [{ from, to, weight: (bin.count * (to - from)) / (bin.to - bin.from) }] : [];
    }),
  );
  return total === 0 ? [] : shareOut(parts, total);
}

interface Part {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

function shareOut(parts: readonly Part[], total: number): CountedBin[] | null {
  if (!parts.some((part) => part.weight > 0)) return null;
  const counts = apportion(
    parts.map((part) => part.weight),
    total,
  );
  return parts.map(({ from, to }, index) => ({ from, to, count: counts[index] ?? 0 })).filter((bin) => bin.count > 0);
}

const US_PER_HOUR = 3_600_000_000;
/** Hours from 1970 to 2000. */
const POSTGRES_EPOCH_HOUR = 262_968;

/** A calendar's segments are hours and whole days, so intervals count by the full hours in them. */
function clipTime(
  builder: PlanBuilder & { kind: 'time' },
  intervals: readonly Interval[],
  baseType: string,
): PlanBuilder | string {
  const hours = intervals.map(({ from, to }) => ({
    from: Math.ceil(hourOf(from, builder.epoch, baseType)),
    to: Math.floor(hourOf(to, builder.epoch, baseType)),
  }));
  const bins = binsOf(builder.histogram);
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  if (total === 0) return builder;
  const parts = bins.flatMap((bin) => {
    const isInsideOne = hours.some((interval) => interval.from <= bin.from && bin.to <= interval.to);
    return isInsideOne ? [{ from: bin.from, to: bin.to, weight: bin.count }] : hoursInside(bin, hours, builder.profile);
  });
  const clipped = shareOut(parts, total);
  return clipped === null ? NO_PLACE : withBins(builder, clipped);
}

function hourOf(value: number, epoch: 'seconds' | 'milliseconds' | null, baseType: string): number {
  if (epoch === 'seconds') return value / 3600;
  if (epoch === 'milliseconds') return value / 3_600_000;
  return (baseType === 'date' ? value * 24 : value / US_PER_HOUR) + POSTGRES_EPOCH_HOUR;
}

/** A day that is only partly inside falls apart into its hours, each with its share of the day. */
function hoursInside(bin: CountedBin, intervals: readonly Interval[], profile: readonly (readonly number[])[]): Part[] {
  const day = (((Math.floor(bin.from / 24) + 3) % 7) + 7) % 7;
  const shares = bin.to - bin.from === 24 ? (profile[day] ?? []) : [0, 65536];
  return Array.from({ length: bin.to - bin.from }, (_, hour) => ({
    from: bin.from + hour,
    to: bin.from + hour + 1,
    weight: (bin.count * ((shares[hour + 1] ?? 0) - (shares[hour] ?? 0))) / 65536,
  })).filter((part) => intervals.some((interval) => interval.from <= part.from && part.to <= interval.to));
}

/** Whether every key of the sequence lies in some interval. */
function isInside(builder: PlanBuilder & { kind: 'sequence' }, rows: number, intervals: readonly Interval[]): boolean {
  const last = builder.start + builder.step * (rows - 1);
  const low = Math.min(builder.start, last);
  const high = Math.max(builder.start, last);
  return intervals.some((interval) => interval.from <= low && high < interval.to) || areAllInside(builder, rows, intervals);
}

/** With gaps between the intervals every key counts; beyond this many keys the gaps are taken to be hit. */
const MAX_CHECKED_KEYS = 100_000;

function areAllInside(builder: PlanBuilder & { kind: 'sequence' }, rows: number, intervals: readonly Interval[]): boolean {
  if (rows > MAX_CHECKED_KEYS) return false;
  for (let row = 0; row < rows; row += 1) {
    const value = builder.start + builder.step * row;
    if (!intervals.some((interval) => interval.from <= value && value < interval.to)) return false;
  }
  return true;
}

function clipLabels(builder: PlanBuilder & { kind: 'labels' }, allowed: readonly string[]): PlanBuilder | string {
  const total = builder.cumulative.at(-1) ?? 0;
  if (total === 0) return builder;
  const kept = builder.labels
    .map((label, index) => ({ label, count: (builder.cumulative[index + 1] ?? 0) - (builder.cumulative[index] ?? 0) }))
    .filter(({ label }) => allowed.includes(label));
  if (!kept.some(({ count }) => count > 0)) return NO_PLACE;
  const counts = apportion(
    kept.map(({ count }) => count),
    total,
  );
  // The closing count is that of other texts, none of which is a partition's.
  return { ...builder, labels: kept.map(({ label }) => label), cumulative: runningSums([...counts, 0]), other: null };
}
