// Numbers and times of which none repeats: no bin may hold more values than it has places. What is too much goes to the places
// left in the bins after it, then before it, then to new places above the last: the shape is kept as far as there is room.
import type { CountedBin } from './histogram.ts';
import type { Restriction } from './restriction.ts';

/** How values lie in bins. */
export interface Places {
  /** Different values from `from` to `to`. */
  readonly in: (from: number, to: number) => number;
  /** The end of a bin from `from` on that has places for `count` values. */
  readonly endFor: (from: number, count: number) => number;
  /** Exclusive end of all values. */
  readonly end: number;
}

/** Whole numbers below `end`. */
export function wholePlaces(end: number): Places {
  return { in: (from, to) => to - from, endFor: (from, count) => from + count, end };
}

/** Exclusive end of the values that may stand above the bins: of the allowed interval in which the last bin ends. */
export function endOfRoom(
  bins: readonly CountedBin[],
  { intervals }: Pick<Restriction, 'intervals'>,
  decimals: number,
  end: number,
): number {
  if (intervals === null) return end;
  const last = endOfBins(bins);
  const scale = 10 ** decimals;
  const around = intervals.find(({ from, to }) => from * scale <= last && last <= Math.ceil(to * scale));
  return around === undefined ? last : Math.min(end, Math.ceil(around.to * scale));
}

/** Exclusive end of the bins; a loop, because a call takes only so many arguments. */
function endOfBins(bins: readonly CountedBin[]): number {
  return bins.reduce((end, { to }) => Math.max(end, to), Number.NEGATIVE_INFINITY);
}

/** Bins with the same total, none over its places; null where even the places above do not hold the rest. */
export function spreadUnique(bins: readonly CountedBin[], places: Places): CountedBin[] | null {
  const room = bins.map(({ from, to }) => places.in(from, to));
  const counts = bins.map(({ count }) => count);
  let over = fillRoom(counts, room, [...counts.keys()], 0);
  over = fillRoom(counts, room, [...counts.keys()].reverse(), over);
  const kept = bins.map((bin, index) => ({ ...bin, count: counts[index] ?? 0 })).filter(({ count }) => count > 0);
  if (over === 0) return kept;
  const from = Math.max(0, endOfBins(bins));
  const to = places.endFor(from, over);
  return to <= places.end ? [...kept, { from, to, count: over }] : null;
}

/** Moves what is over a bin's room on along `order`; returns what is over at the end. */
function fillRoom(counts: number[], room: readonly number[], order: readonly number[], carried: number): number {
  let over = carried;
  for (const index of order) {
    const wanted = (counts[index] ?? 0) + over;
    const taken = Math.min(wanted, room[index] ?? 0);
    counts[index] = taken;
    over = wanted - taken;
  }
  return over;
}
