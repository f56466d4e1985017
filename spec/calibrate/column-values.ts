// What a pack tells of the values of one column, as far as keys need it: how many different ones there are, whether they hardly repeat,
// and whether they number the children of one parent.
import { type BinnedCount, flattenCells } from '../../stats/nested-bins.ts';
import { binningOf } from '../axis.ts';
import type { PackColumn, PackForeignKey } from '../pack.ts';
import { type ColumnSource, findDegrees, findMarginal } from './pack-index.ts';

const SEQUENCE_TYPES = new Set(['int2', 'int4', 'int8', 'numeric']);
const TEXT_TYPES = new Set(['text', 'varchar', 'bpchar', 'citext', 'name']);
/** Values of a column that may stand as one side of a pair. */
const MAX_DOMAIN = 20_000;
/** Of TIME_RESOLUTIONS: days and minutes. */
const COARSE_RESOLUTIONS = 1;
/** Share of the rows that have values of their own. */
const NEARLY_UNIQUE = 0.9;
/** A number is taken for a line number when at most this share of the rows would have to change. */
const ORDINAL_VARIATION = 0.15;

/** Whether values of the column can be numbered. */
export function canBeSequence({ baseType, scale = 0, kind }: PackColumn): boolean {
  return SEQUENCE_TYPES.has(baseType) && scale === 0 && kind !== 'array';
}

export function isTextColumn({ baseType, kind }: PackColumn): boolean {
  return TEXT_TYPES.has(baseType) && kind !== 'array';
}

/** Whether the times are finer than minutes: on a grid of minutes or days many rows share one. */
export function isFine(source: ColumnSource): boolean {
  const resolution = findMarginal(source, 'resolution');
  if (resolution === null || resolution.total === 0) return true;
  const coarse = resolution.cells.reduce((sum, [, bin = 0, count = 0]) => sum + (bin <= COARSE_RESOLUTIONS ? count : 0), 0);
  return coarse * 2 < resolution.total;
}

/** The first number where the column looks like 1, 2, 3, ... among the children of one parent; 1 for one that was not measured. */
export function ordinalStart(source: ColumnSource, key: PackForeignKey): number | null {
  const { column } = source;
  if (column.identity !== 'none' || column.hasDefault) return null;
  const numbers = findMarginal(source, 'number');
  if (numbers === null || numbers.cells.length === 0) return numbers === null ? 1 : null;
  const found = binsOfCells(numbers);
  const start = Math.min(...found.map(({ from }) => from));
  if (start !== 0 && start !== 1) return null;
  const degrees = findDegrees(source.index, source.table, key);
  const isKnown = degrees !== null && degrees.other * 5 <= degrees.total && degrees.cells.length > 0;
  return (
    isKnown
      ? followsDegrees(found, binsOfCells(degrees), start)
      : falls(found, source.index.tables.get(key.references)?.rows ?? 0)
  )
    ? start
    : null;
}

/** With the degrees withheld: no number occurs more often than the one before, and the first one at most once for each parent. */
function falls(found: readonly BinnedCount[], parents: number): boolean {
  const [head] = found;
  // Wide bins hold what was folded into them as well, so only single numbers are compared with the one before.
  const single = found.filter(({ from, to }) => to - from === 1);
  const isFalling = single.every(({ count }, at) => at === 0 || count <= (single[at - 1]?.count ?? 0) * 1.1 + 1);
  return head !== undefined && head === single[0] && head.count <= parents * 1.05 && isFalling;
}

/** A serial number, a number that hardly repeats, or a text that is no category: unique with little loss of shape. */
export function isNearlyUnique(source: ColumnSource): boolean {
  const { column } = source;
  if (canBeSequence(column))
    return column.identity !== 'none' || column.hasDefault || distinctValues(source) >= NEARLY_UNIQUE * (source.table.rows ?? 0);
  if (!isTextColumn(column)) return false;
  const category = findMarginal(source, 'category');
  return category === null || category.other * 2 > category.total;
}

export function isDomain(source: ColumnSource): boolean {
  const values = distinctValues(source);
  return values >= 2 && values <= MAX_DOMAIN;
}

/** Different values that the released bins have room for; 0 where that is not known. */
export function distinctValues(source: ColumnSource): number {
  const { column } = source;
  const category = findMarginal(source, 'category');
  const [axis] = category?.axes ?? [];
  if (axis?.kind === 'category' && category?.other === 0) return axis.labels.length;
  if (column.kind === 'enum')
    return source.index.pack.structure.enums.find(({ name }) => name === (column.enumType ?? column.type))?.labels.length ?? 0;
  if (column.baseType === 'date') return daysOf(findMarginal(source, 'time'));
  if (isTimestamp(column) && !isFine(source)) return 24 * daysOf(findMarginal(source, 'time'));
  const numbers = findMarginal(source, 'number');
  if (numbers === null || !canBeSequence(column)) return 0;
  return binsOfCells(numbers).reduce((sum, { from, to, count }) => sum + Math.min(to - from, count), 0);
}

/** The n-th child exists once for each parent with n children or more. */
function followsDegrees(found: readonly BinnedCount[], parents: readonly BinnedCount[], start: number): boolean {
  const rows = found.reduce((sum, { count }) => sum + count, 0);
  const expected = (from: number, to: number) =>
    parents.reduce(
      (sum, bin) => sum + bin.count * Math.max(0, Math.min(to - start, (bin.from + bin.to - 1) / 2) - (from - start)),
      0,
    );
  const variation =
    found.reduce((sum, { from, to, count }) => sum + Math.abs(count - expected(from, to)), 0) / (2 * Math.max(1, rows));
  return variation <= ORDINAL_VARIATION;
}

function binsOfCells(marginal: NonNullable<ReturnType<typeof findMarginal>>) {
  const [axis] = marginal.axes;
  return axis === undefined ? [] : flattenCells(binningOf(axis), marginal.cells).filter(({ count }) => count > 0);
}

function daysOf(marginal: ReturnType<typeof findMarginal>): number {
  if (marginal === null) return 0;
  return binsOfCells(marginal).reduce((sum, { from, to }) => sum + Math.max(1, Math.round((to - from) / 24)), 0);
}

export function isTimestamp({ baseType, kind }: PackColumn): boolean {
  return (baseType === 'timestamp' || baseType === 'timestamptz') && kind !== 'array';
}

/** Types of which as many different values as there are rows can be made. */
export function canBeUnique(column: PackColumn): boolean {
  if (column.kind === 'array' || column.kind === 'composite' || column.kind === 'range') return false;
  const others = ['uuid', 'date', 'timestamp', 'timestamptz', 'time', 'interval', 'bytea', 'float4', 'float8', 'bool', 'enum'];
  return SEQUENCE_TYPES.has(column.baseType) || TEXT_TYPES.has(column.baseType) || others.includes(column.baseType);
}
