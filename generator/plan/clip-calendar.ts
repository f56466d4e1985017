// A calendar under a CHECK: the hours that are wholly allowed keep their share, the rest is given to them.
import { hourOfWeek } from '../../stats/binning.ts';
import { shareRows } from './clip-numbers.ts';
import type { CountedBin } from './histogram.ts';
import { intersect } from './intervals.ts';
import type { Interval, Restriction } from './restriction.ts';

const US_PER_HOUR = 3_600_000_000;
const US_PER_DAY = 24 * US_PER_HOUR;
/** Hours from 1970 to 2000. */
const HOURS_TO_2000 = 262_968;

/**
 * Segments (hours since 1970, of one hour or a whole day) inside the restriction, with the same sum of counts. Times are cut down to
 * `unitUs`, so with whole days only whole days are allowed.
 */
export function clipCalendar(
  bins: readonly CountedBin[],
  week: readonly number[],
  restriction: Restriction,
  baseType: string,
  unitUs: number,
): CountedBin[] {
  if (restriction.intervals === null || bins.length === 0) return [...bins];
  const allowed = allowedHours(restriction.intervals, baseType, unitUs);
  const parts = bins.flatMap((bin) => clipSegment(bin, allowed, week));
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  const isLost = parts.every((part) => part.weight === 0);
  return shareRows(isLost ? nearestDay(bins, allowed) : parts, total);
}

function allowedHours(intervals: readonly Interval[], baseType: string, unitUs: number): Interval[] {
  const hour = (value: number, round: (hours: number) => number) => {
    const hours = baseType === 'date' ? value * 24 : value / US_PER_HOUR;
    const step = unitUs >= US_PER_DAY ? 24 : 1;
    return round(hours / step) * step + HOURS_TO_2000;
  };
  return intervals
    .map(({ from, to }) => ({ from: hour(from, Math.ceil), to: hour(to, Math.floor) }))
    .filter(({ from, to }) => from < to);
}

function clipSegment(bin: CountedBin, allowed: readonly Interval[], week: readonly number[]): (Interval & { weight: number })[] {
  const inside = intersect([bin], allowed);
  if (inside.length === 1 && inside[0]?.from === bin.from && inside[0].to === bin.to)
    return [{ from: bin.from, to: bin.to, weight: bin.count }];
  const weightOf = (hour: number) => week[hourOfWeek(hour)] ?? 0;
  const whole = hoursOf(bin).reduce((sum, hour) => sum + weightOf(hour), 0);
  return inside
    .flatMap(hoursOf)
    .map((hour) => ({ from: hour, to: hour + 1, weight: whole > 0 ? (bin.count * weightOf(hour)) / whole : 0 }));
}

function hoursOf({ from, to }: Interval): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

/** Nothing of the calendar is allowed: the allowed day that is nearest to it, hour by hour. */
function nearestDay(bins: readonly CountedBin[], allowed: readonly Interval[]): (Interval & { weight: number })[] {
  const [first, last] = [bins[0]?.from ?? 0, bins.at(-1)?.to ?? 0];
  const days = allowed.map(({ from, to }) =>
    from >= last ? { from, to: Math.min(to, from + 24) } : { from: Math.max(from, to - 24), to },
  );
  const distance = (day: Interval) => Math.max(day.from - last, first - day.to, 0);
  const [day] = [...days].sort((left, right) => distance(left) - distance(right));
  return day === undefined ? [] : hoursOf(day).map((hour) => ({ from: hour, to: hour + 1, weight: 1 }));
}
