// What a histogram says of latencies: near what was recorded, and in order.
import { createLatencyHistogram } from '../../loadtest/load/latency-histogram.ts';

test('no percentile is above the longest latency', () => {
  const histogram = createLatencyHistogram(2);
  for (const latencyMs of [1, 2, 2819.308]) histogram.record(latencyMs);

  expect(histogram.summary()).toMatchObject({ p99: 2819.308, p999: 2819.308, max: 2819.308 });
});

test('a count stands for so many of the same latency', () => {
  const histogram = createLatencyHistogram(3);
  histogram.record(1);
  histogram.record(500, 999);

  expect(histogram.counts.totalCount).toBe(1000);
  expect(histogram.summary()?.p50).toBeCloseTo(500, 0);
});
