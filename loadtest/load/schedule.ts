// Latency as somebody sees it who asks on time. A connection that waits for a slow answer sends its next requests late, and their waiting
// is in no measured latency (coordinated omission). Here each connection is a queue: requests are due at even intervals, each is served for
// as long as it was measured, and one that is due before the last was answered waits for that.
// autocannon has a correction of its own, which is not used: it takes an interval of 1 ms for every rate above 1 (its run.js,
// `Math.ceil(1 / rate)`), and fills in answers below the measured ones, so that a server which cannot hold the rate looks faster.

/** The requests per second of one of the connections, as autocannon hands out a rate: the first ones take the rest. */
export function rateOfConnection(ratePerSecond: number, connections: number, index: number): number {
  return Math.floor(ratePerSecond / connections) + (index < ratePerSecond % connections ? 1 : 0);
}

export interface DueQueue {
  /** Takes the connection's measured latencies (ms) in order and gives each as from the moment it was due. */
  toDue(measuredMs: number): number;
  /**
   * For the end of a stage, with a request under way for so long (ms): how long each of the requests that should have been answered has
   * waited until then, neighbours as one. One that was due less than an interval ago is on time.
   */
  listOverdue(underWayMs: number): readonly Overdue[];
}

export interface Overdue {
  readonly waitedMs: number;
  readonly count: number;
}

/** A backlog of more requests is told in so many steps. */
const MOST_STEPS = 1000;

/** null: no rate, so nothing is due before it is sent. */
export function createDueQueue(ratePerSecond: number | null): DueQueue {
  if (ratePerSecond === null) return { toDue: (measuredMs) => measuredMs, listOverdue: () => [] };
  const intervalMs = 1000 / ratePerSecond;
  let waitMs = 0;
  return {
    toDue(measuredMs) {
      const dueMs = waitMs + measuredMs;
      waitMs = Math.max(0, dueMs - intervalMs);
      return dueMs;
    },
    listOverdue(underWayMs) {
      const longestMs = waitMs + underWayMs;
      const total = Math.floor(longestMs / intervalMs);
      const step = Math.max(1, Math.ceil(total / MOST_STEPS));
      return Array.from({ length: Math.ceil(total / step) }, (_, index) => ({
        waitedMs: longestMs - index * step * intervalMs,
        count: Math.min(step, total - index * step),
      }));
    },
  };
}

/** Each item as often as its weight says, spread evenly: a 2, b 1 -> a b a. */
export function spreadByWeight<Item extends { readonly weight: number }>(items: readonly Item[]): Item[] {
  const total = items.reduce((sum, { weight }) => sum + weight, 0);
  const credits = items.map(() => 0);
  return Array.from({ length: total }, () => {
    for (const [index, { weight }] of items.entries()) credits[index] = (credits[index] ?? 0) + weight;
    const chosen = credits.indexOf(Math.max(...credits));
    credits[chosen] = (credits[chosen] ?? 0) - total;
    // The list is not empty where total is above 0.
    return items[chosen] as Item;
  });
}
