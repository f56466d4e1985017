// JSON columns: keys and bytes of text are drawn by one rank, so that the objects with most keys are the largest.
import type { PlanBuilder } from '../../spec/plan.ts';
import type { ColumnSpec } from '../../spec/spec.ts';
import { type ColumnRequest, fits, keyOf } from './column-request.ts';
import { discretise, planHistogram } from './histogram.ts';
import { lengthLimits } from './value-types.ts';

/** More keys than this at the top level are no object that somebody reads. */
const MAX_KEYS = 10_000;

/** Opaque objects, or null after reporting why not. */
export function jsonBuilder(request: ColumnRequest, spec: ColumnSpec & { kind: 'json' }): PlanBuilder | null {
  if (!fits(request, request.column.baseType === 'json' || request.column.baseType === 'jsonb')) return null;
  const keys = discretise(spec.keys, 0, request.values, { min: 0, max: MAX_KEYS });
  const bytes = discretise(spec.bytes, 0, request.values, { min: 1, max: lengthLimits(request.column).max });
  return { kind: 'json', keys: planHistogram(keys), bytes: planHistogram(bytes), key: keyOf(request, 'json') };
}
