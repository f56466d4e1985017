// A pack's pair axis on another database. Cuts are numbers and stay; labels are matched as compare matches them: those in clear by
// text, tokens by rank, because tokens of two salts never meet.
import type { Marginal, Pack } from '../../../spec/pack.ts';
import type { PairAxis } from '../../../spec/pair-axis.ts';

/** A position that no label has: the label does not exist here. */
const NO_LABEL = 1_000_000;

/** The axis for the copy, class by class that of `axis`. `fine`: the copy's one-axis marginal of a category. */
export function copyAxis(axis: PairAxis, table: string, fine: Marginal | undefined, shape: Pack): PairAxis {
  const [own] = fine?.axes ?? [];
  if (axis.kind !== 'category' || fine === undefined || own?.kind !== 'category') return axis;
  const wanted = labelsOf(shape, table, axis.column);
  const ranked = [...fine.cells].sort((left, right) => (right[2] ?? 0) - (left[2] ?? 0)).map(([, bin = NO_LABEL]) => bin);
  const inClear = new Map(own.labels.flatMap((label, at) => ('label' in label ? [[label.label, at] as const] : [])));
  const matched = new Set(wanted.flatMap((label) => ('label' in label ? (inClear.get(label.label) ?? []) : [])));
  const hidden = ranked.filter((position) => !matched.has(position))[Symbol.iterator]();
  const labels = axis.labels.map((position, at) => {
    const label = wanted[position];
    if (label !== undefined && 'label' in label) return inClear.get(label.label) ?? NO_LABEL + at;
    return hidden.next().value ?? NO_LABEL + at;
  });
  return { ...axis, labels };
}

type Labels = Extract<Marginal['axes'][number], { kind: 'category' }>['labels'];

function labelsOf(shape: Pack, table: string, column: string): Labels {
  for (const marginal of shape.marginals) {
    const [axis] = marginal.axes;
    if (marginal.table === table && marginal.axes.length === 1 && axis?.kind === 'category' && axis.column === column) {
      return axis.labels;
    }
  }
  return [];
}
