// What happened when, in a list that stays short: it begins with an interval a second, and when there are too many each two become one.
// Intervals keep their latencies as histograms until the end, because percentiles of a longer time do not follow from those of its parts.
import type { StageResult } from '../../spec/load-result.ts';
import { createLatencyHistogram, type LatencyHistogram } from './latency-histogram.ts';

export type Timeline = StageResult['timeline'];

export interface TimelineRecorder {
  /** An answer, or a time-out, which is an error; latency since due. */
  record(atMs: number, latencyMs: number, isError: boolean): void;
  /** A connection that failed: an error without a latency. */
  recordConnectionError(atMs: number): void;
  /** From the first interval to the last in which something happened; those between are there too. */
  finish(): Timeline;
}

interface Interval {
  counted: number;
  errors: number;
  readonly latencies: LatencyHistogram;
  /** Counts by LADDER's bins; the last is above all of them. */
  readonly bins: number[];
}

/** Milliseconds, upper bounds: 0.1, 0.2, 0.5, ... 50,000,000. */
const LADDER = Array.from({ length: 27 }, (_, index) => Number(`${[1, 2, 5][index % 3]}e${Math.floor(index / 3) - 1}`));
/** More than a picture can show; 15 kB each. */
const MOST_INTERVALS = 300;

/** `mostIntervals`: at least 2. */
export function createTimeline(mostIntervals: number = MOST_INTERVALS): TimelineRecorder {
  let secondsEach = 1;
  let intervals: Interval[] = [];
  const intervalAt = (atMs: number): Interval => {
    const place = () => Math.max(0, Math.floor(atMs / (1000 * secondsEach)));
    while (place() >= mostIntervals) {
      intervals = mergePairs(intervals);
      secondsEach *= 2;
    }
    for (let next = intervals.length; next <= place(); next += 1) intervals.push(emptyInterval());
    // The loop before this has made it.
    return intervals[place()] as Interval;
  };
  return {
    record(atMs, latencyMs, isError) {
      const interval = intervalAt(atMs);
      const bin = binOf(latencyMs);
      interval.counted += 1;
      interval.bins[bin] = (interval.bins[bin] ?? 0) + 1;
      if (isError) interval.errors += 1;
      interval.latencies.record(latencyMs);
    },
    recordConnectionError(atMs) {
      intervalAt(atMs).errors += 1;
    },
    finish: () => ({ secondsEach, intervals: intervals.map((each, index) => describe(each, index * secondsEach)) }),
  };
}

function emptyInterval(): Interval {
  return { counted: 0, errors: 0, latencies: createLatencyHistogram(2), bins: [...LADDER, 0].map(() => 0) };
}

function mergePairs(intervals: readonly Interval[]): Interval[] {
  return intervals.flatMap((left, index) => {
    const right = intervals[index + 1];
    if (index % 2 === 1) return [];
    if (right === undefined) return [left];
    left.latencies.add(right.latencies);
    const bins = left.bins.map((count, bin) => count + (right.bins[bin] ?? 0));
    return [{ counted: left.counted + right.counted, errors: left.errors + right.errors, latencies: left.latencies, bins }];
  });
}

function describe({ bins, counted, errors, latencies }: Interval, second: number): Timeline['intervals'][number] {
  const listed = bins.flatMap((count, bin) => (count === 0 ? [] : [{ upToMs: LADDER[bin] ?? null, count }]));
  return { second, counted, errors, latencyMs: latencies.summary(), bins: listed };
}

function binOf(latencyMs: number): number {
  const bin = LADDER.findIndex((upToMs) => latencyMs <= upToMs);
  return bin === -1 ? LADDER.length : bin;
}
