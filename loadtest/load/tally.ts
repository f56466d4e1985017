// What a stage's answers are counted into as they come, in memory that does not grow with their number: all latencies, by request, by time.
import { createLatencyHistogram, type LatencyHistogram } from './latency-histogram.ts';
import type { MixRequest } from './mix.ts';
import { createTimeline, type TimelineRecorder } from './timeline.ts';

interface RequestTally {
  readonly name: string;
  answered: number;
  timeouts: number;
  failed: number;
  readonly due: LatencyHistogram;
}

export interface Tally {
  /** Latencies in ms, since due and since sent; `status` null: a time-out. */
  record(request: MixRequest, status: number | null, dueMs: number, measuredMs: number): void;
  recordConnectionError(): void;
  /** One more or less that the server dropped with its connection: autocannon sends it again and counts nothing. */
  recordLost(count: 1 | -1): void;
  lost(): number;
  /** Requests that were due and not answered when the stage ended; `waitedMs`: what their latency since due is at least. */
  recordUnanswered(waitedMs: number, count: number): void;
  unanswered(): number;
  answered(): number;
  readonly due: LatencyHistogram;
  readonly measured: LatencyHistogram;
  readonly timeline: TimelineRecorder;
  /** By place. */
  readonly requests: readonly Readonly<RequestTally>[];
}

/** `clock`: milliseconds since the stage began. */
export function createTally(requests: readonly MixRequest[], clock: () => number): Tally {
  const due = createLatencyHistogram(3);
  const measured = createLatencyHistogram(3);
  const timeline = createTimeline();
  const byPlace = requests.map(({ name }): RequestTally => {
    return { name, answered: 0, timeouts: 0, failed: 0, due: createLatencyHistogram(2) };
  });
  let answered = 0;
  let unanswered = 0;
  let lost = 0;
  return {
    record(request, status, dueMs, measuredMs) {
      const isError = status === null || status >= 400;
      due.record(dueMs);
      measured.record(measuredMs);
      timeline.record(clock(), dueMs, isError);
      if (status !== null) answered += 1;
      const tally = byPlace[request.place];
      if (tally === undefined) return;
      if (status === null) tally.timeouts += 1;
      else tally.answered += 1;
      if (isError) tally.failed += 1;
      tally.due.record(dueMs);
    },
    recordConnectionError: () => timeline.recordConnectionError(clock()),
    recordLost(count) {
      lost += count;
      if (count > 0) timeline.recordConnectionError(clock());
    },
    lost: () => lost,
    recordUnanswered(waitedMs, count) {
      due.record(waitedMs, count);
      unanswered += count;
    },
    unanswered: () => unanswered,
    answered: () => answered,
    due,
    measured,
    timeline,
    requests: byPlace,
  };
}
