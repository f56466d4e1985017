// Text COPY encoders, for tables with a type that has no binary one, and the text form of numbers that the content hash reads.
import type { CopyBuffer } from './copy-buffer.ts';

const MS_PER_DAY = 86_400_000;
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

/** `12.30`: a whole multiple of 10^-decimals with `shown` digits after the point, as numeric_out prints it. */
export function formatDecimal(value: number, decimals: number, shown: number): string {
  if (decimals < 0) return formatDecimal(value * 10 ** -decimals, 0, shown);
  const size = Math.abs(value);
  const scale = 10 ** decimals;
  const whole = Math.floor(size / scale);
  const fraction = decimals === 0 ? '' : String(size - whole * scale).padStart(decimals, '0');
  const digits = shown > 0 ? `.${fraction.padEnd(shown, '0')}` : '';
  return `${value < 0 ? '-' : ''}${whole}${digits}`;
}

/** The text of a number field of a stored type. */
export function formatNumberField(baseType: string, value: number, decimals: number, shown: number): string {
  switch (baseType) {
    case 'bool':
      return value === 0 ? 'f' : 't';
    case 'date':
      return new Date(POSTGRES_EPOCH_MS + value * MS_PER_DAY).toISOString().slice(0, 10);
    case 'timestamp':
    case 'timestamptz':
      return formatTimestamp(value, baseType === 'timestamptz');
    case 'time':
    case 'timetz':
      return formatTimeOfDay(value * 10 ** (6 - decimals), baseType === 'timetz');
    case 'interval':
      return `${formatDecimal(value, decimals, decimals)} seconds`;
    case 'float4':
    case 'float8':
      return String(value / 10 ** decimals);
    case 'numeric':
      return formatDecimal(value, decimals, shown);
    default:
      return String(value);
  }
}

function formatTimeOfDay(us: number, isZoned: boolean): string {
  const seconds = Math.floor(us / 1_000_000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return `${clock}.${String(us - seconds * 1_000_000).padStart(6, '0')}${isZoned ? '+00' : ''}`;
}

function formatTimestamp(us: number, isZoned: boolean): string {
  const ms = Math.floor(us / 1000);
  const iso = new Date(POSTGRES_EPOCH_MS + ms).toISOString().replace('Z', '');
  return `${iso}${String(us - ms * 1000).padStart(3, '0')}${isZoned ? '+00' : ''}`;
}

/** Appends a field's bytes with backslash, tab and line ends escaped. */
export function encodeTextBytes(data: Uint8Array, from: number, to: number, out: CopyBuffer): void {
  out.reserve((to - from) * 2 + 2);
  for (let index = from; index < to; index += 1) {
    const byte = data[index] as number;
    const escaped = byte === 0x5c ? 0x5c : byte === 0x09 ? 0x74 : byte === 0x0a ? 0x6e : byte === 0x0d ? 0x72 : 0;
    if (escaped !== 0) {
      out.bytes[out.at] = 0x5c;
      out.at += 1;
    }
    out.bytes[out.at] = escaped === 0 ? byte : escaped;
    out.at += 1;
  }
}
