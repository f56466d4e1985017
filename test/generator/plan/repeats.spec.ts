import { RepeatedHistogram } from '../../../generator/columns/repeats.ts';
import { planHistogram } from '../../../generator/plan/histogram.ts';
import { groupBins, spreadRepeats } from '../../../generator/plan/repeats.ts';

const KEY = [7, 11] as const;

/** Rows by value, heaviest first. */
function countsOf({ bins, repeats }: ReturnType<typeof spreadRepeats>): Map<number, number> {
  const lookup = new RepeatedHistogram(planHistogram(bins), repeats);
  const rows = bins.reduce((sum, { count }) => sum + count, 0);
  const counts = new Map<number, number>();
  let last = Number.NEGATIVE_INFINITY;
  for (let rank = 0; rank < rows; rank += 1) {
    const value = lookup.valueOf(rank, KEY);
    if (value < last) throw new Error(`rank ${rank} has a smaller value than the rank before`);
    last = value;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

const WIDTH = ({ from, to }: { from: number; to: number }) => to - from;

test('a wide bin has as many values as it had, each in as many rows, in rank order', () => {
  const bins = [
    { from: 1, to: 2, count: 40 },
    { from: 100, to: 200, count: 260 },
    { from: 1000, to: 3000, count: 100 },
  ];
  const known = [
    { from: 100, to: 200, distinct: 12 },
    { from: 1000, to: 3000, distinct: 100 },
  ];
  const rows: [number, number, number][] = [
    [1, 2, 100],
    [10, 11, 10],
    [40, 41, 1],
    [60, 61, 1],
    [100, 101, 1],
  ];
  const spread = spreadRepeats(
    groupBins(bins, known, (bin) => WIDTH(bin) <= 1),
    rows,
    WIDTH,
  );
  expect(spread.bins).toEqual(bins);
  const counts = countsOf(spread);
  expect(counts.size).toBe(113);
  expect([...counts.values()].sort((left, right) => right - left).slice(0, 13)).toEqual([
    100, 60, 40, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10,
  ]);
  // What repeats is round: 12 values in a hundred places stand five or more apart.
  expect([...counts.keys()].filter((value) => value >= 100 && value < 200).every((value) => value % 5 === 0)).toBe(true);
});

test('bins that were one bin keep its rows, and only as many of them as it has values', () => {
  const days = Array.from({ length: 30 }, (_, day) => ({ from: day * 24, to: day * 24 + 24, count: 10 }));
  const spread = spreadRepeats(
    groupBins(days, [{ from: 0, to: 720, distinct: 2 }], () => true),
    [[150, 151, 2]],
    () => 1,
  );
  expect(spread.bins).toHaveLength(2);
  expect(spread.bins.reduce((sum, { count }) => sum + count, 0)).toBe(300);
});

test.each([
  { rows: [[500, 501, 4]] as [number, number, number][], source: 2000, values: 4 },
  { rows: [[1, 2, 2000]] as [number, number, number][], source: 2000, values: 20_000 },
])('at ten times the rows a closed domain stays and an open one grows ($values values)', ({ rows, source, values }) => {
  const bins = [{ from: 0, to: 1_000_000, count: source * 10 }];
  const spread = spreadRepeats(
    groupBins(bins, [{ from: 0, to: 1_000_000, distinct: rows[0]?.[2] ?? 0 }], () => false),
    rows,
    WIDTH,
  );
  expect(countsOf(spread).size).toBe(values);
});

test('between the two the heaviest grows with the rows and the number of values more slowly', () => {
  const rows: [number, number, number][] = [
    [1, 2, 500],
    [2, 3, 250],
    [10, 11, 50],
    [1000, 1001, 1],
  ];
  const bins = [{ from: 0, to: 1_000_000, count: 25_000 }];
  const counts = countsOf(
    spreadRepeats(
      groupBins(bins, [{ from: 0, to: 1_000_000, distinct: 801 }], () => false),
      rows,
      WIDTH,
    ),
  );
  expect(counts.size).toBeGreaterThan(2000);
  expect(counts.size).toBeLessThan(5000);
  expect(Math.max(...counts.values())).toBeGreaterThan(7000);
});

test('any bins keep their rows exactly, and never more values than there is room', () => {
  let state = 12345;
  const next = (below: number) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
  for (let run = 0; run < 60; run += 1) {
    let from = 0;
    const bins = Array.from({ length: 1 + next(12) }, () => {
      const to = from + 1 + next(50);
      const bin = { from, to, count: 1 + next(400) };
      from = to + next(3);
      return bin;
    });
    const known = bins.filter(() => next(3) > 0).map((bin) => ({ from: bin.from, to: bin.to, distinct: 1 + next(60) }));
    const rows = Array.from({ length: 1 + next(6) }, (_, at): [number, number, number] => [1 + at * 7, 3 + at * 7, 1 + next(90)]);
    const spread = spreadRepeats(
      groupBins(bins, known, (bin) => WIDTH(bin) <= 1),
      rows,
      WIDTH,
    );
    expect(spread.bins.reduce((sum, { count }) => sum + count, 0)).toBe(bins.reduce((sum, { count }) => sum + count, 0));
    expect(countsOf(spread).size).toBe(spread.repeats.values.at(-1));
    for (const [at, bin] of spread.bins.entries())
      expect((spread.repeats.values[at + 1] ?? 0) - (spread.repeats.values[at] ?? 0)).toBeLessThanOrEqual(
        Math.min(bin.count, WIDTH(bin)),
      );
  }
});
