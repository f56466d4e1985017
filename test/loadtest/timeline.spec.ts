// Latency over time in bounded memory: what a second held, and that longer intervals hold what their seconds held.
import { createLatencyHistogram } from '../../loadtest/load/latency-histogram.ts';
import { createTimeline } from '../../loadtest/load/timeline.ts';

test('each second has its own percentiles, counts and errors; empty seconds are there', () => {
  const timeline = createTimeline();
  for (let index = 1; index <= 100; index += 1) timeline.record(500, index, index > 98);
  timeline.record(2100, 3000, true);
  timeline.recordConnectionError(2900);

  const { intervals, secondsEach } = timeline.finish();

  expect(secondsEach).toBe(1);
  expect(intervals.map(({ counted, errors, second }) => [second, counted, errors])).toEqual([
    [0, 100, 2],
    [1, 0, 0],
    [2, 1, 2],
  ]);
  expect(intervals[0]?.latencyMs?.p50).toBeCloseTo(50, -0.5);
  expect(intervals[0]?.latencyMs?.max).toBe(100);
  expect(intervals[1]).toMatchObject({ latencyMs: null, bins: [] });
  expect(intervals[0]?.bins.map(({ count, upToMs }) => [upToMs, count])).toEqual([
    [1, 1],
    [2, 1],
    [5, 3],
    [10, 5],
    [20, 10],
    [50, 30],
    [100, 50],
  ]);
});

test('a long run has no more intervals than a short one, and they lose nothing', () => {
  const timeline = createTimeline(4);
  for (let second = 0; second < 29; second += 1) timeline.record(second * 1000, second + 1, second === 0);

  const { intervals, secondsEach } = timeline.finish();

  expect(secondsEach).toBe(8);
  expect(intervals.map(({ counted, errors, second }) => [second, counted, errors])).toEqual([
    [0, 8, 1],
    [8, 8, 0],
    [16, 8, 0],
    [24, 5, 0],
  ]);
  expect(intervals.map(({ latencyMs }) => latencyMs?.max)).toEqual([8, 16, 24, 29]);
  expect(intervals.map(({ bins }) => bins.reduce((sum, { count }) => sum + count, 0))).toEqual([8, 8, 8, 5]);
});

test('a wait of most of a day is still told to a tenth of a percent', () => {
  const histogram = createLatencyHistogram(3);
  histogram.record(70_000_000);
  histogram.record(0.004);

  const { max, p50, p99 } = histogram.summary() ?? { max: 0, p50: 0, p99: 0 };

  expect([max, p50]).toEqual([70_000_000, 0.004]);
  expect(Math.abs(p99 / 70_000_000 - 1)).toBeLessThan(0.001);
});
