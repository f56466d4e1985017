// What the literal of a partition's bound means for the key's type, in the plan's units: whole multiples of 10^-decimals,
// microseconds and days since 2000-01-01 UTC.

const DAY_MS = 86_400_000;
const EPOCH_MS = Date.UTC(2000, 0, 1);
const wholeTypes = new Set(['int2', 'int4', 'int8', 'numeric']);
const timestampPattern = /^(\d{4,})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?([+-]\d\d(?::\d\d){0,2})?( BC)?$/;

/** Whether keys of this stored type can be compared as whole numbers. Floats cannot: two of our values may round to one of theirs. */
export function isWholeKey(baseType: string): boolean {
  return wholeTypes.has(baseType) || baseType === 'bool' || isTimeKey(baseType);
}

function isTimeKey(baseType: string): boolean {
  return baseType === 'date' || baseType === 'timestamp' || baseType === 'timestamptz';
}

/**
 * The smallest whole value that is not below the literal: `value >= literal` and `value >= wholeBound` say the same. Infinite for
 * infinities, NaN for a text that is no value of the type.
 */
export function wholeBound(text: string, baseType: string, decimals: number): number {
  if (text === 'infinity' || text === 'Infinity' || text === 'NaN') return Number.POSITIVE_INFINITY;
  if (text === '-infinity' || text === '-Infinity') return Number.NEGATIVE_INFINITY;
  if (baseType === 'bool') return text === 'true' || text === 't' ? 1 : text === 'false' || text === 'f' ? 0 : Number.NaN;
  if (isTimeKey(baseType)) return timeBound(text, baseType === 'date');
  return decimalBound(text, decimals);
}

/** Whether the literal is itself a whole value, so that some row can be equal to it. */
export function isWholeValue(text: string, baseType: string, decimals: number): boolean {
  if (!wholeTypes.has(baseType)) return true;
  const fraction = text.split('.')[1] ?? '';
  return fraction.slice(decimals).replaceAll('0', '') === '';
}

function decimalBound(text: string, decimals: number): number {
  const match = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(text);
  if (match === null) return Number.NaN;
  const [, sign = '', whole = '', fraction = ''] = match;
  const kept = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  const hasRest = fraction.slice(decimals).replaceAll('0', '') !== '';
  return Number(sign === '-' ? -kept : kept + (hasRest ? 1n : 0n));
}

function timeBound(text: string, isDate: boolean): number {
  const match = timestampPattern.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone, era] = match;
  const date = new Date(0);
  // setUTCFullYear, because Date.UTC takes the years 0 to 99 for the twentieth century.
  date.setUTCFullYear(era === undefined ? Number(year) : 1 - Number(year), Number(month) - 1, Number(day));
  const days = (date.getTime() - EPOCH_MS) / DAY_MS;
  if (isDate) return days;
  const seconds = days * 86_400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second) - zoneSeconds(zone);
  return seconds * 1_000_000 + Number(fraction.padEnd(6, '0'));
}

function zoneSeconds(zone: string | undefined): number {
  if (zone === undefined) return 0;
  const [hours = 0, minutes = 0, seconds = 0] = zone.slice(1).split(':').map(Number);
  return (zone.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds);
}
