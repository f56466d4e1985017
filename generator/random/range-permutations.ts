// Permutations of many ranges that stand behind each other, one key and one size each, in flat arrays: rows of a block fall into ranges at
// random, and an object for each would be a jump to another place in memory for every row.
import { mixWords, type StreamKey } from './mixer.ts';
import { PERMUTATION_ROUNDS, type PermutationShape, shapeOf } from './permutation.ts';

const TWO_POW_MINUS_32 = 1 / 4294967296;
const KEY_WORDS = 2 * PERMUTATION_ROUNDS;

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
  /** 0 where values stay where they are. */
  private readonly size: Float64Array;
  private readonly width: Int32Array;
  private readonly height: Int32Array;
  private readonly keys: Int32Array;

  constructor(ranges: readonly PermutedRange[]) {
    const shapes = ranges.map(({ key, size }): PermutationShape | null => (key === null ? null : shapeOf({ size, key })));
    this.start = Float64Array.from(ranges, ({ start }) => start);
    this.size = Float64Array.from(ranges, ({ key, size }) => (key === null ? 0 : size));
    this.width = Int32Array.from(shapes, (shape) => shape?.width ?? 1);
    this.height = Int32Array.from(shapes, (shape) => shape?.height ?? 1);
    this.keys = new Int32Array(KEY_WORDS * ranges.length);
    shapes.forEach((shape, range) => {
      this.keys.set(shape?.keys.flat() ?? [], range * KEY_WORDS);
    });
  }

  /** Where a value of a range goes. */
  forward(range: number, value: number): number {
    const size = this.size[range] as number;
    if (size === 0) return value;
    const { height: heights, keys, start: starts, width: widths } = this;
    const start = starts[range] as number;
    const width = widths[range] as number;
    const height = heights[range] as number;
    const widthScale = width * TWO_POW_MINUS_32;
    const heightScale = height * TWO_POW_MINUS_32;
    const at = range * KEY_WORDS;
    let current = value - start;
    // Without this a value past the end could walk for ever.
    if (!(current >= 0 && current < size)) throw new RangeError('outside the range');
    do {
      let row = (current / width) | 0;
      let column = (current - row * width) | 0;
      column += (mixWords(keys[at] as number, keys[at + 1] as number, row) * widthScale) | 0;
      column -= width & ((width - 1 - column) >> 31);
      row += (mixWords(keys[at + 2] as number, keys[at + 3] as number, column) * heightScale) | 0;
      row -= height & ((height - 1 - row) >> 31);
      column += (mixWords(keys[at + 4] as number, keys[at + 5] as number, row) * widthScale) | 0;
      column -= width & ((width - 1 - column) >> 31);
      row += (mixWords(keys[at + 6] as number, keys[at + 7] as number, column) * heightScale) | 0;
      row -= height & ((height - 1 - row) >> 31);
      current = row * width + column;
    } while (current >= size);
    return start + current;
  }

  /** The value that goes there. */
  inverse(range: number, value: number): number {
    const size = this.size[range] as number;
    if (size === 0) return value;
    const { height: heights, keys, start: starts, width: widths } = this;
    const start = starts[range] as number;
    const width = widths[range] as number;
    const height = heights[range] as number;
    const widthScale = width * TWO_POW_MINUS_32;
    const heightScale = height * TWO_POW_MINUS_32;
    const at = range * KEY_WORDS;
    let current = value - start;
    if (!(current >= 0 && current < size)) throw new RangeError('outside the range');
    do {
      let row = (current / width) | 0;
      let column = (current - row * width) | 0;
      row -= (mixWords(keys[at + 6] as number, keys[at + 7] as number, column) * heightScale) | 0;
      row += height & (row >> 31);
      column -= (mixWords(keys[at + 4] as number, keys[at + 5] as number, row) * widthScale) | 0;
      column += width & (column >> 31);
      row -= (mixWords(keys[at + 2] as number, keys[at + 3] as number, column) * heightScale) | 0;
      row += height & (row >> 31);
      column -= (mixWords(keys[at] as number, keys[at + 1] as number, row) * widthScale) | 0;
      column += width & (column >> 31);
      current = row * width + column;
    } while (current >= size);
    return start + current;
  }
}
