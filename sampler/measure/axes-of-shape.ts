// The axes of another pack, for measuring a synthetic copy with exactly the same bins.
import type { CatalogEnum } from '../../postgres/catalog/catalog.ts';
import type { Marginal, Pack } from '../../spec/pack.ts';
import { findColumn, type SourceColumn, type SourceTable } from '../introspect/source.ts';
import { type AxisRequest, type ColumnAxis, declaredLabels, type LabelSource } from './axes.ts';
import { isJson, isNumber, isSeconds, isTextLike, isTime, isTimestamp, lengthOf } from './column-types.ts';
import { mayHaveForm } from './identifier-form.ts';

/** The pack's axes over this table's columns, as far as the columns exist and can be cut that way. Pure. */
export function axesOfShape(table: SourceTable, shape: Pack, enums: readonly CatalogEnum[]): AxisRequest[] {
  return shape.marginals
    .filter((marginal) => marginal.table === table.key)
    .flatMap((marginal) => singleColumnAxis(marginal))
    .flatMap((axis): AxisRequest[] => {
      const column = findColumn(table, axis.column);
      if (column === undefined || !isMeasurable(column, axis)) return [];
      return [axis.kind === 'category' ? requestCategory(column, axis, enums) : { column, axis, labels: null }];
    });
}

function singleColumnAxis({ axes }: Marginal): ColumnAxis[] {
  const [axis] = axes;
  return axes.length === 1 && axis !== undefined && axis.kind !== 'degree' && axis.kind !== 'repeat' ? [axis] : [];
}

function isMeasurable(column: SourceColumn, axis: ColumnAxis): boolean {
  switch (axis.kind) {
    case 'presence':
      return true;
    case 'number':
      return isNumber(column) || isSeconds(column);
    case 'length':
      return lengthOf(column) === axis.of || (axis.of === 'keys' && isJson(column));
    case 'category':
      return isTextLike(column) || ['bool', 'enum'].includes(column.baseType) || column.kind === 'enum';
    case 'time':
      return isTime(column);
    case 'hourOfWeek':
      return isTimestamp(column);
    case 'resolution':
      return isTimestamp(column) || isSeconds(column);
    case 'form':
      return mayHaveForm(column);
    case 'depth':
      return false;
  }
}

// Tokens of two salts never match, so the labels of a copy are looked for anew and compared by rank.
function requestCategory(
  column: SourceColumn,
  axis: ColumnAxis & { kind: 'category' },
  enums: readonly CatalogEnum[],
): AxisRequest {
  const declared = declaredLabels(column, enums);
  if (declared !== null) return { column, axis: { ...axis, labels: declared.map((label) => ({ label })) }, labels: 'declared' };
  const isClear = axis.labels.length > 0 && axis.labels.every((category) => 'label' in category);
  const labels: LabelSource = isClear ? 'clear' : 'token';
  return { column, axis: { ...axis, labels: [] }, labels };
}
