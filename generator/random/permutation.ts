// A keyed bijection of [0, size): every row gets a distinct rank without remembering any. A generalised Feistel network on
// a rectangle a x b just larger than the domain (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002); the few
// results outside are walked on, which ends because the network is itself a bijection of the rectangle.
import { mix32, type StreamKey } from './mixer.ts';

/** Rounds of the network. */
export const PERMUTATION_ROUNDS = 4;
// Sides are below 2^31 for any domain that a number can count, so that places in the rectangle stay 32-bit integers, which is what makes
// the rounds cheap.
const TWO_POW_MINUS_32 = 1 / 4294967296;

/** What a permutation needs: its domain and key. Integers only, so it can stand in a plan. */
export interface PermutationPlan {
  readonly size: number;
  readonly key: StreamKey;
}

/** The rectangle of a permutation, and the key of each round. */
export interface PermutationShape {
  readonly width: number;
  readonly height: number;
  readonly keys: readonly StreamKey[];
}

/** The rectangle just larger than the domain, and keys of the rounds. */
export function shapeOf({ size, key: [first, second] }: PermutationPlan): PermutationShape {
  const width = Math.max(1, Math.ceil(Math.sqrt(size)));
  const height = Math.max(1, Math.ceil(size / width));
  const keyOf = (_: unknown, round: number): StreamKey => [
    (first + Math.imul(round, 0x9e3779b9)) | 0,
    (second ^ Math.imul(round + 1, 0x7f4a7c15)) | 0,
  ];
  return { width, height, keys: Array.from({ length: PERMUTATION_ROUNDS }, keyOf) };
}

/** A bijection of [0, size) and its inverse. Arguments outside the domain are a bug and throw RangeError. */
export class Permutation {
  readonly size: number;
  private readonly width: number;
  private readonly height: number;
  private readonly keys: readonly StreamKey[];

  constructor(plan: PermutationPlan) {
    const { width, height, keys } = shapeOf(plan);
    this.size = plan.size;
    this.width = width;
    this.height = height;
    this.keys = keys;
  }

  /** The rank of an element. */
  forward(element: number): number {
    this.check(element);
    let current = element;
    do current = this.encrypt(current);
    while (current >= this.size);
    return current;
  }

  /** The element of a rank. */
  inverse(rank: number): number {
    this.check(rank);
    let current = rank;
    do current = this.decrypt(current);
    while (current >= this.size);
    return current;
  }

  /** The ranks of elements [0, count), in their place. */
  forwardAll(values: Float64Array, count: number): void {
    const { height, size, width } = this;
    const [widthScale, heightScale] = [width * TWO_POW_MINUS_32, height * TWO_POW_MINUS_32];
    const [one, two, three, four] = this.keys as readonly [StreamKey, StreamKey, StreamKey, StreamKey];
    for (let index = 0; index < count; index += 1) {
      let current = values[index] as number;
      this.check(current);
      do {
        let row = (current / width) | 0;
        let column = (current - row * width) | 0;
        column += (mix32(one, row) * widthScale) | 0;
        column -= width & ((width - 1 - column) >> 31);
        row += (mix32(two, column) * heightScale) | 0;
        row -= height & ((height - 1 - row) >> 31);
        column += (mix32(three, row) * widthScale) | 0;
        column -= width & ((width - 1 - column) >> 31);
        row += (mix32(four, column) * heightScale) | 0;
        row -= height & ((height - 1 - row) >> 31);
        current = row * width + column;
      } while (current >= size);
      values[index] = current;
    }
  }

  /** The elements of ranks [0, count), in their place. */
  inverseAll(values: Float64Array, count: number): void {
    const { height, size, width } = this;
    const [widthScale, heightScale] = [width * TWO_POW_MINUS_32, height * TWO_POW_MINUS_32];
    const [one, two, three, four] = this.keys as readonly [StreamKey, StreamKey, StreamKey, StreamKey];
    for (let index = 0; index < count; index += 1) {
      let current = values[index] as number;
      this.check(current);
      do {
        let row = (current / width) | 0;
        let column = (current - row * width) | 0;
        row -= (mix32(four, column) * heightScale) | 0;
        row += height & (row >> 31);
        column -= (mix32(three, row) * widthScale) | 0;
        column += width & (column >> 31);
        row -= (mix32(two, column) * heightScale) | 0;
        row += height & (row >> 31);
        column -= (mix32(one, row) * widthScale) | 0;
        column += width & (column >> 31);
        current = row * width + column;
      } while (current >= size);
      values[index] = current;
    }
  }

  private check(value: number): void {
    // Without this a value past the end could walk for ever.
    if (!(value >= 0 && value < this.size)) throw new RangeError('outside the permutation');
  }

  private encrypt(value: number): number {
    const { width, height, keys } = this;
    let row = Math.floor(value / width);
    let column = value - row * width;
    for (let round = 0; round < PERMUTATION_ROUNDS; round += 2) {
      column += Math.floor(mix32(keys[round] as StreamKey, row) * TWO_POW_MINUS_32 * width);
      column -= width & ((width - 1 - column) >> 31);
      row += Math.floor(mix32(keys[round + 1] as StreamKey, column) * TWO_POW_MINUS_32 * height);
      row -= height & ((height - 1 - row) >> 31);
    }
    return row * width + column;
  }

  private decrypt(value: number): number {
    const { width, height, keys } = this;
    let row = Math.floor(value / width);
    let column = value - row * width;
    for (let round = PERMUTATION_ROUNDS - 2; round >= 0; round -= 2) {
      row -= Math.floor(mix32(keys[round + 1] as StreamKey, column) * TWO_POW_MINUS_32 * height);
      row += height & (row >> 31);
      column -= Math.floor(mix32(keys[round] as StreamKey, row) * TWO_POW_MINUS_32 * width);
      column += width & (column >> 31);
    }
    return row * width + column;
  }
}
