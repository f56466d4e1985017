// Byte columns: lengths by the spec; where all values differ, the last bytes hold the row's number.
import type { PlanBuilder } from '../../spec/plan.ts';
import type { ColumnSpec } from '../../spec/spec.ts';
import { type ColumnRequest, fits, keyOf, report } from './column-request.ts';
import { discretise, planHistogram } from './histogram.ts';
import { lengthLimits } from './value-types.ts';

/** Random bytes, or null after reporting why not. */
export function bytesBuilder(request: ColumnRequest, spec: ColumnSpec & { kind: 'bytes' }): PlanBuilder | null {
  if (!fits(request, request.column.baseType === 'bytea')) return null;
  const codeBytes = spec.isUnique === true ? bytesNeeded(request.rows) : 0;
  const { max } = lengthLimits(request.column);
  if (codeBytes > max) {
    report(request, `${request.rows} different values do not fit ${max} bytes: lower the rows`);
    return null;
  }
  const bins = discretise(spec.length, 0, request.values, { min: codeBytes, max });
  return { kind: 'bytes', lengths: planHistogram(bins), codeBytes, key: keyOf(request, 'bytes') };
}

function bytesNeeded(rows: number): number {
  let bytes = 1;
  for (let values = 256; values < rows; values *= 256) bytes += 1;
  return bytes;
}
