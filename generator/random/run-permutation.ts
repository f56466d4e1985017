// A keyed bijection for each of many short runs, made anew for every call: runs have sizes of their own and there may be tens of
// thousands, too many to keep a Permutation for each. Multiplications by odd numbers and shifts on the next power of two, walked on while
// outside the run, which ends because each step is itself a bijection of the power of two.
import { mix32, type StreamKey } from './mixer.ts';
import { permuteRunsInLanes } from './run-lanes.ts';
import { RUN_ROUNDS, type RunList } from './run-list.ts';

/** The largest run. */
const MOST = 2 ** 32;

/** Bijections of [0, size) by run, and their inverses. Arguments outside the run are a bug and throw RangeError. */
export class RunPermutation {
  private readonly keys: readonly [StreamKey, StreamKey];
  // The rounds of the run asked last; neighbouring rows ask for the same one.
  private readonly factors = new Int32Array(RUN_ROUNDS);
  private readonly summands = new Int32Array(RUN_ROUNDS);
  private readonly inverses = new Int32Array(RUN_ROUNDS);
  private run = -1;
  private inverseRun = -1;

  constructor([first, second]: StreamKey) {
    this.keys = [
      [first ^ 0x3c6ef372, second],
      [first, second ^ 0x1f83d9ab],
    ];
  }

  /** The place of an element in run `run` (a whole number below 2^32) of `size` elements. */
  forward(run: number, size: number, element: number): number {
    check(size, element);
    if (size === 1) return 0;
    this.prepare(run);
    const unused = Math.clz32(size - 1);
    const mask = 0xffffffff >>> unused;
    const shift = (33 - unused) >>> 1;
    const { factors, summands } = this;
    let word = element;
    do {
      for (let round = 0; round < RUN_ROUNDS; round += 1) {
        word = ((Math.imul(word, factors[round] as number) + (summands[round] as number)) & mask) >>> 0;
        word = (word ^ (word >>> shift)) >>> 0;
      }
    } while (word >= size);
    return word;
  }

  /** The element of a place. */
  inverse(run: number, size: number, place: number): number {
    check(size, place);
    if (size === 1) return 0;
    this.prepareInverse(run);
    const unused = Math.clz32(size - 1);
    const mask = 0xffffffff >>> unused;
    const shift = (33 - unused) >>> 1;
    const { inverses, summands } = this;
    let word = place;
    do {
      for (let round = RUN_ROUNDS - 1; round >= 0; round -= 1) {
        // The shift is half the bits at least, so it undoes itself.
        word = (word ^ (word >>> shift)) >>> 0;
        word = (Math.imul(word - (summands[round] as number), inverses[round] as number) & mask) >>> 0;
      }
    } while (word >= size);
    return word;
  }

  /** `forward` of the first `count` values, at most a block, of these runs of these sizes, in their place. */
  forwardAll(list: RunList, count: number): void {
    if (permuteRunsInLanes(this.keys, list, count, false)) return;
    const { runs, sizes, values } = list;
    for (let at = 0; at < count; at += 1)
      values[at] = this.forward(runs[at] as number, sizes[at] as number, values[at] as number);
  }

  /** `inverse` of the same. */
  inverseAll(list: RunList, count: number): void {
    if (permuteRunsInLanes(this.keys, list, count, true)) return;
    const { runs, sizes, values } = list;
    for (let at = 0; at < count; at += 1)
      values[at] = this.inverse(runs[at] as number, sizes[at] as number, values[at] as number);
  }

  private prepare(run: number): void {
    if (run === this.run) return;
    this.run = run;
    let factor = mix32(this.keys[0], run) | 0;
    let summand = mix32(this.keys[1], run) | 0;
    for (let round = 0; round < RUN_ROUNDS; round += 1) {
      // 5 modulo 8: odd, and no factor is 1 for more than two bits. The lanes (run-lanes.ts) do the same.
      this.factors[round] = (factor & ~7) | 5;
      this.summands[round] = summand;
      factor = Math.imul(factor ^ (factor >>> 15), 0x2c1b3c6d) ^ (factor >>> 7);
      summand = Math.imul(summand ^ (summand >>> 15), 0x297a2d39) ^ (summand >>> 7);
    }
  }

  private prepareInverse(run: number): void {
    this.prepare(run);
    if (run === this.inverseRun) return;
    this.inverseRun = run;
    for (let round = 0; round < RUN_ROUNDS; round += 1) this.inverses[round] = oddInverse(this.factors[round] as number);
  }
}

/** The inverse modulo 2^32: three bits are right at the start, and each step of Newton's doubles them. */
function oddInverse(factor: number): number {
  let inverse = factor;
  for (let step = 0; step < 4; step += 1) inverse = Math.imul(inverse, 2 - Math.imul(factor, inverse));
  return inverse;
}

function check(size: number, value: number): void {
  // Without this a value past the end could walk for ever.
  if (!(value >= 0 && value < size && size <= MOST)) throw new RangeError('outside the run');
}
