// The value that a rank belongs to, where values repeat: a look-up in the plan's runs, and a place of its own in the value's bin.
import type { PlanHistogram, PlanRepeats } from '../../spec/plan.ts';
import { lastAtMost } from '../keys/curve-lookup.ts';
import { mixBelow, type StreamKey } from '../random/mixer.ts';
import { HistogramLookup } from './ranks.ts';

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

  /** A place among the ranks of the value that has this rank, the same for all of them; `share` from 0 to 1. */
  placeOf(rank: number, share: number): number {
    const run = lastAtMost(this.rank, rank);
    const degree = this.degree[run] as number;
    const first = (this.rank[run] as number) + Math.floor((rank - (this.rank[run] as number)) / degree) * degree;
    return first + share * degree;
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

/** A histogram whose ranks share values. */
export class RepeatedHistogram {
  readonly repeats: RepeatsLookup;
  private readonly histogram: HistogramLookup;
  /** Of each bin: numbers are multiples of this, where a bin has enough of them. */
  private readonly step: Float64Array;

  constructor(histogram: PlanHistogram, plan: PlanRepeats) {
    this.repeats = new RepeatsLookup(plan);
    this.histogram = new HistogramLookup(histogram);
    this.step = Float64Array.from(histogram.from, (_, bin) => this.stepOf(bin));
  }

  /** The whole number of a rank: different for different values. */
  valueOf(rank: number, key: StreamKey): number {
    const bin = this.histogram.binOf(rank);
    const width = this.histogram.width[bin] as number;
    const from = this.histogram.from[bin] as number;
    if (width === 1) return from;
    const value = this.repeats.valueOf(rank);
    const step = this.step[bin] as number;
    const first = Math.ceil(from / step);
    const places = Math.ceil((from + width) / step) - first;
    return (first + ownPlace(value - this.repeats.firstIn(bin), this.repeats.countIn(bin), places, key, value)) * step;
  }

  /** The whole number of a rank, even over the bin: values may share it. */
  evenValueOf(rank: number): number {
    const bin = this.histogram.binOf(rank);
    const index = this.repeats.valueOf(rank) - this.repeats.firstIn(bin);
    const share = Math.floor((index * (this.histogram.width[bin] as number)) / this.repeats.countIn(bin));
    return (this.histogram.from[bin] as number) + share;
  }

  binOf(rank: number): number {
    return this.histogram.binOf(rank);
  }

  /** The roundest step (1, 2, 5, 10, 20, ...) that leaves the bin's values a place each: what people write again and again is round. */
  private stepOf(bin: number): number {
    const from = this.histogram.from[bin] as number;
    const to = from + (this.histogram.width[bin] as number);
    const rows = (this.histogram.cumulative[bin + 1] as number) - (this.histogram.cumulative[bin] as number);
    const values = this.repeats.countIn(bin);
    if (rows < 2 * values) return 1;
    const fits = (step: number) => Math.ceil(to / step) - Math.ceil(from / step) >= values;
    let best = 1;
    for (let ten = 1; ten <= to - from; ten *= 10) for (const step of [ten, 2 * ten, 5 * ten]) if (fits(step)) best = step;
    return best;
  }
}

/** A place for value `index` of `count` among `places`: rises strictly with the index as long as there are places enough. */
export function ownPlace(index: number, count: number, places: number, key: StreamKey, value: number): number {
  if (count >= places) return Math.floor((index * places) / count);
  const step = Math.floor(places / count);
  const first = index * step + Math.floor((index * (places - step * count)) / count);
  return first + mixBelow(key, value, step);
}
