// What the target's types can hold, and which of them have a binary COPY encoder.
import type { PlanColumn } from '../../spec/plan.ts';

/** Largest whole number that a double holds exactly. */
const MAX_EXACT = Number.MAX_SAFE_INTEGER;

/** Longest value that a column without a limit gets. */
const MAX_LENGTH = 1_000_000;
const SECONDS_PER_DAY = 86_400;

const wholeBounds: Readonly<Record<string, readonly [number, number]>> = {
  int2: [-32768, 32767],
  int4: [-2147483648, 2147483647],
  int8: [-MAX_EXACT, MAX_EXACT],
};

const textTypes = new Set(['text', 'varchar', 'bpchar', 'citext', 'name', 'char', 'enum']);
const numberTypes = new Set(['int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'bool']);
const timeTypes = new Set(['date', 'timestamp', 'timestamptz']);
const secondsTypes = new Set(['time', 'timetz', 'interval']);
const binaryTypes = new Set([...numberTypes, ...textTypes, ...timeTypes, ...secondsTypes, 'uuid', 'bytea', 'json', 'jsonb']);

export const isTextType = (baseType: string): boolean => textTypes.has(baseType);
export const isNumberType = (baseType: string): boolean => numberTypes.has(baseType);
export const isTimeType = (baseType: string): boolean => timeTypes.has(baseType);
/** Times of day and intervals: numbers of seconds. */
export const isSecondsType = (baseType: string): boolean => secondsTypes.has(baseType);

/** Whether our binary COPY encoders know the column's values. A constant that only the server can read goes as text. */
export function isBinaryColumn({ baseType, builder }: Pick<PlanColumn, 'baseType' | 'builder'>): boolean {
  return binaryTypes.has(baseType) && !isForeignConstant({ baseType, builder });
}

/** A constant of a type whose text the server may spell in another way than it was given. */
export function isForeignConstant({ baseType, builder }: Pick<PlanColumn, 'baseType' | 'builder'>): boolean {
  return builder.kind === 'constant' && builder.text !== null && !isTextType(baseType);
}

/** The lengths that a text or byte column takes, inclusive, in characters: `name` holds 63 and "char" is one. */
export function lengthLimits({ baseType, maxLength }: { baseType: string; maxLength: number | null }): {
  min: number;
  max: number;
} {
  if (baseType === 'char') return { min: 1, max: 1 };
  return { min: 0, max: baseType === 'name' ? 63 : (maxLength ?? MAX_LENGTH) };
}

/** Inclusive bounds of a number type in units of 10^-decimals. */
export function numberBounds(
  column: { baseType: string; precision: number | null; scale: number | null },
  decimals: number,
): { min: number; max: number } {
  const whole = wholeBounds[column.baseType];
  if (whole !== undefined) return { min: whole[0], max: whole[1] };
  if (column.baseType === 'bool') return { min: 0, max: 1 };
  if (column.baseType === 'time' || column.baseType === 'timetz') return { min: 0, max: SECONDS_PER_DAY * 10 ** decimals - 1 };
  if (column.baseType === 'interval') {
    const most = Math.floor(MAX_EXACT / 10 ** (6 - decimals));
    return { min: -most, max: most };
  }
  if (column.precision === null) return { min: -MAX_EXACT, max: MAX_EXACT };
  const digits = Math.max(0, Math.min(15, column.precision - (column.scale ?? 0) + decimals));
  return { min: 1 - 10 ** digits, max: 10 ** digits - 1 };
}

/** Average bytes of a value in a COPY stream; text is estimated from its lengths by the caller. */
export function fixedBytes(baseType: string): number {
  return { bool: 5, int2: 6, int4: 8, float4: 8, date: 8, uuid: 20, numeric: 16 }[baseType] ?? 12;
}
