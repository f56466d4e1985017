// Columns that follow from a row's number or its place: serial numbers, ordinals among siblings, templates, uuids.
import type { PlanBuilder } from '../../spec/plan.ts';
import type { ColumnSpec } from '../../spec/spec.ts';
import { type ColumnRequest, checkNames, fits, keyOf, report, wayOut } from './column-request.ts';
import { repeatRows } from './repeat-bins.ts';
import { allowsNumber } from './restrict-labels.ts';
import { isNumberType, isTextType, numberBounds } from './value-types.ts';

/** Whole numbers in the order of the rows; null after reporting why there is none. */
export function sequenceBuilder(request: ColumnRequest, spec: { start: number; step: number }): PlanBuilder | null {
  if (!fits(request, isNumberType(request.column.baseType) || isTextType(request.column.baseType))) return null;
  const last = spec.start + spec.step * Math.max(0, request.rows - 1);
  const bounds = isTextType(request.column.baseType) ? { min: 0, max: Number.MAX_SAFE_INTEGER } : numberBounds(request.column, 0);
  if (Math.min(spec.start, last) < bounds.min || Math.max(spec.start, last) > bounds.max) {
    report(
      request,
      `${request.rows} keys from ${spec.start} on do not fit ${request.column.type} (at most ${bounds.max}): ${wayOut(request, sequenceLength(spec, bounds))}, or widen the column`,
    );
    return null;
  }
  if (request.rows > 0 && !(allowsNumber(request.restriction, spec.start, 0) && allowsNumber(request.restriction, last, 0)))
    report(request, `keys from ${spec.start} to ${last} are not all allowed by ${checkNames(request)}: change start or step`);
  return { kind: 'sequence', start: spec.start, step: spec.step };
}

/** The place of a child among those of its parent; null after reporting why there is none. */
export function ordinalBuilder(request: ColumnRequest, spec: { reference: string; start: number }): PlanBuilder | null {
  if (!fits(request, isNumberType(request.column.baseType))) return null;
  const index = request.references.findIndex((reference) => reference.name === spec.reference);
  const found = request.references[index];
  const curves = found?.tree?.curves ?? (found?.curve ? [found.curve] : []);
  if (curves.length === 0 && request.rows > 0) {
    report(request, `${spec.reference} is no reference of this table with a fanOut`);
    return null;
  }
  const { max } = numberBounds(request.column, 0);
  // A root that points at itself is one of its own children.
  const own = found?.tree?.rootsPointAtThemselves === true ? 1 : 0;
  const largest = curves.reduce((most, { degree }) => Math.max(most, degree.at(-1) ?? 0), 0) + own;
  const last = spec.start + Math.max(largest, found?.nulls ?? 0) - 1;
  if (last > max) {
    report(
      request,
      `counts up to ${last} and ${request.column.type} holds ${max} at most: flatten the fanOut of ${spec.reference}`,
    );
    return null;
  }
  return { kind: 'ordinal', reference: index, start: spec.start };
}

/** How many numbers from `start` on are inside the bounds. */
function sequenceLength({ start, step }: { start: number; step: number }, { min, max }: { min: number; max: number }): number {
  if (start < min || start > max) return 0;
  return step === 0 ? Number.MAX_SAFE_INTEGER : Math.floor((step > 0 ? max - start : start - min) / Math.abs(step)) + 1;
}

/** A text with the number of the row in it; null after reporting why there is none. */
export function templateBuilder(request: ColumnRequest, pattern: string): PlanBuilder | null {
  if (!fits(request, isTextType(request.column.baseType))) return null;
  const [before = '', after, ...more] = pattern.split('{row}');
  if (after === undefined || more.length > 0) {
    report(request, 'the template needs {row} exactly once: correct it, or use a constant');
    return null;
  }
  const longest = before.length + after.length + String(request.rows).length;
  if (request.column.maxLength !== null && longest > request.column.maxLength) {
    report(
      request,
      `needs ${longest} characters and the column takes ${request.column.maxLength}: shorten the template, or widen the column`,
    );
    return null;
  }
  return { kind: 'template', before, after };
}

/** A uuid for each row. */
export function uuidBuilder(request: ColumnRequest, spec: ColumnSpec & { kind: 'uuid' }): PlanBuilder {
  const repeats = repeatRows(request.values, spec.repeats);
  const builder = { kind: 'uuid', version: spec.version ?? 4, key: keyOf(request, 'uuid') } as const;
  return repeats === undefined ? builder : { ...builder, repeats };
}
