// A keyed bijection of [0, size): every row gets a distinct rank without remembering any. A network on a rectangle just larger than the
// domain (network.ts); the few results outside are walked on, which ends because the network is itself a bijection of the rectangle.
import type { StreamKey } from './mixer.ts';
import { moveOf, ROUNDS, rectangleOf, roundKeys, scaleOf } from './network.ts';
import { permuteInLanes } from './permutation-lanes.ts';

/** What a permutation needs: its domain and key. Integers only, so it can stand in a plan. */
export interface PermutationPlan {
  readonly size: number;
  readonly key: StreamKey;
}

/** A bijection of [0, size) and its inverse. Arguments outside the domain are a bug and throw RangeError. */
export class Permutation {
  readonly size: number;
  private readonly plan: PermutationPlan;
  private readonly width: number;
  private readonly height: number;
  private readonly keys: readonly StreamKey[];

  constructor(plan: PermutationPlan) {
    const { width, height } = rectangleOf(plan.size);
    this.size = plan.size;
    this.plan = plan;
    this.width = width;
    this.height = height;
    this.keys = roundKeys(plan.key);
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

  /** The ranks of elements [0, count), at most a block, in their place. */
  forwardAll(values: Float64Array, count: number): void {
    if (permuteInLanes(this.plan, values, count, false)) return;
    for (let index = 0; index < count; index += 1) values[index] = this.forward(values[index] as number);
  }

  /** The elements of ranks [0, count), at most a block, in their place. */
  inverseAll(values: Float64Array, count: number): void {
    if (permuteInLanes(this.plan, values, count, true)) return;
    for (let index = 0; index < count; index += 1) values[index] = this.inverse(values[index] as number);
  }

  private check(value: number): void {
    // Without this a value past the end could walk for ever.
    if (!(value >= 0 && value < this.size)) throw new RangeError('outside the permutation');
  }

  private encrypt(value: number): number {
    const { width, height, keys } = this;
    const [widthScale, heightScale] = [scaleOf(width), scaleOf(height)];
    let row = (value / width) | 0;
    let column = (value - row * width) | 0;
    for (let round = 0; round < ROUNDS; round += 2) {
      const [even, odd] = [keys[round] as StreamKey, keys[round + 1] as StreamKey];
      column += moveOf(even[0], even[1], row, widthScale);
      column -= width & ((width - 1 - column) >> 31);
      row += moveOf(odd[0], odd[1], column, heightScale);
      row -= height & ((height - 1 - row) >> 31);
    }
    return row * width + column;
  }

  private decrypt(value: number): number {
    const { width, height, keys } = this;
    const [widthScale, heightScale] = [scaleOf(width), scaleOf(height)];
    let row = (value / width) | 0;
    let column = (value - row * width) | 0;
    for (let round = ROUNDS - 2; round >= 0; round -= 2) {
      const [even, odd] = [keys[round] as StreamKey, keys[round + 1] as StreamKey];
      row -= moveOf(odd[0], odd[1], column, heightScale);
      row += height & (row >> 31);
      column -= moveOf(even[0], even[1], row, widthScale);
      column += width & (column >> 31);
    }
    return row * width + column;
  }
}
