// Times of one subject move together, by seconds that only the key knows: what came first still does, and gaps stay as they were.
import type { KeyedHash } from './keyed-hash.ts';

const TIME = /^(\d{4,6})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(\.\d+)?(\+00)?)?$/;
const SECONDS_A_DAY = 86_400;

/** Seconds, from -days to days, by which all times of the subject move. Never 0, so that no time stays. */
export function offsetOf(hash: KeyedHash, subject: string | null, days: number): number {
  const span = Math.max(1, Math.floor(days * SECONDS_A_DAY));
  const digest = hash.digest('jitter', subject === null ? 'null' : `=${subject}`);
  const step = 1 + Number(digest.readBigUInt64LE(0) % BigInt(span));
  return (digest[8] ?? 0) < 128 ? step : -step;
}

/** Whole days away from 0, so that no date stays either. */
function daysOf(offsetSeconds: number): number {
  const days = offsetSeconds / SECONDS_A_DAY;
  return days > 0 ? Math.ceil(days) : Math.floor(days);
}

/**
 * A date or timestamp (ISO, UTC, as COPY writes it) so many seconds later; dates move by whole days. Infinity stays. Null for a form
 * that it does not know, such as a year before Christ.
 */
export function shiftTime(text: string, offsetSeconds: number): string | null {
  if (text === 'infinity' || text === '-infinity') return text;
  const parts = TIME.exec(text);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second, fraction = '', zone = ''] = parts;
  const isDate = hour === undefined;
  const moved = new Date(0);
  // Date.UTC would take a year below 100 for one of the last century.
  moved.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  moved.setUTCHours(Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0));
  moved.setTime(moved.getTime() + (isDate ? daysOf(offsetSeconds) * SECONDS_A_DAY : offsetSeconds) * 1000);
  if (Number.isNaN(moved.getTime()) || moved.getUTCFullYear() < 1) return null;
  const date = `${String(moved.getUTCFullYear()).padStart(4, '0')}-${moved.toISOString().slice(-19, -14)}`;
  return isDate ? date : `${date} ${moved.toISOString().slice(-13, -5)}${fraction}${zone}`;
}

// The binary form counts from 2000-01-01, days or microseconds; the largest and the smallest number are the infinities.

const FIRST_DAY = -730_119; // 0001-01-01
const LAST_DAY = 99_989_043; // where JavaScript's dates end, so that both forms refuse the same values
const MICROS_A_DAY = SECONDS_A_DAY * 1e6;
const HALF = 2 ** 32;

/** Moves a date's 4 bytes in place. False for what it does not know, as above. */
export function shiftDateBytes(bytes: Buffer, at: number, offsetSeconds: number): boolean {
  const day = bytes.readInt32BE(at);
  if (day === 0x7fff_ffff || day === -0x8000_0000) return true;
  const moved = day + daysOf(offsetSeconds);
  if (day < FIRST_DAY || moved < FIRST_DAY || moved > LAST_DAY) return false;
  bytes.writeInt32BE(moved, at);
  return true;
}

/** Moves a timestamp's 8 bytes in place. False for what it does not know, as above. */
export function shiftTimeBytes(bytes: Buffer, at: number, offsetSeconds: number): boolean {
  const high = bytes.readInt32BE(at);
  const low = bytes.readUInt32BE(at + 4);
  if ((high === 0x7fff_ffff && low === HALF - 1) || (high === -0x8000_0000 && low === 0)) return true;
  const offset = offsetSeconds * 1e6;
  const offsetHigh = Math.floor(offset / HALF);
  const movedLow = low + (offset - offsetHigh * HALF);
  const movedHigh = high + offsetHigh + (movedLow >= HALF ? 1 : 0);
  const [from, to] = [high * HALF + low, movedHigh * HALF + (movedLow % HALF)].map((micros) => micros / MICROS_A_DAY);
  if (from === undefined || to === undefined || from < FIRST_DAY || to < FIRST_DAY || to >= LAST_DAY) return false;
  bytes.writeInt32BE(movedHigh, at);
  bytes.writeUInt32BE(movedLow % HALF, at + 4);
  return true;
}
