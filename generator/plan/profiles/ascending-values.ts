// What the row path makes of a histogram, read the other way round: how many ranks have a value below a given one. Values ascend with
// their ranks, so a cut between values is a cut between ranks; inside a bin it falls in proportion.
import type { PlanBuilder, PlanHistogram } from '../../../spec/plan.ts';

const HOURS_PER_DAY = 24;
const US_PER_HOUR = 3_600_000_000;
const PROFILE_UNIT = 65_536;
/** Hours from 1970-01-01 (a Thursday) to the Monday before. */
const MONDAY_SHIFT_DAYS = 3;

/** Ranks of values that are below the value. The rank in whose place the cut falls may be on either side. */
export type RanksBelow = (value: number) => number;

/** Of a histogram of whole values, spread evenly over each bin; unique ones ascend strictly (HistogramLookup.strictPlaceIn). */
export function ranksOfHistogram(histogram: PlanHistogram, isUnique: boolean): RanksBelow {
  return ranksBy(histogram, (bin, value, count) => {
    const ranks = ((Math.ceil(value) - (histogram.from[bin] ?? 0)) * count) / (histogram.width[bin] ?? 1);
    return isUnique ? Math.ceil(ranks) : Math.round(ranks);
  });
}

/** Of times, by hours since 1970 (generator/columns/times.ts). */
export function ranksOfTimes(builder: PlanBuilder & { kind: 'time' }): RanksBelow {
  const { histogram, isUnique, profile, unitUs } = builder;
  const isDays = unitUs === HOURS_PER_DAY * US_PER_HOUR;
  const below = ranksBy(histogram, (bin, hour, count) => {
    const from = histogram.from[bin] ?? 0;
    const width = histogram.width[bin] ?? 1;
    if (isUnique)
      return Math.ceil((Math.ceil(((hour - from) * US_PER_HOUR) / unitUs) * count) / Math.floor((width * US_PER_HOUR) / unitUs));
    const shares = profile[weekdayOf(from)];
    return Math.round((count * (shares?.[hour - from] ?? 0)) / PROFILE_UNIT);
  });
  // A whole day is the midnight that it begins with.
  return isDays ? (hour) => below(Math.ceil(hour / HOURS_PER_DAY) * HOURS_PER_DAY) : below;
}

/** Monday 0 to Sunday 6. */
function weekdayOf(hour: number): number {
  const day = (Math.floor(hour / HOURS_PER_DAY) + MONDAY_SHIFT_DAYS) % 7;
  return day < 0 ? day + 7 : day;
}

type InBin = (bin: number, value: number, count: number) => number;

/** The bin by binary search; `inBin` is asked for values strictly inside of a bin only. */
function ranksBy({ from, width, cumulative }: PlanHistogram, inBin: InBin): RanksBelow {
  return (value) => {
    let low = 0;
    let high = from.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((from[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    const bin = low - 1;
    if (bin < 0) return 0;
    const [first, end] = [cumulative[bin] ?? 0, cumulative[bin + 1] ?? 0];
    if (value >= (from[bin] ?? 0) + (width[bin] ?? 1)) return end;
    return Math.min(end, first + inBin(bin, value, end - first));
  };
}
