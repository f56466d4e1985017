// Axes as SQL: each axis of a row crosses the wire as one int4 code that the server computes. NULL stays NULL. No value
// and no label stands in the text of a statement, because statements reach the server's log.
import { quoteQualified } from '../../core/identifiers.ts';
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import type { SourceColumn } from '../introspect/source.ts';
import type { AxisRequest, ColumnAxis } from './axes.ts';
import { isFloat, isInteger, isSeconds } from './column-types.ts';
import { columnValue, epochMicroseconds } from './column-value.ts';
import { formExpression } from './identifier-form.ts';
import { keyCountExpression } from './json-keys.ts';
import { epochOf } from './seconds.ts';

/** A value that is in no bin of its axis: NaN, infinity, out of the range that is measured. */
export const OTHER_CODE = 0x7fffffff;
/** Label codes are 30-bit hashes. */
const LABEL_CODE_MASK = 0x3fffffff;
/** Doubles hold integers exactly below this, and stats/binning.ts computes with doubles. */
const MAX_EXACT = 2 ** 53;
/** Later times are no dates that JavaScript could bin; year 9999 ("for ever") is below. */
const MAX_TIME = '100000-01-01';

const MICROS_PER_HOUR = 3_600_000_000;
/** Stands for infinity and what else is no time; a multiple of 1000, and earlier than all timestamps. */
export const NO_TIME = -(10 ** 18);

/** One column of the COPY stream. */
export interface WireCode {
  /** Codes of one id are the same and cross once. */
  readonly id: string;
  /** SQL over the row, computed once a row. */
  readonly scalar: string;
  /** SQL of the int4 code over the name of the scalar; null where the scalar is the code. */
  readonly code: ((scalar: string) => string) | null;
}

/** Random per run, so that codes mean nothing outside of it. */
export interface CodeSeeds {
  readonly label: bigint;
  readonly bucket: bigint;
}

/** How the axis is sent; `alias` is the row's name in the statement. Several axes of a column may share a code (same id). */
export function codeOfAxis({ column, axis }: AxisRequest, alias: string, seeds: CodeSeeds): WireCode {
  const value = columnValue(column, alias);
  const plain = (kind: string, scalar: string): WireCode => ({ id: `${kind} ${column.name}`, scalar, code: null });
  switch (axis.kind) {
    case 'presence':
      return plain('presence', `case when ${value} is null then null else 0 end`);
    case 'number':
      return numberCode(column, axis, value);
    case 'length':
      return axis.of === 'keys'
        ? plain('keys', keyCountExpression(column, value))
        : plain('length', lengthExpression(column, axis.of, value));
    case 'category':
      return plain('category', categoryExpression(column, value, seeds));
    case 'time':
    case 'hourOfWeek':
      return hourCode(column, value);
    case 'resolution':
      return resolutionCode(column, value);
    case 'form':
      return plain('form', formExpression(value));
    case 'depth':
      throw new RangeError('a depth is no code of its row: depths.ts walks to it');
  }
}

/** SQL of a text column's label as the tokeniser gets it. */
export function labelExpression(value: string): string {
  return `${value}::text collate "C"`;
}

/** SQL of a label's code. */
export function labelCode(label: string, seeds: CodeSeeds): string {
  return `(hashtextextended(${label}, ${seeds.label}) & ${LABEL_CODE_MASK})::int4`;
}

function numberCode(column: CatalogColumn, axis: ColumnAxis & { kind: 'number' }, value: string): WireCode {
  return {
    id: `number ${column.name} ${axis.decimals} ${axis.subBits}`,
    scalar: scaledInteger(column, axis.decimals, value),
    code: (scalar) => magnitudeCode(scalar, axis.subBits),
  };
}

/** floor(value * 10^decimals) as int8; 2^53 stands for everything that has none (NaN, infinity, too large). */
function scaledInteger(column: CatalogColumn, decimals: number, value: string): string {
  if (decimals === 0 && isInteger(column)) return `${value}::int8`;
  if (isSeconds(column)) return scaledInteger({ ...column, baseType: 'numeric' }, decimals, epochOf(value));
  const type = isFloat(column) ? 'float8' : 'numeric';
  const limit = `${scaleDown(MAX_EXACT, decimals)}::${type}`;
  const number = isFloat(column) || isInteger(column) ? `${value}::${type}` : value;
  const scaled = decimals === 0 ? number : `${number} * 1${'0'.repeat(decimals)}::${type}`;
  // NaN counts as larger than all numbers in PostgreSQL, so the upper bound catches it.
  const bounds = isSmall(column, decimals) ? [`${number} < ${limit}`] : [`${number} > -${limit}`, `${number} < ${limit}`];
  return `case when ${bounds.join(' and ')} then floor(${scaled})::int8 when ${value} is not null then ${MAX_EXACT} end`;
}

