// Literals of conditions in the unit of their column: numbers as they are, times since 2000-01-01, times of day in seconds.
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import type { Comparison } from '../../postgres/catalog/condition.ts';
import type { Interval } from './restriction.ts';
import { isTimeType } from './value-types.ts';

const EPOCH_2000_MS = 946_684_800_000;
const US_PER_DAY = 86_400_000_000;
/** Floats and numerics without a scale are bounded to a millionth. */
export const OPEN_UNIT = 1e-6;

type Typed = Pick<CatalogColumn, 'baseType' | 'scale'>;

/** The smallest difference of two values of the column, in its unit; null for a column that intervals do not describe. */
export function unitOf({ baseType, scale }: Typed): number | null {
  if (['int2', 'int4', 'int8', 'bool'].includes(baseType) || isTimeType(baseType)) return 1;
  if (baseType === 'numeric') return scale === null ? OPEN_UNIT : 1 / 10 ** scale;
  return ['float4', 'float8', 'time', 'interval'].includes(baseType) ? OPEN_UNIT : null;
}

/** The literal in the column's unit, or null when it is no value of the column. */
export function readLiteral({ baseType }: Typed, text: string): number | null {
  if (baseType === 'bool') return /^(t|true)$/.test(text) ? 1 : /^(f|false)$/.test(text) ? 0 : null;
  if (isTimeType(baseType)) return readTime(text, baseType === 'date');
  if (baseType === 'time' || baseType === 'interval') return readSeconds(text);
  return /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text) ? Number(text) : null;
}

const timePattern =
  /^(\d{4,6})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?(?:([-+])(\d{2})(?::(\d{2}))?|Z)?$/;

function readTime(text: string, isDate: boolean): number | null {
  if (text === 'infinity') return Number.POSITIVE_INFINITY;
  if (text === '-infinity') return Number.NEGATIVE_INFINITY;
  const match = timePattern.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const zoneMinutes = (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0)) * (match[8] === '-' ? -1 : 1);
  const ms = Date.UTC(year, month - 1, day, hour, minute - zoneMinutes, second) - EPOCH_2000_MS;
  const us = ms * 1000 + Number((match[7] ?? '').padEnd(6, '0'));
  return isDate ? us / US_PER_DAY : us;
}

function readSeconds(text: string): number | null {
  const match = /^(?:(\d+) days?)? ?(?:(\d{2,}):(\d{2})(?::(\d{2}(?:\.\d{1,6})?))?)?$/.exec(text);
  if (match === null || text.trim() === '') return null;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number];
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}

/** The values of the column for which the comparison holds. */
export function compareInterval(operator: Comparison, value: number, unit: number): Interval[] {
  const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const atLeast = ceilTo(value, unit);
  const above = floorTo(value, unit) + unit;
  switch (operator) {
    case '=':
      return atLeast < above ? [{ from: atLeast, to: above }] : [];
    case '<>':
      return [
        { from: low, to: atLeast },
        { from: above, to: high },
      ];
    case '<':
      return [{ from: low, to: atLeast }];
    case '<=':
      return [{ from: low, to: above }];
    case '>':
      return [{ from: above, to: high }];
    case '>=':
      return [{ from: atLeast, to: high }];
  }
}

/** Whole multiples of a unit; a value that is one but for the noise of doubles counts as one. */
export function floorTo(value: number, unit: number): number {
  return Number.isFinite(value) ? fromUnits(Math.floor(snap(value / unit)), unit) : value;
}

export function ceilTo(value: number, unit: number): number {
  return Number.isFinite(value) ? fromUnits(Math.ceil(snap(value / unit)), unit) : value;
}

// Multiplying by 0.01 adds noise that dividing by 100 does not.
function fromUnits(count: number, unit: number): number {
  return unit < 1 ? count / Math.round(1 / unit) : count * unit;
}

/** The nearest whole number where the value is one but for the noise of doubles. */
export function snap(value: number): number {
  const nearest = Math.round(value);
  return Math.abs(value - nearest) <= Math.max(1e-9, Math.abs(value) * 2e-15) ? nearest : value;
}
