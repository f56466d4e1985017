import { resolveCalendar } from '../../generator/plan/calendar.ts';
import { resolveTimeSpan, stretchBins } from '../../generator/plan/time-span.ts';
import type { Spec } from '../../spec/spec.ts';
import { fitDispersion } from '../../stats/day-scatter.ts';

const EVEN = new Array<number>(168).fill(1);
const YEAR = { kind: 'bins' as const, bins: [['2020-01-01', '2021-01-01', 3660]] as [string, string, number][] };

describe('days that were folded', () => {
  test('scatter as the spec says, keep their total and stay as they are for the same key', () => {
    const scatter = { scatter: { dispersion: 0.5, below: 60 }, key: [1, 2] as const };

    const days = resolveCalendar(YEAR, EVEN, null, 0, 3660, { scatter });

    expect(days.reduce((sum, { count }) => sum + count, 0)).toBe(3660);
    expect(resolveCalendar(YEAR, EVEN, null, 0, 3660, { scatter })).toEqual(days);
    const squares = days.reduce((sum, { count }) => sum + count ** 2, 0) / 366 - 100;
    expect(squares).toBeGreaterThan(35);
    expect(squares).toBeLessThan(85);
  });

  test('keep the sums of the weekdays, also where the slices have one of them twice', () => {
    // Busy slices begin on the weekday that they have twice.
    const start = Date.UTC(2020, 0, 6);
    const day = (at: number) => new Date(start + at * 86_400_000).toISOString().slice(0, 10);
    const bins = Array.from({ length: 40 }, (_, slice): [string, string, number] => [
      day(slice * 8),
      day(slice * 8 + 8),
      slice % 7 === 0 ? 9000 : 100,
    ]);
    const week = Array.from({ length: 168 }, (_, hour) => (hour < 120 ? 3 : 1));
    const sums = new Array<number>(7).fill(0);

    const days = resolveCalendar({ kind: 'bins', bins }, week, null, 0, 1_000_000, { counted: week });

    for (const { from, count } of days)
      sums[(Math.floor(from / 24) + 3) % 7] = (sums[(Math.floor(from / 24) + 3) % 7] ?? 0) + count;
    const total = week.reduce((left, right) => left + right, 0) / 24;
    expect(sums.map((sum) => Math.round(sum / 10_000) / 100)).toEqual(
      Array.from({ length: 7 }, (_, weekday) => Math.round(((week[weekday * 24] ?? 0) / total) * 100) / 100),
    );
    for (const [slice, [from, to]] of bins.entries()) {
      const [first, end] = [from, to].map((text) => Date.parse(text) / 3_600_000);
      const own = days.filter((each) => each.from >= (first ?? 0) && each.from < (end ?? 0));
      expect(own.reduce((sum, { count }) => sum + count, 0) / (slice % 7 === 0 ? 9000 : 100)).toBeCloseTo(
        1_000_000 / (6 * 9000 + 34 * 100),
        0,
      );
    }
  });

  test('are not emptied where no week has the sums', () => {
    const bins: [string, string, number][] = [
      ['2024-01-01', '2024-01-02', 900],
      ['2024-01-08', '2024-01-15', 700],
    ];

    const days = resolveCalendar({ kind: 'bins', bins }, EVEN, null, 0, 1600, { counted: EVEN });

    expect(days).toHaveLength(8);
    const [only, monday, ...others] = days.map(({ count }) => count);
    expect(only).toBe(900);
    expect(monday).toBeGreaterThan(40);
    for (const count of others) expect(count).toBeLessThan(115);
  });

  test('are as busy as the week says where it was not counted', () => {
    const bins = [['2024-01-01', '2024-02-01', 3100] as [string, string, number]];

    const days = resolveCalendar({ kind: 'bins', bins }, EVEN, null, 0, 3100);

    expect(days.map(({ count }) => count)).toEqual(new Array<number>(31).fill(100));
  });

  test('that were released one by one stay', () => {
    const bins = [['2020-01-01', '2020-01-02', 500] as [string, string, number], ...YEAR.bins.slice(0, 0)];
    const scatter = { scatter: { dispersion: 2, below: 60 }, key: [1, 2] as const };

    expect(resolveCalendar({ kind: 'bins', bins }, EVEN, null, 0, 500, { scatter }).map(({ count }) => count)).toEqual([500]);
  });

  test('chance alone has dispersion 0; more days above the mark than chance gives have some', () => {
    const days = (many: number) => Array.from({ length: 1000 }, (_, day) => ({ mean: 10, isMany: day < many }));

    expect(fitDispersion(days(3), 20)).toBeLessThanOrEqual(0.02);
    expect(fitDispersion(days(120), 20)).toBeGreaterThan(0.3);
  });
});

describe('a longer span of time', () => {
  const spec = (timeSpan: 'keep' | 'growBackward' | 'growForward') =>
    ({
      bands: { dev: { scale: 2, timeSpan } },
      tables: { t: { columns: { at: { kind: 'time', resolution: 'second', calendar: YEAR } } } },
    }) as unknown as Spec; // Only what the span is made from.

  test('is a choice of the band, and only where there are more rows', () => {
    expect(resolveTimeSpan(spec('keep'), 'dev', 5)).toBeNull();
    expect(resolveTimeSpan(spec('growBackward'), 'dev', 0.5)).toBeNull();
    expect(resolveTimeSpan(spec('growBackward'), 'dev', 5)).toMatchObject({ factor: 10 });
  });

  test.each([
    ['growBackward' as const, Date.UTC(2021, 0, 1)],
    ['growForward' as const, Date.UTC(2020, 0, 1)],
  ])('%s leaves its anchor and is ten times as long', (timeSpan, anchor) => {
    const span = resolveTimeSpan(spec(timeSpan), 'dev', 5);

    expect(span?.anchorHour).toBe(anchor / 3_600_000);
    const [[from, to] = [0, 0]] = stretchBins(
      [[Date.UTC(2020, 0, 1) / 3_600_000, Date.UTC(2021, 0, 1) / 3_600_000, 1]],
      span ?? { anchorHour: 0, factor: 1 },
    );
    expect(to - from).toBe(3660 * 24);
  });
});
