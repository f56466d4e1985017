// Time at plan time: a calendar and a week's profile become whole counts over hours and whole days.
import type { CalendarSpec, DayScatter, HourOfWeekSpec } from '../../spec/spec.ts';
import { apportion, runningSums } from '../../stats/apportion.ts';
import { hourOfWeek } from '../../stats/binning.ts';
import type { StreamKey } from '../random/mixer.ts';
import type { CountedBin } from './histogram.ts';
import { scatterDays } from './scatter-days.ts';
import { stretchBins, type TimeSpan } from './time-span.ts';
import { parseHour, type Window } from './window.ts';

const HOURS_PER_DAY = 24;
const MS_PER_HOUR = 3_600_000;
/** Hours whose share of the day the row path reads, in 65536ths. */
const PROFILE_UNIT = 65536;
/** Scalings of the weekdays; what is left after a few is far below a row. */
const WEEK_ROUNDS = 6;
/** A weekday is scaled by so much at most, or by one over it: bins that no week fits would take all rows off a day. */
const MOST_SCALING = 1.5;

/** 168 weights, Monday 00:00 UTC first. */
export function weekWeights(spec: HourOfWeekSpec | undefined): number[] {
  if (spec === undefined) return Array.from({ length: 168 }, () => 1);
  if (Array.isArray(spec)) return [...spec];
  return Array.from({ length: 168 }, (_, index) => {
    const hour = index % HOURS_PER_DAY;
    const isPeak = spec.peakHours.some(([from, to]) => hour >= from && hour < to);
    const day = index < 5 * HOURS_PER_DAY ? spec.weekdayFactor : spec.weekendFactor;
    return day * (isPeak ? spec.peakFactor : 1);
  });
}

/** For each weekday (Monday first) 25 cumulative shares of 65536 over the hours of the day. */
export function dayProfiles(week: readonly number[]): number[][] {
  return Array.from({ length: 7 }, (_, day) =>
    runningSums(apportion(week.slice(day * HOURS_PER_DAY, (day + 1) * HOURS_PER_DAY), PROFILE_UNIT)),
  );
}

/** How the days of a calendar scatter, by the key of the column. */
interface KeyedScatter {
  readonly scatter: DayScatter;
  readonly key: StreamKey;
}

/** What is done to a calendar of bins. */
export interface CalendarChanges {
  readonly scatter?: KeyedScatter | null;
  readonly span?: TimeSpan | null;
  /**
   * The week's weights as they were counted in the calendar's rows, so that they say how many are on which weekday; null: weights say how
   * busy a weekday is.
   */
  readonly counted?: readonly number[] | null;
}

/** `total` rows over segments of one hour or one whole UTC day, ascending. A calendar that overlaps itself adds up. */
export function resolveCalendar(
  calendar: CalendarSpec,
  week: readonly number[],
  window: Window | null,
  swing: number,
  total: number,
  { counted = null, scatter = null, span = null }: CalendarChanges = {},
): CountedBin[] {
  const weights = new Map<number, { to: number; weight: number }>();
  const add = (from: number, to: number, weight: number) => {
    const known = weights.get(from);
    weights.set(from, { to, weight: (known?.weight ?? 0) + weight });
  };
  for (const { from, to, weight } of splitBins(calendar, week, { counted, window, swing, span })) add(from, to, weight);
  const even = [...weights].map(([from, part]) => ({ from, ...part })).sort((left, right) => left.from - right.from);
  const parts = scatter === null ? even : scatterDays(even, scatter.scatter, scatter.key);
  const counts = apportion(
    parts.map((part) => part.weight),
    total,
  );
  return parts
    .map((part, index) => ({ from: part.from, to: part.to, count: counts[index] ?? 0 }))
    .filter((part) => part.count > 0);
}

interface Layout {
  readonly counted: readonly number[] | null;
  readonly window: Window | null;
  readonly swing: number;
  readonly span: TimeSpan | null;
}

/**
 * The calendar's bins in hours and whole days. A bin keeps its weight, whatever weekdays it has, and so the weekdays would get other sums
 * than were counted: both are met by scaling in turn (Deming and Stephan 1940), as far as they can be.
 */
function splitBins(calendar: CalendarSpec, week: readonly number[], { counted, span, swing, window }: Layout): Part[] {
  const bins = calendarBins(calendar, window, span);
  const split = (weights: readonly number[]) =>
    bins.flatMap(([from, to, weight]) => splitSpan(from, to, weights, weight * seasonFactor(from, to, swing)));
  if (counted === null || calendar.kind !== 'bins') return split(week);
  const wanted = daySums(counted.map((weight, hour) => ({ hour, weight })));
  let scaled: readonly number[] = week;
  let parts = split(week);
  let has = daySumsOf(parts);
  for (let round = 0; round < WEEK_ROUNDS; round += 1) {
    const next = scaleDays(scaled, week, has, wanted);
    const nextParts = split(next);
    const nextHas = daySumsOf(nextParts);
    if (!(distance(nextHas, wanted) < distance(has, wanted))) break;
    [scaled, parts, has] = [next, nextParts, nextHas];
  }
  return parts;
}

