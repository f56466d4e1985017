// Draws of a time inside a span, by the hours at which the column is busy: what has to follow another time falls into the day as the
// column's own times do, as far as the span allows it.
import type { PlanHistogram } from '../../spec/plan.ts';
import { runningSums } from '../../stats/apportion.ts';
import { hourOfWeek } from '../../stats/binning.ts';
import { US_PER_DAY } from './epochs.ts';
import { HourProfile, PROFILE_UNIT } from './hour-profile.ts';

const US_PER_HOUR = 3_600_000_000;
/** 2000-01-01 was a Saturday; weeks begin with Monday. */
const FIRST_WEEKDAY = 5;

/** A weekday (Monday first) without any rows counts for this share of the mean one: a span may lie in it. */
const LEAST_DAY = 0.001;
const DAYS = 7;

/** Times by how busy the hours of the week are. */
export class BusyHours {
  private readonly profiles: readonly (readonly number[])[];
  private readonly lookups: readonly HourProfile[];
  /** Busy time of each weekday, PROFILE_UNIT on the average, and of the weekdays before it. */
  private readonly lengths: readonly number[];
  private readonly starts: readonly number[];

  /** Of a column's builder: cumulative shares of PROFILE_UNIT for each weekday, Monday first, and rows by hours since 1970. */
  constructor(profiles: readonly (readonly number[])[], histogram: PlanHistogram) {
    this.profiles = profiles;
    this.lookups = profiles.map((profile) => new HourProfile(profile));
    this.lengths = lengthsOf(histogram);
    this.starts = runningSums(this.lengths);
  }

  /** A time in [from, from + width), microseconds since 2000; `fraction` (0 to below 1) chooses. Evenly where no hour of it is busy. */
  timeIn(from: number, width: number, fraction: number): number {
    const start = this.placeOf(from);
    const span = this.placeOf(from + width) - start;
    if (!(span > 0)) return from + Math.floor(fraction * width);
    const time = this.timeAt(start + fraction * span);
    // Rounding may lead to just outside.
    return Math.min(from + width - 1, Math.max(from, time));
  }

  /** Busy time since the Monday before 2000. */
  private placeOf(time: number): number {
    const day = Math.floor(time / US_PER_DAY) + FIRST_WEEKDAY;
    const inDay = time - (day - FIRST_WEEKDAY) * US_PER_DAY;
    const hour = Math.floor(inDay / US_PER_HOUR);
    const week = Math.floor(day / DAYS);
    const weekday = day - week * DAYS;
    const profile = this.profiles[weekday] as readonly number[];
    const begun = profile[hour] as number;
    const share = begun + ((profile[hour + 1] as number) - begun) * ((inDay - hour * US_PER_HOUR) / US_PER_HOUR);
    return (
      week * this.weekLength() + (this.starts[weekday] as number) + ((this.lengths[weekday] as number) * share) / PROFILE_UNIT
    );
  }

  private timeAt(place: number): number {
    const week = Math.floor(place / this.weekLength());
    const inWeek = place - week * this.weekLength();
    let weekday = 0;
    while (weekday < DAYS - 1 && (this.starts[weekday + 1] as number) <= inWeek) weekday += 1;
    const inDay = (inWeek - (this.starts[weekday] as number)) / (this.lengths[weekday] as number);
    const share = Math.min(PROFILE_UNIT - 1, inDay * PROFILE_UNIT);
    const lookup = this.lookups[weekday] as HourProfile;
    const hour = lookup.hourOf(share);
    const day = week * DAYS + weekday - FIRST_WEEKDAY;
    return Math.floor(day * US_PER_DAY + (hour + lookup.placeIn(hour, share)) * US_PER_HOUR);
  }

  private weekLength(): number {
    return this.starts[DAYS] as number;
  }
}

/** By weekday, from the rows that the column's calendar has on it. */
function lengthsOf({ cumulative, from }: PlanHistogram): number[] {
  const rows = new Array<number>(DAYS).fill(0);
  for (const [bin, hour] of from.entries()) {
    const weekday = Math.floor(hourOfWeek(hour) / 24);
    rows[weekday] = (rows[weekday] as number) + (cumulative[bin + 1] ?? 0) - (cumulative[bin] ?? 0);
  }
  const mean = rows.reduce((sum, each) => sum + each, 0) / DAYS;
  return rows.map((each) => (mean > 0 ? Math.max(LEAST_DAY, each / mean) * PROFILE_UNIT : PROFILE_UNIT));
}
