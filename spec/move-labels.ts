// Category axes count labels by position in a list. When the list becomes another one (the pack's labels those of the spec, a fitted
// column one that somebody wrote) the positions move, and rows of a label that is no longer there are rows of some other value.
import type { AxisColumn } from './axis-fault.ts';
import { FIRST_CLASS, OTHER_CLASS, type PairAxis } from './pair-axis.ts';
import { type CountMatrix, emptyMatrix } from './pair-cells.ts';

/** An axis after a move, and the new class of each old one. */
export interface MovedAxis {
  readonly axis: PairAxis;
  /** Null: every class stays what it is. */
  readonly classes: readonly number[] | null;
}

/** Labels of a column by position, in a form that two lists can be compared by; null for what is no category. */
export function namesOfLabels(column: AxisColumn): string[] | null {
  if (column.kind === 'boolean') return ['label false', 'label true'];
  return column.kind === 'category' ? (column.values ?? []).map(nameOfLabel) : null;
}

/** `label x` or `token x`. */
export function nameOfLabel(value: unknown): string {
  if (value === null || typeof value !== 'object') return '';
  return 'label' in value ? `label ${String(value.label)}` : 'token' in value ? `token ${String(value.token)}` : '';
}

/** The axis over the labels `to`, where its positions meant `from`; null where none of its labels is left. Other axes stay. */
export function moveLabels(axis: PairAxis, from: readonly string[] | null, to: readonly string[] | null): MovedAxis | null {
  if (axis.kind !== 'category') return { axis, classes: null };
  if (from === null || to === null) return null;
  const moved = axis.labels.map((label) => to.indexOf(from[label] ?? ''));
  const kept = [...new Set(moved.filter((label) => label >= 0))];
  if (kept.length === 0) return null;
  const classOf = (label: number) => (label < 0 ? OTHER_CLASS : FIRST_CLASS + kept.indexOf(label));
  return { axis: { ...axis, labels: kept }, classes: [0, OTHER_CLASS, ...moved.map(classOf)] };
}

/** The counts by the classes of the moved axes; counts that meet in one class are added, and belong to the block of the last. */
export function moveCounts({ blocks, columns, counts }: CountMatrix, moved: readonly MovedAxis[]): CountMatrix {
  const result = emptyMatrix(moved.map(({ axis }) => axis));
  counts.forEach((count, at) => {
    const block = blocks[at] ?? 0;
    if (count === 0 && block === 0) return;
    const first = Math.floor(at / columns);
    const second = at - first * columns;
    const place = (moved[0]?.classes?.[first] ?? first) * result.columns + (moved[1]?.classes?.[second] ?? second);
    result.counts[place] = (result.counts[place] ?? 0) + count;
    if (block !== 0) result.blocks[place] = block;
  });
  return result;
}
