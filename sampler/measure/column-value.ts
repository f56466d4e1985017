// A column's value in SQL as it is measured: the value that stands for NULL is NULL, everywhere and from the start, so no other
// part of the sampler knows about it. Times that are integers become microseconds since 1970.
import { quoteIdentifier } from '../../core/identifiers.ts';
import type { SourceColumn, SourceTable } from '../introspect/source.ts';

/** The value of the column in the row `alias`. */
export function columnValue(column: Pick<SourceColumn, 'name' | 'sentinel'>, alias: string): string {
  const value = `${alias}.${quoteIdentifier(column.name)}`;
  if (column.sentinel === undefined) return value;
  return `nullif(${value}, ${column.sentinel === '' ? `''` : column.sentinel})`;
}

/** The same by name; a column that the table does not show has no sentinel. */
export function namedValue(table: SourceTable | undefined, name: string, alias: string): string {
  return columnValue(table?.columns.find((column) => column.name === name) ?? { name }, alias);
}

/** Years 1 to 100000 in seconds since 1970: what lies outside is no time. */
const SECONDS = [-62_135_596_800, 3_093_527_980_800] as const;
const MICROSECONDS = { seconds: 1_000_000, milliseconds: 1000 } as const;

/** Microseconds since 1970 of an integer time, exact; `noTime` for a number that is none. */
export function epochMicroseconds(unit: 'seconds' | 'milliseconds', value: string, noTime: number): string {
  const perUnit = MICROSECONDS[unit];
  const [from, to] = SECONDS.map((seconds) => (seconds * 1_000_000) / perUnit);
  return `case when ${value} >= ${from} and ${value} < ${to} then ${value}::int8 * ${perUnit} when ${value} is not null then ${noTime} end`;
}
