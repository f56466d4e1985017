// Which length each hidden label has: tokens tell how often a label occurs, the length marginal how often a length occurs, and
// nothing says which belongs to which. The heaviest label takes the length with the most rows left, and so on down.
import type { BinnedCount } from '../../stats/nested-bins.ts';

const LETTERS = 36;

export interface LabelLengths {
  /** One per weight, in the order given. */
  readonly lengths: readonly number[];
  /** What the labels did not use up. */
  readonly rest: readonly BinnedCount[];
}

interface OpenLength {
  readonly from: number;
  readonly to: number;
  left: number;
}

/** Greedy; at most 36^length labels get the same length, so that they can be told apart. Null when there are no lengths. */
export function assignLengths(weights: readonly number[], bins: readonly BinnedCount[]): LabelLengths | null {
  if (bins.length === 0) return null;
  const open: OpenLength[] = bins.map(({ from, to, count }) => ({ from, to, left: count }));
  const used = new Map<number, number>();
  const lengths = new Array<number>(weights.length).fill(0);
  const byWeight = weights.map((weight, index) => ({ weight, index })).sort((left, right) => right.weight - left.weight);
  for (const { weight, index } of byWeight) {
    const bin = heaviestWithRoom(open, used);
    const length = bin === null ? longestOf(bins) : pickLength(bin, used);
    used.set(length, (used.get(length) ?? 0) + 1);
    if (bin !== null) bin.left = Math.max(0, bin.left - weight);
    lengths[index] = length;
  }
  return { lengths, rest: open.map(({ from, to, left }) => ({ from, to, count: left })).filter((bin) => bin.count > 0) };
}

function heaviestWithRoom(open: readonly OpenLength[], used: ReadonlyMap<number, number>): OpenLength | null {
  return open.reduce<OpenLength | null>(
    (best, bin) => (hasRoom(pickLength(bin, used), used) && (best === null || bin.left > best.left) ? bin : best),
    null,
  );
}

/** The middle of the bin, or its longest length when the middle is used up. */
function pickLength(bin: OpenLength, used: ReadonlyMap<number, number>): number {
  const middle = Math.floor((bin.from + bin.to - 1) / 2);
  return hasRoom(middle, used) ? middle : bin.to - 1;
}

function hasRoom(length: number, used: ReadonlyMap<number, number>): boolean {
  return (used.get(length) ?? 0) < LETTERS ** length;
}

/** Every short length is used up: the generator lengthens what does not fit. */
function longestOf(bins: readonly BinnedCount[]): number {
  return bins.reduce((longest, bin) => Math.max(longest, bin.to - 1), Number.NEGATIVE_INFINITY);
}
