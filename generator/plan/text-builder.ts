// Texts: labels by weight, and made up ones by length.
import type { Distribution } from '../../spec/distribution.ts';
import type { PlanBuilder, PlanText } from '../../spec/plan.ts';
import type { Repeats } from '../../spec/repeats.ts';
import type { ColumnSpec } from '../../spec/spec.ts';
import { apportion, runningSums } from '../../stats/apportion.ts';
import { type ColumnRequest, fits, keyOf, report, wayOut } from './column-request.ts';
import { discretise } from './histogram.ts';
import { makeLabels } from './make-labels.ts';
import { booleanBuilder } from './number-builder.ts';
import { repeatTexts } from './repeat-bins.ts';
import { restrictCategory } from './restrict-labels.ts';
import { isTextType, lengthLimits } from './value-types.ts';

/** Labels by weight; null after reporting why there are none. */
export function categoryBuilder(request: ColumnRequest, given: ColumnSpec & { kind: 'category' }): PlanBuilder | null {
  const { column, restriction } = request;
  const spec = restrictCategory(given, restriction);
  if (column.baseType === 'bool') return booleanCategory(request, spec);
  if (!fits(request, isTextType(column.baseType) || column.kind === 'enum')) return null;
  const labels = makeLabels(spec.values, column.maxLength, keyOf(request, 'labels'));
  const tooLong = labels.find((label) => column.maxLength !== null && label.length > column.maxLength);
  if (tooLong !== undefined)
    report(
      request,
      `a label is longer than the ${column.maxLength} characters of the column: shorten it here, or widen the column`,
    );
  const weights = [...spec.values.map((value) => value.weight), spec.other?.weight ?? 0];
  const counts = apportion(weights, request.values);
  const others = counts.at(-1) ?? 0;
  const other =
    spec.other === undefined || others === 0
      ? null
      : textBuilder(request, spec.other.length, { isUnique: false, values: others, repeats: spec.other.repeats });
  return { kind: 'labels', labels, cumulative: runningSums(counts), other };
}

function booleanCategory(request: ColumnRequest, spec: ColumnSpec & { kind: 'category' }): PlanBuilder | null {
  const weightOf = (label: string) =>
    spec.values.reduce((sum, value) => sum + ('label' in value && value.label === label ? value.weight : 0), 0);
  return booleanBuilder(request, { no: weightOf('false'), yes: weightOf('true') });
}

/** Texts by length; null after reporting why there are none. */
export function textBuilder(
  request: ColumnRequest,
  lengths: Distribution,
  { isUnique, values, repeats }: { readonly isUnique: boolean; readonly values: number; readonly repeats: Repeats | undefined },
): (PlanText & { kind: 'text' }) | null {
  const codeDigits = isUnique ? digitsBase36(request.rows) : 0;
  const { minLength, maxLength } = request.restriction;
  const limits = lengthLimits(request.column);
  const max = Math.min(limits.max, maxLength);
  if (codeDigits > max) {
    report(
      request,
      `${request.rows} different texts do not fit ${max} characters: ${wayOut(request, 36 ** max)}, or widen the column`,
    );
    return null;
  }
  const bins = discretise(lengths, 0, values, { min: Math.max(limits.min, codeDigits, minLength), max });
  const { histogram, ...shared } = repeatTexts(bins, isUnique ? undefined : repeats);
  return { kind: 'text', lengths: histogram, ...shared, key: keyOf(request, 'text'), codeDigits };
}

function digitsBase36(rows: number): number {
  return Math.max(1, (Math.max(1, rows) - 1).toString(36).length);
}
