// The value that a rank belongs to, where values repeat: a look-up in the plan's runs, and a place of its own in the value's bin.
import type { PlanRepeats } from '../../spec/plan.ts';
import { lastAtMost } from '../keys/curve-lookup.ts';
import { mixBelow, type StreamKey } from '../random/mixer.ts';

export class RepeatsLookup {
  private readonly values: Float64Array;
  private readonly rank: Float64Array;
  private readonly degree: Float64Array;
  private readonly value: Float64Array;

  constructor(plan: PlanRepeats) {
    this.values = Float64Array.from(plan.values);
    this.rank = Float64Array.from(plan.rank);
    this.degree = Float64Array.from(plan.degree);
    this.value = Float64Array.from(plan.value);
  }

  /** The value of a rank, counted from 0; rises with the rank. */
  valueOf(rank: number): number {
    const run = lastAtMost(this.rank, rank);
    return (this.value[run] as number) + Math.floor((rank - (this.rank[run] as number)) / (this.degree[run] as number));
  }

  /** The first value of a bin of the histogram. */
  firstIn(bin: number): number {
    return this.values[bin] as number;
  }

  /** Different values in a bin of the histogram. */
  countIn(bin: number): number {
    return (this.values[bin + 1] as number) - (this.values[bin] as number);
  }
}

/** A place for value `index` of `count` among `places`: rises strictly with the index as long as there are places enough. */
export function ownPlace(index: number, count: number, places: number, key: StreamKey, value: number): number {
  if (count >= places) return Math.floor((index * places) / count);
  const step = Math.floor(places / count);
  const first = index * step + Math.floor((index * (places - step * count)) / count);
  return first + mixBelow(key, value, step);
}
