// Which axes a column gets: its type decides, its role as a key and the planner's estimate of distinct values refine it.
import { formatTableKey } from '../../core/identifiers.ts';
import type { CatalogColumn, CatalogEnum } from '../../postgres/catalog/catalog.ts';
import type { Axis } from '../../spec/axis.ts';
import type { Policy } from '../../spec/policy.ts';
import { COUNT_SUB_BITS, MAGNITUDE_SUB_BITS } from '../../stats/binning.ts';
import type { SourceColumn, SourceTable } from '../introspect/source.ts';
import { checkLabels } from './check-labels.ts';
import { isFloat, isInteger, isJson, isNumber, isSeconds, isTextLike, isTime, isTimestamp, lengthOf } from './column-types.ts';
import { mayHaveForm } from './identifier-form.ts';

/** An axis over a column; degrees count over references (degrees.ts) and repeats over values (repeats/). */
export type ColumnAxis = Exclude<Axis, { kind: 'degree' | 'repeat' }>;

/** declared: the labels of a boolean or enum are in the axis already. listed: those of a CHECK are, and are looked for. clear, token: labels.ts finds them in the rows. */
export type LabelSource = 'declared' | 'listed' | 'clear' | 'token';

export interface AxisRequest {
  readonly column: SourceColumn;
  /** A category whose labels are still to be found has none yet. */
  readonly axis: ColumnAxis;
  /** Only of a category. */
  readonly labels: LabelSource | null;
}

export interface AxisContext {
  readonly table: SourceTable;
  readonly policy: Policy;
  readonly enums: readonly CatalogEnum[];
  readonly isPublicTable: boolean;
}

/** Above this many distinct values a text column is no category: its labels would hardly reach k each. */
const MAX_DISTINCT = 500;
const MAX_DISTINCT_SHARE = 0.2;
/** A table that was never analysed is searched for labels only below about a million rows (100 a page). */
const MAX_PAGES_WITHOUT_ESTIMATE = 10_000;
/** Floats and numerics without a scale are known to a millionth. */
const DEFAULT_DECIMALS = 6;

/** The axes of all columns of a table, in column order. Pure. */
export function chooseAxes(context: AxisContext): AxisRequest[] {
  return context.table.columns.flatMap((column) => axesOf(column, context));
}

function axesOf(column: SourceColumn, context: AxisContext): AxisRequest[] {
  const presence =
    column.isNullable || column.sentinel !== undefined ? [request(column, { kind: 'presence', column: column.name })] : [];
  // A generated column follows from the others: the less is measured, the better.
  if (column.generated || isReference(column, context.table) || isSurrogateKey(column, context.table)) return presence;
  return [...presence, ...shapeAxes(column), ...formAxes(column, context.table), ...categoryAxes(column, context)];
}

function request(column: SourceColumn, axis: ColumnAxis): AxisRequest {
  return { column, axis, labels: null };
}

// A reference's values carry no shape of their own: its fan-out is the degree axis of the parent.
function isReference(column: CatalogColumn, table: SourceTable): boolean {
  return table.references.some((reference) => reference.columns.includes(column.name));
}

// Numbers that only tell rows apart. A text key keeps its length: a copy needs names of the right size.
function isSurrogateKey(column: SourceColumn, table: SourceTable): boolean {
  return isNumber(column) && !isTime(column) && isUnique(column, table);
}

export function isUnique(column: CatalogColumn, { table }: SourceTable): boolean {
  const keys = [...(table.primaryKey === null ? [] : [table.primaryKey]), ...table.uniques];
  const indexes = table.indexes.filter((index) => index.isUnique && !index.isPartial);
  return [...keys, ...indexes].some(({ columns }) => columns.length === 1 && columns[0] === column.name);
}