/** The weights with each weekday's times what it lacks, within the limit around those of `week`. */
function scaleDays(
  weights: readonly number[],
  week: readonly number[],
  has: readonly number[],
  wanted: readonly number[],
): number[] {
  return weights.map((weight, hour) => {
    const day = Math.floor(hour / HOURS_PER_DAY);
    const share = has[day] ?? 0;
    const own = week[hour] ?? 0;
    if (!(share > 0)) return weight;
    return Math.min(own * MOST_SCALING, Math.max(own / MOST_SCALING, (weight * (wanted[day] ?? 0)) / share));
  });
}

function daySumsOf(parts: readonly Part[]): number[] {
  return daySums(parts.map(({ from, weight }) => ({ hour: hourOfWeek(from), weight })));
}

function distance(has: readonly number[], wanted: readonly number[]): number {
  return has.reduce((sum, share, day) => sum + Math.abs(share - (wanted[day] ?? 0)), 0);
}

/** The share of each weekday, Monday first. */
function daySums(parts: readonly { readonly hour: number; readonly weight: number }[]): number[] {
  const sums = new Array<number>(7).fill(0);
  for (const { hour, weight } of parts) {
    const day = Math.floor(hour / HOURS_PER_DAY);
    sums[day] = (sums[day] ?? 0) + weight;
  }
  const total = sums.reduce((sum, each) => sum + each, 0);
  return sums.map((sum) => (total > 0 ? sum / total : 0));
}

function calendarBins(
  calendar: CalendarSpec,
  window: Window | null,
  span: TimeSpan | null,
): (readonly [number, number, number])[] {
  if (calendar.kind === 'bins') {
    const bins = calendar.bins.map(([from, to, weight]) => [parseHour(from), parseHour(to), weight] as const);
    return span === null ? bins : stretchBins(bins, span);
  }
  if (window === null) return [];
  const fromHour = calendar.daysBefore === undefined ? window.fromHour : window.fromHour - calendar.daysBefore * HOURS_PER_DAY;
  const toHour = calendar.daysBefore === undefined ? window.toHour : window.fromHour;
  const days = Math.ceil((toHour - fromHour) / HOURS_PER_DAY);
  return Array.from({ length: days }, (_, day) => {
    const from = fromHour + day * HOURS_PER_DAY;
    // A day weighs what its weekday weighs; splitSpan shares only inside the span.
    return [from, from + HOURS_PER_DAY, -1] as const;
  });
}

/** Cosine over the year with its peak in mid-January: 1 +- swing. */
function seasonFactor(from: number, to: number, swing: number): number {
  if (swing === 0) return 1;
  const middle = new Date(((from + to) / 2) * MS_PER_HOUR);
  const start = Date.UTC(middle.getUTCFullYear(), 0, 1);
  const share = (middle.getTime() - start) / (365.25 * HOURS_PER_DAY * MS_PER_HOUR);
  return 1 + swing * Math.cos(2 * Math.PI * (share - 14 / 365.25));
}

interface Part {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/** A span as whole days where it covers them, else hours; its weight shared by the week's weights. Negative: times the week's weight. */
function splitSpan(from: number, to: number, week: readonly number[], weight: number): Part[] {
  const parts: Part[] = [];
  let hour = from;
  while (hour < to) {
    const isWholeDay = modulo(hour, HOURS_PER_DAY) === 0 && hour + HOURS_PER_DAY <= to;
    const end = hour + (isWholeDay ? HOURS_PER_DAY : 1);
    parts.push({ from: hour, to: end, weight: weekWeightBetween(week, hour, end) });
    hour = end;
  }
  const sum = parts.reduce((total, part) => total + part.weight, 0);
  if (weight < 0) return parts.map((part) => ({ ...part, weight: part.weight * -weight }));
  return parts.map((part) => ({
    ...part,
    weight: sum > 0 ? (weight * part.weight) / sum : (weight * (part.to - part.from)) / (to - from),
  }));
}

function weekWeightBetween(week: readonly number[], from: number, to: number): number {
  let sum = 0;
  for (let hour = from; hour < to; hour += 1) sum += week[hourOfWeek(hour)] ?? 0;
  return sum;
}

function modulo(value: number, size: number): number {
  return ((value % size) + size) % size;
}
