import { BusyHours } from '../../../generator/columns/busy-hours.ts';
import { startOfHour } from '../../../generator/columns/epochs.ts';
import { dayProfiles } from '../../../generator/plan/calendar.ts';
import { hourOfWeek } from '../../../stats/binning.ts';
import { drawFrom, upTo } from '../profiles/made-profiles.ts';

const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;
/** 1999-12-27, a Monday, in hours since 1970: weeks before and after 2000. */
const MONDAY = 262_848;
/** Mornings are twice as busy as evenings, nights are not, Sundays have a tenth. */
const week = upTo(168).map((hour) => {
  const ofDay = hour % 24;
  const busy = ofDay < 6 ? 0 : ofDay < 12 ? 20 : 10;
  return hour >= 144 ? busy / 10 : busy;
});
const rowsOfDay = upTo(7).map((day) => week.slice(day * 24, day * 24 + 24).reduce((sum, each) => sum + each, 0));
const histogram = {
  from: upTo(14).map((day) => MONDAY + day * 24),
  width: upTo(14).map(() => 24),
  cumulative: upTo(15).map((day) => upTo(day).reduce((sum, each) => sum + (rowsOfDay[each % 7] ?? 0), 0)),
};
const busy = new BusyHours(dayProfiles(week), histogram);

const hourAt = (us: number) => hourOfWeek(Math.floor((us - startOfHour(0)) / HOUR));

test('draws over a week are as busy as its hours', () => {
  const draws = 50_000;
  const found = new Array<number>(168).fill(0);
  for (let at = 0; at < draws; at += 1) {
    const hour = hourAt(busy.timeIn(startOfHour(MONDAY) + 5 * HOUR, 7 * DAY, (at + 0.5) / draws));
    found[hour] = (found[hour] ?? 0) + 1;
  }
  const total = week.reduce((sum, each) => sum + each, 0);
  const distance = found.reduce((sum, each, hour) => sum + Math.abs(each / draws - (week[hour] ?? 0) / total), 0) / 2;
  expect(distance).toBeLessThan(0.002);
});

test('draws stay inside of any span, in the order of their fractions, and where no hour is busy they are even', () => {
  const draw = drawFrom(7);
  for (let run = 0; run < 2000; run += 1) {
    const from = startOfHour(MONDAY) + draw(20 * 86_400) * 1_000_000 - 3 * DAY;
    const width = 1 + draw(3 * 86_400) * 1_000_000;
    const times = [0, 0.25, 0.5, 0.999999].map((fraction) => busy.timeIn(from, width, fraction));
    expect(times.every((time) => Number.isInteger(time) && time >= from && time < from + width)).toBe(true);
    expect([...times].sort((left, right) => left - right)).toEqual(times);
  }
  const night = startOfHour(MONDAY) + HOUR;
  expect(busy.timeIn(night, 2 * HOUR, 0.5)).toBe(night + HOUR);
});
