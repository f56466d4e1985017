// Which value of a category's spec each label of the plan stands for. Mostly they stand in one order; under a CHECK some labels were
// given to other values (restrict-labels.ts), the heaviest first.
import type { PlanBuilder } from '../../../spec/plan.ts';
import type { ColumnSpec } from '../../../spec/spec.ts';
import { apportion } from '../../../stats/apportion.ts';

type CategorySpec = ColumnSpec & { kind: 'category' };
type LabelsBuilder = PlanBuilder & { kind: 'labels' };

/** By label of the plan: a position in the spec's values, or -1 for a label that no value of the spec became. */
export function labelPositions(spec: CategorySpec, builder: LabelsBuilder): number[] {
  if (isInOrder(spec, builder)) return builder.labels.map((_, at) => at);
  const named = builder.labels.map((label) => spec.values.findIndex((value) => 'label' in value && value.label === label));
  const homeless = spec.values
    .map((value, position) => ({ position, weight: value.weight }))
    .filter(({ position }) => !named.includes(position) && !isNamed(spec.values[position], builder.labels))
    .sort((left, right) => right.weight - left.weight);
  return named.map((position) => (position >= 0 ? position : (homeless.shift()?.position ?? -1)));
}

function isNamed(value: CategorySpec['values'][number] | undefined, labels: readonly string[]): boolean {
  return value !== undefined && 'label' in value && labels.includes(value.label);
}

/** Labels where the spec has them, and as many rows of each as the spec's weights give. */
function isInOrder({ other, values }: CategorySpec, { cumulative, labels }: LabelsBuilder): boolean {
  if (labels.length !== values.length) return false;
  const counts = apportion([...values.map(({ weight }) => weight), other?.weight ?? 0], cumulative.at(-1) ?? 0);
  return values.every((value, at) => {
    const isSame = !('label' in value) || value.label === labels[at];
    return isSame && (cumulative[at + 1] ?? 0) - (cumulative[at] ?? 0) === counts[at];
  });
}
