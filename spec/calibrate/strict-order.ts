// How strictly two axes ascend together, from the pack's own cells: joined cells are taken as they are, because what lies inside one
// says nothing about order.
import { FIRST_CLASS, type PairAxis } from '../pair-axis.ts';

/** Below this it is no order worth saying. */
const LEAST = 0.9;

interface Block {
  /** Single classes on each axis, both inclusive. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly count: number;
}

/**
 * Goodman and Kruskal's gamma (1954), -1 to 1: of all pairs of rows in cells apart on both axes the share that ascends less the share that
 * descends. Null for other pairs than the heap beside an axis with an order, and for loose orders.
 */
export function strictOrder(axes: readonly PairAxis[], cells: readonly (readonly number[])[]): number | null {
  const [first, second] = axes;
  if (first === undefined || second === undefined || !isHeap(first) === !isHeap(second)) return null;
  if (![first, second].every(isOrdered)) return null;
  const blocks = cells.flatMap(([level = 0, one = 0, two = 0, count = 0]): Block[] => {
    if (one < FIRST_CLASS || two < FIRST_CLASS) return [];
    // A joined class stands for 2^level classes in a row (coarseClass in spec/pair-axis.ts).
    const from = [first, second].map((_, at) => (((at === 0 ? one : two) - FIRST_CLASS) << level) + FIRST_CLASS);
    return [{ from, to: from.map((start) => start + 2 ** level - 1), count }];
  });
  let ascending = 0;
  let descending = 0;
  for (const [at, one] of blocks.entries()) {
    for (const two of blocks.slice(at + 1)) {
      const direction = side(one, two, 0) * side(one, two, 1);
      if (direction > 0) ascending += one.count * two.count;
      if (direction < 0) descending += one.count * two.count;
    }
  }
  const gamma = ascending + descending === 0 ? 0 : (ascending - descending) / (ascending + descending);
  return gamma < LEAST ? null : Math.round(gamma * 1e4) / 1e4;
}

function side(one: Block, two: Block, axis: 0 | 1): number {
  if ((one.to[axis] ?? 0) < (two.from[axis] ?? 0)) return 1;
  return (two.to[axis] ?? 0) < (one.from[axis] ?? 0) ? -1 : 0;
}

function isHeap(axis: PairAxis): boolean {
  return axis.kind === 'heap' && axis.via === undefined;
}

function isOrdered(axis: PairAxis): boolean {
  return ['heap', 'number', 'time', 'length'].includes(axis.kind);
}
