// Lags too short to be told apart by places: two times that both follow their ranks can only be brought together as near as the
// ranks stand. So the fit takes all short lags for one class, and the rows of that class get their time from the parent's instead.
import type { PairAxis } from '../../../spec/pair-axis.ts';
import { FIRST_CLASS } from '../../../spec/pair-axis.ts';

/** So many times the usual distance of two times is short. */
const SHORT_STEPS = 4;
/** Of the values in the middle, whatever the ends are. */
const MIDDLE = 0.9;

/** The classes of a lag axis with the short ones joined. */
export interface JoinedLags {
  /** Cuts that are left, seconds. */
  readonly cuts: Float64Array;
  /** From a class of the axis to the joined one. */
  readonly joinedOf: readonly number[];
  /** The class of all short lags. */
  readonly short: number;
  /** The short classes of the axis: class, and the seconds from (inclusive) and to (exclusive) that it holds. */
  readonly parts: readonly { readonly classOf: number; readonly from: number; readonly to: number }[];
}

/**
 * Seconds below which lags are short, for two columns of times by place. `mixed`: how many neighbouring places the row path cannot tell
 * apart (1 where every place is one row).
 */
export function shortestLag(own: Float64Array, since: Float64Array, mixed: number): number {
  return SHORT_STEPS * mixed * Math.max(usualStep(own), usualStep(since));
}

function usualStep(times: Float64Array): number {
  const known = times.filter((time) => !Number.isNaN(time)).sort();
  const [from, to] = [
    known[Math.floor(known.length * ((1 - MIDDLE) / 2))],
    known[Math.ceil(known.length * ((1 + MIDDLE) / 2)) - 1],
  ];
  return known.length < 2 || from === undefined || to === undefined ? 0 : (to - from) / (MIDDLE * known.length);
}

export function joinShortLags({ cuts }: Extract<PairAxis, { kind: 'lag' }>, shortest: number): JoinedLags {
  const kept = cuts.filter((cut) => Math.abs(cut) >= shortest);
  const joinedOf = [0, 1];
  const parts: { classOf: number; from: number; to: number }[] = [];
  const short = FIRST_CLASS + kept.filter((cut) => cut < 0).length;
  for (let at = 0; at <= cuts.length; at += 1) {
    const from = at === 0 ? Number.NEGATIVE_INFINITY : (cuts[at - 1] as number);
    const to = at === cuts.length ? Number.POSITIVE_INFINITY : (cuts[at] as number);
    const joined = FIRST_CLASS + kept.filter((cut) => cut <= from).length;
    joinedOf.push(joined);
    if (joined === short && Number.isFinite(from) && Number.isFinite(to)) parts.push({ classOf: FIRST_CLASS + at, from, to });
  }
  return { cuts: Float64Array.from(kept), joinedOf, short, parts };
}