function shapeAxes(column: SourceColumn): AxisRequest[] {
  const name = column.name;
  if (isSeconds(column)) return secondsAxes(column);
  if (isTime(column)) return timeAxes(column);
  if (isNumber(column)) {
    return [request(column, { kind: 'number', column: name, decimals: decimalsOf(column), subBits: MAGNITUDE_SUB_BITS })];
  }
  const of = lengthOf(column);
  const lengths: ('characters' | 'bytes' | 'elements' | 'keys')[] = of === null ? [] : isJson(column) ? [of, 'keys'] : [of];
  return lengths.map((each) => request(column, { kind: 'length', column: name, of: each, subBits: COUNT_SUB_BITS }));
}

/** To the microsecond, and how fine the values really are. */
function secondsAxes(column: CatalogColumn): AxisRequest[] {
  return [
    request(column, { kind: 'number', column: column.name, decimals: DEFAULT_DECIMALS, subBits: MAGNITUDE_SUB_BITS }),
    request(column, { kind: 'resolution', column: column.name }),
  ];
}

/** What kind of identifier: of all uuids, and of text that tells rows apart. */
function formAxes(column: CatalogColumn, table: SourceTable): AxisRequest[] {
  const hasForm = mayHaveForm(column) && (column.baseType === 'uuid' || isUnique(column, table));
  return hasForm ? [request(column, { kind: 'form', column: column.name })] : [];
}

/** Decimal places at which a number column is measured. */
function decimalsOf(column: CatalogColumn): number {
  if (isInteger(column)) return 0;
  if (isFloat(column) || column.scale === null) return DEFAULT_DECIMALS;
  return Math.min(Math.max(column.scale, 0), DEFAULT_DECIMALS);
}

function timeAxes(column: SourceColumn): AxisRequest[] {
  const time = request(column, { kind: 'time', column: column.name });
  if (!isTimestamp(column)) return [time];
  return [
    time,
    request(column, { kind: 'hourOfWeek', column: column.name }),
    request(column, { kind: 'resolution', column: column.name }),
  ];
}

function categoryAxes(column: SourceColumn, context: AxisContext): AxisRequest[] {
  const declared = declaredLabels(column, context.enums);
  if (declared !== null) {
    const labels = declared.map((label) => ({ label }));
    return [{ column, axis: { kind: 'category', column: column.name, labels }, labels: 'declared' }];
  }
  const listed = checkLabels(column, context.table.table);
  if (listed !== null && !isUnique(column, context.table)) {
    const labels = listed.map((label) => ({ label }));
    return [{ column, axis: { kind: 'category', column: column.name, labels }, labels: 'listed' }];
  }
  if (!mayBeCategory(column, context)) return [];
  const labels = context.isPublicTable || isPublicColumn(column, context) ? 'clear' : 'token';
  return [{ column, axis: { kind: 'category', column: column.name, labels: [] }, labels }];
}

/** The labels that the type itself declares, in its order; null for other types. A domain over an enum has the enum's. */
export function declaredLabels(column: CatalogColumn, enums: readonly CatalogEnum[]): readonly string[] | null {
  if (column.baseType === 'bool') return ['false', 'true'];
  if (column.kind !== 'enum' && column.baseType !== 'enum') return null;
  const key = formatTableKey(column.enumType ?? { schema: column.typeSchema, name: column.type });
  return enums.find((entry) => formatTableKey(entry) === key)?.labels ?? null;
}

function mayBeCategory(column: CatalogColumn, context: AxisContext): boolean {
  if (!isTextLike(column) || isUnique(column, context.table)) return false;
  if (isPublicColumn(column, context)) return true;
  const { estimatedRows, pages } = context.table.table;
  const estimate = column.distinctEstimate;
  if (estimate === null) return estimatedRows < 0 && pages < MAX_PAGES_WITHOUT_ESTIMATE;
  if (estimate >= 0) return estimate > 0 && estimate <= MAX_DISTINCT;
  return -estimate <= MAX_DISTINCT_SHARE && -estimate * Math.max(estimatedRows, 0) <= MAX_DISTINCT;
}

function isPublicColumn(column: CatalogColumn, { table, policy }: AxisContext): boolean {
  return policy.publicColumns.some((entry) => entry.table === table.key && entry.column === column.name);
}
