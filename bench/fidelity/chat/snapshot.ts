// What the database holds at the moment of the snapshot: messages in the order of their time, with ids that have gaps, up to the one
// that makes the wanted number, deleted ones not counted.
import { DELETED, type Messages, type Traffic } from './messages.ts';

export interface Snapshot {
  readonly traffic: Traffic;
  /** Messages in the order of insertion, as indexes; those sent after the snapshot are left out. */
  readonly order: Uint32Array;
  /** By index; 0: not sent yet. */
  readonly ids: Int32Array;
  /** Reads in the order of insertion, as indexes. */
  readonly readOrder: Uint32Array;
  readonly now: number;
  /** Ends of the slices in which the database is filled and changed. */
  readonly sliceEnds: readonly number[];
}

/** Null where there are fewer messages. */
export function takeSnapshot(traffic: Traffic, wanted: number, slices: number): Snapshot | null {
  const { messages, reads } = traffic;
  const order = messages.time.order();
  const sent = countUntil(messages, order, wanted);
  if (sent === null) return null;
  const kept = order.subarray(0, sent);
  const now = messages.time.at(kept[sent - 1] ?? 0);
  const ids = new Int32Array(messages.time.length);
  // An id in a thousand was taken by a transaction that failed.
  for (const [at, index] of kept.entries()) ids[index] = at + 1 + Math.floor(at / 997);
  const sliceEnds = Array.from({ length: slices }, (_, slice) =>
    slice === slices - 1 ? now : messages.time.at(kept[Math.floor(((slice + 1) * sent) / slices)] ?? 0),
  );
  const readOrder = reads.time.order().filter((read) => reads.time.at(read) <= now && (ids[reads.message.at(read)] ?? 0) > 0);
  return { traffic, order: kept, ids, readOrder, now, sliceEnds };
}

/** How many messages in this order there are up to the one that makes `wanted` that are not deleted. */
function countUntil(messages: Messages, order: Uint32Array, wanted: number): number | null {
  let alive = 0;
  for (const [at, index] of order.entries()) {
    if ((messages.flags.at(index) & DELETED) === 0) alive += 1;
    if (alive === wanted) return at + 1;
  }
  return null;
}
