// Labels that say how many children a row has.
import type { PlanBuilder } from '../../spec/plan.ts';
import type { ColumnSpec } from '../../spec/spec.ts';
import { type ColumnRequest, fits, report } from './column-request.ts';
import { isTextType } from './value-types.ts';

/** What a row is called for the number of its children; null after reporting why there is none. */
export function degreeClassBuilder(request: ColumnRequest, spec: ColumnSpec & { kind: 'degreeClass' }): PlanBuilder | null {
  if (!fits(request, isTextType(request.column.baseType) || request.column.kind === 'enum')) return null;
  const table = request.context.index.get(spec.child);
  const references = request.context.spec.tables[spec.child]?.references ?? {};
  const reference = Object.keys(references).indexOf(spec.reference);
  if (table === undefined || reference < 0 || references[spec.reference]?.table !== request.key) {
    report(request, `${spec.child} has no reference ${spec.reference} to this table: name one that it has`);
    return null;
  }
  return {
    kind: 'degreeClass',
    table,
    reference,
    upTo: spec.classes.map((one) => one.upTo),
    labels: spec.classes.map((one) => one.label),
  };
}
