import { dayProfiles, resolveCalendar } from '../../../../generator/plan/calendar.ts';
import { planHistogram } from '../../../../generator/plan/histogram.ts';
import { weekOfOpenHours } from '../../../../generator/plan/open-hours.ts';
import { hoursOfTheRest } from '../../../../generator/plan/profiles/own-hours.ts';
import type { PlanBuilder } from '../../../../spec/plan.ts';
import { upTo } from '../../profiles/made-profiles.ts';

const SECOND = 1_000_000;
const from = 394_464; // 2015-01-01
const histogram = {
  from: upTo(28).map((day) => from + day * 24),
  width: upTo(28).map(() => 24),
  cumulative: upTo(29).map((day) => day * 1000),
};

function time(week: readonly number[]): PlanBuilder & { kind: 'time' } {
  return { kind: 'time', histogram, profile: dayProfiles(week), unitUs: 1, key: [1, 2], isUnique: false, epoch: null };
}

const weekOf = (ofDay: (hour: number) => number) => upTo(168).map((hour) => ofDay(hour % 24));
const sharesOf = (profile: readonly (readonly number[])[]) =>
  upTo(24).map((hour) => ((profile[0]?.[hour + 1] ?? 0) - (profile[0]?.[hour] ?? 0)) / 65_536);

test('rows that keep their times make up for those that follow parents at other hours', () => {
  // Wanted: afternoons twice as busy as mornings. A third follows parents of all hours at once.
  const own = time(weekOf((hour) => (hour < 12 ? 1 : 2)));
  const parent = time(weekOf(() => 1));
  const lag = { from: [0], to: [2 * SECOND], busy: own.profile };

  const rest = sharesOf(hoursOfTheRest({ own, parent, lag, shares: [1 / 3] }));
  const together = rest.map((share) => (2 / 3) * share + 1 / 3 / 24);

  for (const [hour, share] of together.entries()) expect(share).toBeCloseTo((hour < 12 ? 1 : 2) / 36, 3);
});

test('no hour of the rest is empty, however many follow', () => {
  const own = time(weekOf((hour) => (hour === 5 ? 1 : 10)));
  const parent = time(weekOf((hour) => (hour === 5 ? 100 : 1)));
  const lag = { from: [0], to: [2 * SECOND], busy: own.profile };

  const rest = sharesOf(hoursOfTheRest({ own, parent, lag, shares: [0.9] }));

  expect(rest.every((share) => share > 0)).toBe(true);
});

describe('hours that a calendar counts by themselves', () => {
  const week = upTo(168).map((hour) => (hour === 3 ? 5100 : 100));
  const calendar = {
    kind: 'bins' as const,
    bins: [
      ['2015-01-05', '2015-01-05T03', 30],
      ['2015-01-05T03', '2015-01-05T04', 5010],
      ['2015-01-05T04', '2015-01-26', 16_760],
    ] as [string, string, number][],
  };

  test('are no part of other weeks, and all hours together are as counted', () => {
    const open = weekOfOpenHours(calendar, week);

    expect(open[3]).toBeCloseTo(90, -1);
    expect(open.filter((_, hour) => hour !== 3)).toEqual(week.filter((_, hour) => hour !== 3));
    const found = resolveCalendar(calendar, open, null, 0, 218_000, { counted: week });
    const { from: starts, cumulative } = planHistogram(found);
    const at = starts.indexOf(Date.UTC(2015, 0, 5, 3) / 3_600_000);
    expect((cumulative[at + 1] ?? 0) - (cumulative[at] ?? 0)).toBe(50_100);
    const monday = found.filter(({ from: start, to }) => to - start === 24 && start === Date.UTC(2015, 0, 12) / 3_600_000);
    // A Monday without the hour of the import; the week's count of it would make it three times as large.
    expect(monday[0]?.count).toBeLessThan(13_000);
  });

  test('leave a twentieth of a usual hour at least', () => {
    const more = {
      ...calendar,
      bins: [
        ['2015-01-05T03', '2015-01-05T04', 100],
        ['2015-01-06', '2015-01-07', 1],
      ] as [string, string, number][],
    };

    expect(weekOfOpenHours(more, week)[3]).toBeCloseTo(21_800 / 168 / 20, 5);
  });
});
