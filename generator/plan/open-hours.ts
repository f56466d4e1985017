// Hours that a calendar counts by themselves, as those of an import are: the week's counts hold them too, but they belong to one day.
// Left in the week, the hour of every other week would get its share of what happened once.
import type { CalendarSpec } from '../../spec/spec.ts';
import { hourOfWeek } from '../../stats/binning.ts';
import { parseHour } from './window.ts';

/** This share of an hour's usual rows is left at least: folded counts may say more of one hour than there is. */
const LEAST_LEFT = 0.05;

/** The week's counts without those of the calendar's bins of one hour. `week`: 168 counts of the calendar's rows, Monday 00:00 UTC first. */
export function weekOfOpenHours(calendar: CalendarSpec, week: readonly number[]): number[] {
  if (calendar.kind !== 'bins') return [...week];
  const total = calendar.bins.reduce((sum, [, , weight]) => sum + weight, 0);
  const scale = total > 0 ? week.reduce((sum, each) => sum + each, 0) / total : 0;
  const left = [...week];
  for (const [from, to, weight] of calendar.bins) {
    const start = parseHour(from);
    if (parseHour(to) - start !== 1) continue;
    const hour = hourOfWeek(start);
    left[hour] = (left[hour] ?? 0) - weight * scale;
  }
  const mean = week.reduce((sum, each) => sum + each, 0) / week.length;
  return left.map((each, hour) => Math.max(each, LEAST_LEFT * Math.min(mean, week[hour] ?? 0)));
}
