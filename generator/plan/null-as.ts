// What stands for NULL in a column: checked against the column's type, so that a NOT NULL column may lack values.
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import type { PlanBuilder, PlanReference } from '../../spec/plan.ts';
import type { ColumnSpec, ReferenceSpec, TableSpec } from '../../spec/spec.ts';
import type { Problems } from './problems.ts';
import type { PlanContext } from './resolve-references.ts';
import { isNumberType, isTextType, numberBounds } from './value-types.ts';

/** The text to write instead of NULL; null where NULL is NULL. Reports one that the column cannot hold. */
export function resolveNullAs(
  path: string,
  column: CatalogColumn,
  spec: ColumnSpec | ReferenceSpec,
  problems: Problems,
): string | null {
  if (!('nullAs' in spec) || spec.nullAs === undefined) return null;
  if (!fits(column, spec.nullAs)) {
    problems.add(`${path}.nullAs`, `a column of type ${column.type} cannot hold this value`);
    return null;
  }
  return String(spec.nullAs);
}

/** The same of a column that a reference makes. */
export function nullAsOfReference(
  key: string,
  column: CatalogColumn,
  table: TableSpec,
  builder: PlanBuilder,
  references: readonly PlanReference[],
  { problems }: PlanContext,
): string | null {
  const name = builder.kind === 'reference' ? references[builder.reference]?.name : undefined;
  const spec = name === undefined ? undefined : table.references[name];
  return spec === undefined ? null : resolveNullAs(`tables.${key}.references.${name}`, column, spec, problems);
}

function fits(column: CatalogColumn, value: string | number): boolean {
  if (column.kind === 'array') return false;
  if (isTextType(column.baseType))
    return column.kind !== 'enum' && String(value).length <= (column.maxLength ?? Number.POSITIVE_INFINITY);
  if (!isNumberType(column.baseType) || column.baseType === 'bool') return false;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return false;
  const { min, max } = numberBounds(column, 0);
  return value >= min && value <= max;
}
