// Permutations of many ranges that stand behind each other, one key and one size each, in flat arrays: rows of a block fall into ranges at
// random, and an object for each would be a jump to another place in memory for every row.
import type { StreamKey } from './mixer.ts';
import { Permutation } from './permutation.ts';
import { RangeLanes } from './range-lanes.ts';

/** One range of values, [start, start + size). */
export interface PermutedRange {
  readonly start: number;
  readonly size: number;
  /** Null: values stay where they are. */
  readonly key: StreamKey | null;
}

/** Each range is permuted in itself, as a Permutation of its size and key would. */
export class RangePermutations {
  private readonly start: Float64Array;
  private readonly permutations: readonly (Permutation | null)[];
  private readonly lanes: RangeLanes | null;

  constructor(ranges: readonly PermutedRange[]) {
    this.start = Float64Array.from(ranges, ({ start }) => start);
    this.permutations = ranges.map(({ key, size }) => (key === null ? null : new Permutation({ size, key })));
    this.lanes = RangeLanes.of(ranges);
  }

  /** Where a value of a range goes. */
  forward(range: number, value: number): number {
    const start = this.start[range] as number;
    return start + (this.permutations[range]?.forward(value - start) ?? value - start);
  }

  /** The value that goes there. */
  inverse(range: number, value: number): number {
    const start = this.start[range] as number;
    return start + (this.permutations[range]?.inverse(value - start) ?? value - start);
  }

  /** `forward` of the first `count` values, at most a block, of these ranges, in their place. */
  forwardAll(ranges: Int32Array, values: Float64Array, count: number): void {
    if (this.lanes !== null) this.lanes.permute(ranges, values, count, false);
    else for (let at = 0; at < count; at += 1) values[at] = this.forward(ranges[at] as number, values[at] as number);
  }

  /** `inverse` of the same. */
  inverseAll(ranges: Int32Array, values: Float64Array, count: number): void {
    if (this.lanes !== null) this.lanes.permute(ranges, values, count, true);
    else for (let at = 0; at < count; at += 1) values[at] = this.inverse(ranges[at] as number, values[at] as number);
  }
}
