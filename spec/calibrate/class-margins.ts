// How many rows each class of a coarse axis has, by the pack's marginal over that axis alone: folding hides much more of a pair
// than of an axis (in one data set nine rows of ten stood in joined cells), so this is what joined cells are taken apart by.
import type { Marginal, PairMarginal } from '../pack.ts';
import { FIRST_CLASS, NULL_CLASS, OTHER_CLASS, type PairAxis } from '../pair-axis.ts';
import { emptyMatrix } from '../pair-cells.ts';
import { binsOf } from './fit-or-bins.ts';
import type { PackIndex } from './pack-index.ts';

/** Shares of the classes in any scale; null where the pack does not count the axis over the same rows. */
export function classMargins(index: PackIndex, pair: PairMarginal, axis: PairAxis): Float64Array | null {
  if ('ofChild' in axis && axis.ofChild !== undefined) return null;
  // The degree per class of the children counts a parent once for each class.
  if (pair.axes.some((each) => 'ofChild' in each && each.ofChild !== undefined)) return null;
  if ('via' in axis && axis.via !== undefined) return null;
  const counts = emptyMatrix([axis]).counts;
  if (axis.kind === 'heap') return counts.fill(1, FIRST_CLASS);
  const fine = findFine(index, pair.table, axis);
  if (fine === null || fine.cells.length === 0) return null;
  addClasses(counts, axis, fine);
  counts[NULL_CLASS] = axis.kind === 'presence' ? (counts[NULL_CLASS] ?? 0) : Math.max(0, pair.total - fine.total);
  return counts;
}

function findFine({ marginals }: PackIndex, table: string, axis: PairAxis): Marginal | null {
  const place =
    axis.kind === 'degree'
      ? [table, 'degree', axis.child, axis.columns]
      : 'column' in axis
        ? [table, axis.kind === 'length' && axis.of === 'keys' ? 'keys' : axis.kind, axis.column]
        : [];
  return marginals.get(JSON.stringify(place)) ?? null;
}

function addClasses(counts: Float64Array, axis: PairAxis, fine: Marginal): void {
  if (axis.kind === 'presence') {
    for (const [, bin, count = 0] of fine.cells) add(counts, bin === 0 ? NULL_CLASS : FIRST_CLASS, count);
  } else if (axis.kind === 'category') {
    for (const [, bin = -1, count = 0] of fine.cells) {
      const at = axis.labels.indexOf(bin);
      add(counts, at < 0 ? OTHER_CLASS : FIRST_CLASS + at, count);
    }
    add(counts, OTHER_CLASS, fine.other);
  } else if ('cuts' in axis) {
    addBins(counts, axis.cuts, fine);
  }
}

/** A bin that a cut goes through belongs to both sides in proportion. */
function addBins(counts: Float64Array, cuts: readonly number[], fine: Marginal): void {
  const edges = [Number.NEGATIVE_INFINITY, ...cuts, Number.POSITIVE_INFINITY];
  for (const { count, from, to } of binsOf(fine)) {
    for (let at = 0; at + 1 < edges.length; at += 1) {
      const inside = Math.min(to, edges[at + 1] ?? to) - Math.max(from, edges[at] ?? from);
      if (inside > 0) add(counts, FIRST_CLASS + at, (count * inside) / (to - from));
    }
  }
}

function add(counts: Float64Array, at: number, count: number): void {
  counts[at] = (counts[at] ?? 0) + count;
}
