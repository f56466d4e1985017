// Latencies as counts in bins of a known relative width (HdrHistogram): memory does not grow with the number of answers, and
// histograms of neighbouring times can be added up, which percentiles cannot.
import { build, type Histogram } from 'hdr-histogram-js';
import type { Latency } from '../../spec/load-result.ts';

export interface LatencyHistogram {
  /** `count` (default 1): so many of the same latency. */
  record(latencyMs: number, count?: number): void;
  /** What the other one holds too; both must be of the same precision. */
  add(other: LatencyHistogram): void;
  /** Milliseconds; null: nothing was recorded. */
  summary(): Latency | null;
  /** For `add` alone. */
  readonly counts: Histogram;
}

/** Microseconds: longer than the longest stage, which is a day, and so longer than any wait in it. */
const LONGEST_US = 1e11;
const BITS = 32;

/** `digits`: significant digits that are kept, 3 for 0.1 % and about 100 kB, 2 for 1 % and about 15 kB. */
export function createLatencyHistogram(digits: 2 | 3): LatencyHistogram {
  const counts = build({
    bitBucketSize: BITS,
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST_US,
    numberOfSignificantValueDigits: digits,
    autoResize: false,
    useWebAssembly: false,
  });
  return {
    counts,
    record: (latencyMs, count = 1) =>
      counts.recordValueWithCount(Math.min(LONGEST_US, Math.max(0, Math.round(latencyMs * 1000))), count),
    add: (other) => counts.add(other.counts),
    summary: () => summarise(counts),
  };
}

function summarise(counts: Histogram): Latency | null {
  if (counts.totalCount === 0) return null;
  // A percentile is the upper end of its bin, which can lie above the longest.
  const at = (percentile: number) => Math.min(counts.getValueAtPercentile(percentile), counts.maxValue) / 1000;
  return { p50: at(50), p90: at(90), p95: at(95), p99: at(99), p999: at(99.9), max: counts.maxValue / 1000 };
}
