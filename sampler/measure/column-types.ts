// What can be measured on a column, by the type that stores its values.
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import type { SourceColumn } from '../introspect/source.ts';

const INTEGER_TYPES = new Set(['int2', 'int4', 'int8']);
const FLOAT_TYPES = new Set(['float4', 'float8']);
const TEXT_TYPES = new Set(['text', 'varchar', 'bpchar', 'citext', 'name', 'char']);
const TIME_TYPES = new Set(['date', 'timestamp', 'timestamptz']);
const SECONDS_TYPES = new Set(['time', 'timetz', 'interval']);
const BYTE_TYPES = new Set(['bytea', 'json', 'jsonb']);

export function isInteger(column: CatalogColumn): boolean {
  return INTEGER_TYPES.has(column.baseType);
}

export function isFloat(column: CatalogColumn): boolean {
  return FLOAT_TYPES.has(column.baseType);
}

export function isNumber(column: CatalogColumn): boolean {
  return isInteger(column) || isFloat(column) || column.baseType === 'numeric';
}

/** A date or a point in time, also as an integer since 1970; a time of day is none. */
export function isTime(column: SourceColumn): boolean {
  return TIME_TYPES.has(column.baseType) || column.epoch !== undefined;
}

/** A point in time with hours. */
export function isTimestamp(column: SourceColumn): boolean {
  return isTime(column) && column.baseType !== 'date';
}

/** A time of day or an interval: a number of seconds. */
export function isSeconds(column: CatalogColumn): boolean {
  return SECONDS_TYPES.has(column.baseType);
}

/** An object with keys, or another value. */
export function isJson(column: CatalogColumn): boolean {
  return column.baseType === 'json' || column.baseType === 'jsonb';
}

/** Text whose values can be labels. */
export function isTextLike(column: CatalogColumn): boolean {
  return TEXT_TYPES.has(column.baseType) && column.kind !== 'array';
}

/** What the length of a value counts; null where there is no length to speak of. */
export function lengthOf(column: CatalogColumn): 'characters' | 'bytes' | 'elements' | null {
  if (column.kind === 'array' || column.baseType.startsWith('_')) return 'elements';
  if (TEXT_TYPES.has(column.baseType)) return 'characters';
  return BYTE_TYPES.has(column.baseType) ? 'bytes' : null;
}