/** A numeric(p, s) that cannot reach 2^53 once scaled. */
function isSmall({ precision, scale }: CatalogColumn, decimals: number): boolean {
  return precision !== null && scale !== null && precision - scale + decimals <= 15;
}

/** The integer divided by 10^decimals, as an exact decimal text. */
function scaleDown(integer: number, decimals: number): string {
  const digits = String(integer).padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/**
 * binOf(magnitude, 0, n) in SQL, exact: small integers are their own code; a larger one's octave is the number of powers of
 * two (from 2^(subBits + 1) on) that are not above it, compared as doubles, which hold every integer below 2^53.
 */
export function magnitudeCode(scalar: string, subBits: number): string {
  const steps = 2 ** subBits;
  // The sub-select is computed once a statement.
  const powers = `(select array_agg(2::float8 ^ e order by e) from generate_series(${subBits + 1}, 52) as e)`;
  const shift = `width_bucket(abs(${scalar})::float8, ${powers})`;
  return [
    'case',
    `when ${scalar} > -${2 * steps} and ${scalar} < ${2 * steps} then ${scalar}::int4`,
    `when ${scalar} is null then null`,
    `when ${scalar} > -${MAX_EXACT} and ${scalar} < ${MAX_EXACT} then sign(${scalar})::int4 * (${shift} * ${steps} + (abs(${scalar}) >> ${shift})::int4)`,
    `else ${OTHER_CODE} end`,
  ].join(' ');
}

function lengthExpression(column: CatalogColumn, of: 'characters' | 'bytes' | 'elements', value: string): string {
  if (of === 'elements') return `cardinality(${value})`;
  if (of === 'bytes') return column.baseType === 'bytea' ? `octet_length(${value})` : `octet_length(${value}::text)`;
  // citext and name have no char_length of their own.
  return ['text', 'varchar', 'bpchar'].includes(column.baseType) ? `char_length(${value})` : `char_length(${value}::text)`;
}

function categoryExpression(column: CatalogColumn, value: string, seeds: CodeSeeds): string {
  if (column.baseType === 'bool') return `${value}::int4`;
  if (column.kind === 'enum' || column.baseType === 'enum') {
    const type = quoteQualified(column.enumType ?? { schema: column.typeSchema, name: column.type });
    // The sub-select is computed once a statement; enum_range in the row would read pg_enum for each row.
    return `array_position((select enum_range(null::${type})), ${column.kind === 'enum' ? value : `${value}::${type}`}) - 1`;
  }
  return labelCode(labelExpression(value), seeds);
}

// A time as microseconds since 1970, once for all codes of the column. The epoch is a double of seconds: rounding it to
// microseconds is exact until the year 2242, and nearly so after.
export function microseconds(column: SourceColumn, value: string): string {
  if (column.epoch !== undefined) return epochMicroseconds(column.epoch, value, NO_TIME);
  const type = column.baseType;
  if (isSeconds(column)) return scaledInteger(column, 6, value);
  return `case when ${value} > '-infinity'::${type} and ${value} < '${MAX_TIME}'::${type} then round(date_part('epoch', ${value}) * 1000000)::int8 when ${value} is not null then ${NO_TIME} end`;
}

function hourCode(column: SourceColumn, value: string): WireCode {
  const id = `hour ${column.name}`;
  if (column.baseType === 'date') {
    const hours = `(${value} - date '1970-01-01') * 24`;
    const scalar = `case when ${value} > '-infinity'::date and ${value} < '${MAX_TIME}'::date then ${hours} when ${value} is not null then ${OTHER_CODE} end`;
    return { id, scalar, code: null };
  }
  // Integer division rounds towards zero; before 1970 it must round down.
  const code = (scalar: string) =>
    `case when ${scalar} >= 0 then (${scalar} / ${MICROS_PER_HOUR})::int4 when ${scalar} = ${NO_TIME} then ${OTHER_CODE} else ((${scalar} - ${MICROS_PER_HOUR - 1}) / ${MICROS_PER_HOUR})::int4 end`;
  return { id, scalar: microseconds(column, value), code };
}

function resolutionCode(column: SourceColumn, value: string): WireCode {
  const noTime = isSeconds(column) ? MAX_EXACT : NO_TIME;
  const code = (scalar: string) =>
    `case when ${scalar} = ${noTime} then ${OTHER_CODE} when ${scalar} % 1000 <> 0 then 4 when ${scalar} % 1000000 <> 0 then 3 when ${scalar} % 60000000 <> 0 then 2 when ${scalar} % ${24 * MICROS_PER_HOUR} <> 0 then 1 when ${scalar} is not null then 0 end`;
  return { id: `resolution ${column.name}`, scalar: microseconds(column, value), code };
}
