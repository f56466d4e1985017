// Binary COPY encoders (PG documentation, COPY, "Binary Format"): each writes a field's length and its bytes. Numbers come as
// whole multiples of 10^-decimals, times as microseconds and dates as days since 2000-01-01.
import type { CopyBuffer } from './copy-buffer.ts';

/** The header of a binary COPY stream: signature, no flags, no extension. */
export const BINARY_HEADER = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
/** The closing field count. */
export const BINARY_TRAILER = Buffer.from('ffff', 'hex');
/** The most bytes that a number field takes, its length word included. */
export const MAX_NUMBER_FIELD_BYTES = 40;

/** Writes one not-null number field. */
export type NumberEncoder = (value: number, out: CopyBuffer) => void;

/** The encoder of a stored type, or null when it has none and the table must go as text. */
export function numberEncoder(baseType: string, decimals: number, shownDecimals: number): NumberEncoder | null {
  switch (baseType) {
    case 'bool':
      return encodeBoolean;
    case 'int2':
      return encodeInt2;
    case 'int4':
    case 'date':
      return encodeInt4;
    case 'int8':
    case 'timestamp':
    case 'timestamptz':
      return encodeInt8;
    case 'time':
      return secondsEncoder(decimals, encodeInt8);
    case 'timetz':
      return secondsEncoder(decimals, encodeTimeWithZone);
    case 'interval':
      return secondsEncoder(decimals, encodeInterval);
    case 'float4':
      return floatEncoder(decimals, 4);
    case 'float8':
      return floatEncoder(decimals, 8);
    case 'numeric':
      return numericEncoder(decimals, shownDecimals);
    default:
      return null;
  }
}

/** A NULL field. */
export function encodeNull(out: CopyBuffer): void {
  out.int32(-1);
}

function encodeBoolean(value: number, out: CopyBuffer): void {
  out.int32(1);
  out.bytes[out.at] = value;
  out.at += 1;
}

function encodeInt2(value: number, out: CopyBuffer): void {
  out.int32(2);
  out.int16(value);
}

function encodeInt4(value: number, out: CopyBuffer): void {
  out.int32(4);
  out.int32(value);
}

function encodeInt8(value: number, out: CopyBuffer): void {
  out.int32(8);
  out.int64(value);
}

/** Times of day and intervals are counted in 10^-decimals seconds and stored in microseconds. */
function secondsEncoder(decimals: number, encode: NumberEncoder): NumberEncoder {
  const factor = 10 ** (6 - decimals);
  return (value, out) => encode(value * factor, out);
}

/** timetz: the time of day, and the zone in seconds west of UTC. */
function encodeTimeWithZone(value: number, out: CopyBuffer): void {
  out.int32(12);
  out.int64(value);
  out.int32(0);
}

/** interval: microseconds, days, months. */
function encodeInterval(value: number, out: CopyBuffer): void {
  out.int32(16);
  out.int64(value);
  out.int32(0);
  out.int32(0);
}

function floatEncoder(decimals: number, size: 4 | 8): NumberEncoder {
  const scale = 10 ** decimals;
  return (value, out) => {
    out.int32(size);
    if (size === 8) out.view.setFloat64(out.at, value / scale);
    else out.view.setFloat32(out.at, value / scale);
    out.at += size;
  };
}

const NUMERIC_BASE = 10000;

/** numeric: base-10000 digits around the point (src/backend/utils/adt/numeric.c, numeric_recv); dscale is what is shown. */
function numericEncoder(decimals: number, shownDecimals: number): NumberEncoder {
  if (decimals < 0) {
    const encodeWhole = numericEncoder(0, shownDecimals);
    const unit = 10 ** -decimals;
    return (value, out) => encodeWhole(value * unit, out);
  }
  const scale = 10 ** decimals;
  const fractionGroups = Math.ceil(decimals / 4);
  const padding = 10 ** (fractionGroups * 4 - decimals);
  const groups = new Int16Array(16);
  return (value, out) => {
    const size = Math.abs(value);
    const whole = Math.floor(size / scale);
    let fraction = (size - whole * scale) * padding;
    let count = 0;
    for (let index = 0; index < fractionGroups; index += 1) {
      const rest = Math.floor(fraction / NUMERIC_BASE);
      groups[count] = fraction - rest * NUMERIC_BASE;
      count += 1;
      fraction = rest;
    }
    let left = whole;
    while (left > 0) {
      const rest = Math.floor(left / NUMERIC_BASE);
      groups[count] = left - rest * NUMERIC_BASE;
      count += 1;
      left = rest;
    }
    // groups run from the least significant up; zero groups at both ends are not stored.
    let low = 0;
    while (low < count && groups[low] === 0) low += 1;
    let high = count;
    while (high > low && groups[high - 1] === 0) high -= 1;
    const stored = high - low;
    out.int32(8 + stored * 2);
    out.int16(stored);
    out.int16(stored === 0 ? 0 : high - 1 - fractionGroups);
    out.int16(value < 0 ? 0x4000 : 0);
    out.int16(shownDecimals);
    for (let index = high - 1; index >= low; index -= 1) out.int16(groups[index] as number);
  };
}
