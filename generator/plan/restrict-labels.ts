// Categories and constants under a CHECK: labels that are not allowed become allowed ones that nobody uses yet; when none is left they
// are shared by all.
import type { ColumnSpec } from '../../spec/spec.ts';
import { wholeIntervals } from './clip-numbers.ts';
import type { Restriction } from './restriction.ts';

type CategorySpec = ColumnSpec & { kind: 'category' };

/** The same weights over labels that the restriction allows. Without one allowed label the category stays empty. */
export function restrictCategory(spec: CategorySpec, restriction: Restriction): CategorySpec {
  const { labels, minLength, maxLength } = restriction;
  if (labels === null) {
    const fitLength = (length: number) => Math.min(Math.max(length, minLength), maxLength);
    return {
      ...spec,
      values: spec.values.map((value) =>
        'token' in value && value.length !== undefined ? { ...value, length: fitLength(value.length) } : value,
      ),
    };
  }
  const weights = new Map<string, number>();
  const homeless: number[] = [];
  for (const value of spec.values) {
    if ('label' in value && labels.includes(value.label))
      weights.set(value.label, (weights.get(value.label) ?? 0) + value.weight);
    else homeless.push(value.weight);
  }
  const free = labels.filter((label) => !weights.has(label));
  for (const weight of homeless.sort((left, right) => right - left)) {
    const label = free.shift();
    if (label !== undefined) weights.set(label, weight);
  }
  const isEmpty = [...weights.values()].every((weight) => weight === 0);
  const values = isEmpty
    ? labels.map((label) => ({ label, weight: 1 }))
    : [...weights].map(([label, weight]) => ({ label, weight }));
  const { other: _, ...rest } = spec;
  return { ...rest, values };
}

/** Whether a number, in the column's own unit, is allowed. */
export function allowsNumber({ intervals }: Restriction, value: number, decimals: number): boolean {
  if (intervals === null) return true;
  const scaled = Math.round(value * 10 ** decimals);
  return wholeIntervals(intervals, decimals).some(({ from, to }) => scaled >= from && scaled < to);
}

/** Whether a text is allowed. */
export function allowsText({ labels, minLength, maxLength }: Restriction, text: string): boolean {
  const length = [...text].length;
  return (labels === null || labels.includes(text)) && length >= minLength && length <= maxLength;
}
