// What the target's types can hold, and which of them have a binary COPY encoder.

/** Largest whole number that a double holds exactly. */
const MAX_EXACT = Number.MAX_SAFE_INTEGER;

const wholeBounds: Readonly<Record<string, readonly [number, number]>> = {
  int2: [-32768, 32767],
  int4: [-2147483648, 2147483647],
  int8: [-MAX_EXACT, MAX_EXACT],
};

const textTypes = new Set(['text', 'varchar', 'bpchar', 'citext', 'name', 'enum']);
const numberTypes = new Set(['int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'bool']);
const timeTypes = new Set(['date', 'timestamp', 'timestamptz']);
const binaryTypes = new Set([...numberTypes, ...textTypes, ...timeTypes, 'uuid', 'bytea']);

export const isTextType = (baseType: string): boolean => textTypes.has(baseType);
export const isNumberType = (baseType: string): boolean => numberTypes.has(baseType);
export const isTimeType = (baseType: string): boolean => timeTypes.has(baseType);
/** Whether our binary COPY encoders know the type. */
export const isBinaryType = (baseType: string): boolean => binaryTypes.has(baseType);

/** Inclusive bounds of a number type in units of 10^-decimals. */
export function numberBounds(
  column: { baseType: string; precision: number | null; scale: number | null },
  decimals: number,
): { min: number; max: number } {
  const whole = wholeBounds[column.baseType];
  if (whole !== undefined) return { min: whole[0], max: whole[1] };
  if (column.baseType === 'bool') return { min: 0, max: 1 };
  if (column.precision === null) return { min: -MAX_EXACT, max: MAX_EXACT };
  const digits = Math.min(15, column.precision - (column.scale ?? 0) + decimals);
  return { min: 1 - 10 ** digits, max: 10 ** digits - 1 };
}

/** Average bytes of a value in a COPY stream; text is estimated from its lengths by the caller. */
export function fixedBytes(baseType: string): number {
  return { bool: 5, int2: 6, int4: 8, float4: 8, date: 8, uuid: 20, numeric: 16 }[baseType] ?? 12;
}
