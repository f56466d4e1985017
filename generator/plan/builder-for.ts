// From a column's spec to its builder: everything floating point is decided here and frozen as whole numbers.
import type { PlanBuilder } from '../../spec/plan.ts';
import { arrayBuilder } from './array-builder.ts';
import { bytesBuilder } from './bytes-builder.ts';
import { type ColumnRequest, fits, report } from './column-request.ts';
import { degreeClassBuilder } from './degree-class-builder.ts';
import { idBuilder } from './id-builder.ts';
import { jsonBuilder } from './json-builder.ts';
import { booleanBuilder, constantBuilder, numberBuilder } from './number-builder.ts';
import { ordinalBuilder, sequenceBuilder, templateBuilder, uuidBuilder } from './row-builders.ts';
import { categoryBuilder, textBuilder } from './text-builder.ts';
import { delayBuilder, timeBuilder } from './time-builder.ts';
import { isTextType } from './value-types.ts';

/** The builder, or null after reporting why there is none. */
export function builderFor(request: ColumnRequest): PlanBuilder | null {
  const { spec } = request;
  switch (spec.kind) {
    case 'sequence':
      return sequenceBuilder(request, spec);
    case 'uuid':
      return fits(request, request.column.baseType === 'uuid' || isTextType(request.column.baseType))
        ? uuidBuilder(request, spec)
        : null;
    case 'template':
      return templateBuilder(request, spec.template);
    case 'number':
      return numberBuilder(request, spec.distribution, spec.isUnique === true, spec.repeats);
    case 'boolean':
      return booleanBuilder(request, { no: 1 - spec.trueFraction, yes: spec.trueFraction });
    case 'category':
      return categoryBuilder(request, spec);
    case 'text':
      if (request.restriction.labels !== null) return categoryBuilder(request, { kind: 'category', values: [], nullFraction: 0 });
      return fits(request, isTextType(request.column.baseType))
        ? textBuilder(request, spec.length, { isUnique: spec.isUnique === true, values: request.values, repeats: spec.repeats })
        : null;
    case 'time':
      return timeBuilder(request, spec);
    case 'delay':
      return delayBuilder(request, spec);
    case 'degreeClass':
      return degreeClassBuilder(request, spec);
    case 'ordinal':
      return ordinalBuilder(request, spec);
    case 'id':
      return idBuilder(request, spec);
    case 'bytes':
      return bytesBuilder(request, spec);
    case 'json':
      return jsonBuilder(request, spec);
    case 'array':
      return arrayBuilder(request, spec);
    case 'constant':
      return constantBuilder(request, spec.value);
    case 'server':
      return null;
    case 'unsupported':
      report(
        request,
        `has type ${spec.type}, which no builder makes: exclude the column in the policy (excludedColumns), or give it a constant in the spec (kind: constant)`,
      );
      return null;
  }
}
