// Keys against the type of the columns that refer to them: an int4 beside a bigint key runs over long before the key does.
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { PlanTable } from '../../spec/plan.ts';
import { largestFit } from './largest-fit.ts';
import type { PreflightContext } from './preflight-context.ts';
import { originOf } from './text-length.ts';
import { isNumberType, numberBounds } from './value-types.ts';

/** Reports references whose column cannot hold the largest key. */
export function checkReferredKeys(context: PreflightContext, table: PlanTable, catalog: CatalogTable): void {
  for (const column of table.columns) {
    const found = catalog.columns.find((candidate) => candidate.name === column.name);
    const origin = column.builder.kind === 'reference' ? originOf(context.tables, table, column) : null;
    if (found === undefined || origin?.column.builder.kind !== 'sequence' || !isNumberType(found.baseType)) continue;
    const { start, step } = origin.column.builder;
    const { min, max } = numberBounds(found, 0);
    const last = start + step * Math.max(0, origin.table.rows - 1);
    if (Math.min(start, last) >= min && Math.max(start, last) <= max) continue;
    const most = step === 0 ? 0 : Math.floor((step > 0 ? max - start : start - min) / Math.abs(step)) + 1;
    context.problems.add(
      `tables.${table.name}.columns.${column.name}`,
      `keys of ${origin.table.name} go up to ${last} and do not fit ${found.type} (${min} to ${max}): ${largestFit(context, origin.table.name, origin.table.rows, most)}, or widen the column`,
    );
  }
}
