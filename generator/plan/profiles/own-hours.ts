// The hours of the day of rows that keep their own times, where others follow their parents' times: those fall into the day as the parents
// and the lags have it, so the rest makes up for it, and all rows together have the hours that were counted.
import type { PlanAfter, PlanBuilder } from '../../../spec/plan.ts';
import { hourOfWeek } from '../../../stats/binning.ts';
import { BusyHours } from '../../columns/busy-hours.ts';
import { startOfHour } from '../../columns/epochs.ts';
import { dayProfiles } from '../calendar.ts';

type Lags = Pick<NonNullable<PlanAfter['lag']>, 'from' | 'to' | 'busy'>;
type TimeBuilder = PlanBuilder & { kind: 'time' };

const HOURS_PER_WEEK = 168;
const HOURS_PER_DAY = 24;
/** Any Monday, 00:00 UTC, in hours since 1970. */
const MONDAY = 96;
/** Draws for each hour of a parent and each class of lags. */
const DRAWS = 8;
/** Of an hour's rows, the rest has this share at least: the estimate is of all parents, not of those with children. */
const LEAST_REST = 0.1;

export interface FollowingRows {
  /** Of the column, as if all rows had their own times. */
  readonly own: TimeBuilder;
  readonly parent: TimeBuilder;
  readonly lag: Lags;
  /** Share of the column's rows in each class of lags. */
  readonly shares: readonly number[];
}

/** For each weekday, Monday first, 25 cumulative shares of 65536: the builder's own but for what the following rows bring. */
export function hoursOfTheRest({ lag, own, parent, shares }: FollowingRows): number[][] {
  const all = weekOf(own);
  const following = weekOfLags(new BusyHours(lag.busy, own.histogram), weekOf(parent).both, lag, shares);
  const rest = 1 - shares.reduce((sum, each) => sum + each, 0);
  // Hours that the calendar counts by themselves are as they are; days are shared by the profile.
  const open = all.both.map((share, hour) =>
    Math.max(LEAST_REST * rest * (all.days[hour] ?? 0), share - (following[hour] ?? 0) - rest * (share - (all.days[hour] ?? 0))),
  );
  return dayProfiles(open);
}

/** Shares of the rows by hour of the week: of the bins of whole days, and of those and of single hours. */
function weekOf({ histogram, profile }: TimeBuilder): { readonly days: number[]; readonly both: number[] } {
  const days = new Array<number>(HOURS_PER_WEEK).fill(0);
  const both = new Array<number>(HOURS_PER_WEEK).fill(0);
  const total = histogram.cumulative.at(-1) ?? 0;
  for (const [bin, from] of histogram.from.entries()) {
    const share = ((histogram.cumulative[bin + 1] ?? 0) - (histogram.cumulative[bin] ?? 0)) / Math.max(1, total);
    const first = hourOfWeek(from);
    if (histogram.width[bin] === 1) {
      both[first] = (both[first] ?? 0) + share;
      continue;
    }
    const shares = profile[first / HOURS_PER_DAY] ?? [];
    for (let hour = 0; hour < HOURS_PER_DAY; hour += 1) {
      const part = (share * ((shares[hour + 1] ?? 0) - (shares[hour] ?? 0))) / (shares[HOURS_PER_DAY] ?? 1);
      days[first + hour] = (days[first + hour] ?? 0) + part;
      both[first + hour] = (both[first + hour] ?? 0) + part;
    }
  }
  return { days, both };
}

function weekOfLags(busy: BusyHours, parents: readonly number[], { from, to }: Lags, shares: readonly number[]): number[] {
  const week = new Array<number>(HOURS_PER_WEEK).fill(0);
  const zero = startOfHour(MONDAY);
  const hourUs = startOfHour(MONDAY + 1) - zero;
  for (const [part, share] of shares.entries()) {
    if (share === 0) continue;
    const first = from[part] ?? 0;
    const width = (to[part] ?? 0) - first;
    for (const [hour, weight] of parents.entries()) {
      for (let draw = 0; draw < DRAWS; draw += 1) {
        const within = (draw + 0.5) / DRAWS;
        // Draws of the lag in another order than those of the parent's minute.
        const time = busy.timeIn(zero + (hour + within) * hourUs + first, width, (within * 3) % 1);
        const at = hourOfWeek(Math.floor((time - zero) / hourUs) + MONDAY);
        week[at] = (week[at] ?? 0) + (share * weight) / DRAWS;
      }
    }
  }
  return week;
}
