// Two marginals over one axis brought to the same classes. The reference's released cells are the classes, and one more holds
// the rest; the candidate's rows are put where their values lie. Labels are matched by text, hidden ones by rank.
import { type BinnedCount, flattenCells, splitNestedCells } from '../../stats/nested-bins.ts';
import { type Axis, binningOf } from '../axis.ts';
import type { Marginal } from '../pack.ts';

/** Rows per class, reference and candidate; the last class is the rest. Each side sums to its total. */
export interface AlignedCounts {
  readonly reference: readonly number[];
  readonly candidate: readonly number[];
}

type Labels = Extract<Axis, { kind: 'category' }>['labels'];

/** Both marginals must have one axis of the same kind and decimals. */
export function alignMarginals(reference: Marginal, candidate: Marginal): AlignedCounts {
  const [axis] = reference.axes;
  const [other] = candidate.axes;
  if (axis?.kind === 'category' && other?.kind === 'category') {
    return alignLabels({ labels: axis.labels, marginal: reference }, { labels: other.labels, marginal: candidate });
  }
  if (axis === undefined || other === undefined) return { reference: [reference.total], candidate: [candidate.total] };
  return alignRanges(reference, candidate, axis, other);
}

function alignRanges(reference: Marginal, candidate: Marginal, axis: Axis, other: Axis): AlignedCounts {
  const cells = splitNestedCells(binningOf(axis), reference.cells);
  const classes = cells
    .flatMap(({ parts }, owner) => parts.map(({ from, to }) => ({ from, to, owner })))
    .sort((left, right) => left.from - right.from);
  const counts = new Array<number>(cells.length).fill(0);
  let inside = 0;
  overlay(flattenCells(binningOf(other), candidate.cells), classes, (owner, count) => {
    counts[owner] = (counts[owner] ?? 0) + count;
    inside += count;
  });
  return {
    reference: [...cells.map((cell) => cell.count), reference.other],
    candidate: [...counts, Math.max(0, candidate.total - inside)],
  };
}

/** Shares each bin among the classes that it overlaps, by width. Both lists are disjoint and rising. */
function overlay(
  bins: readonly BinnedCount[],
  classes: readonly { readonly from: number; readonly to: number; readonly owner: number }[],
  give: (owner: number, count: number) => void,
): void {
  let first = 0;
  for (const bin of bins) {
    while ((classes[first]?.to ?? Number.POSITIVE_INFINITY) <= bin.from) first += 1;
    for (let at = first; (classes[at]?.from ?? Number.POSITIVE_INFINITY) < bin.to; at += 1) {
      const part = classes[at];
      if (part === undefined) break;
      const shared = Math.min(bin.to, part.to) - Math.max(bin.from, part.from);
      if (shared > 0) give(part.owner, (bin.count * shared) / (bin.to - bin.from));
    }
  }
}

interface LabelledMarginal {
  readonly labels: Labels;
  readonly marginal: Marginal;
}

function alignLabels(reference: LabelledMarginal, candidate: LabelledMarginal): AlignedCounts {
  const wanted = splitLabels(reference);
  const found = splitLabels(candidate);
  const inClear = [...wanted.inClear.keys()];
  // A synthetic label that is hidden in production is in no one's clear list, so what is left on either side is ranked.
  const hidden = wanted.ranked.length;
  const left = [...found.ranked, ...[...found.inClear].filter(([label]) => !wanted.inClear.has(label)).map(([, count]) => count)];
  const ranked = left.sort((one, two) => two - one).slice(0, hidden);
  const counts = [...inClear.map((label) => found.inClear.get(label) ?? 0), ...pad(ranked, hidden)];
  return {
    reference: [...wanted.inClear.values(), ...wanted.ranked, reference.marginal.other],
    candidate: [...counts, Math.max(0, candidate.marginal.total - counts.reduce((sum, count) => sum + count, 0))],
  };
}

function pad(values: readonly number[], length: number): number[] {
  return Array.from({ length }, (_, index) => values[index] ?? 0);
}

/** Released labels in clear with their counts; those behind tokens as counts in falling order. */
function splitLabels({ labels, marginal }: LabelledMarginal): { inClear: Map<string, number>; ranked: number[] } {
  const inClear = new Map<string, number>();
  const ranked: number[] = [];
  for (const [, bin = -1, count = 0] of marginal.cells) {
    const label = labels[bin];
    if (label === undefined) continue;
    if ('label' in label) inClear.set(label.label, (inClear.get(label.label) ?? 0) + count);
    else ranked.push(count);
  }
  return { inClear, ranked: ranked.sort((left, right) => right - left) };
}
