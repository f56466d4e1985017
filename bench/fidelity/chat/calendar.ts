// When people write: hours of their own day, weekends, holidays, and the growth of the service. Times are milliseconds since 1970, UTC.
import type { Draws } from './draws.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const START = Date.UTC(2024, 0, 1);
/** Nothing is later; the snapshot is taken when there are enough messages, somewhat earlier. */
export const END = Date.UTC(2026, 0, 1);

/** Share of the busiest hour, by local hour: people at work, and people after it. */
const AT_WORK = [1, 1, 0, 0, 0, 1, 4, 12, 45, 90, 100, 88, 55, 70, 92, 85, 72, 50, 28, 18, 15, 14, 8, 3];
const AT_HOME = [14, 6, 3, 2, 1, 2, 7, 18, 24, 26, 28, 32, 45, 38, 33, 35, 42, 55, 72, 88, 100, 96, 70, 34];

/** When a user is awake, and where. */
export interface Rhythm {
  readonly isWork: boolean;
  /** Hours east of Greenwich. */
  readonly zone: number;
  /** Hours later than other people. */
  readonly shift: number;
}

export function localHour(time: number, { zone, shift }: Rhythm): number {
  return (Math.floor(time / HOUR) + zone - shift + 48) % 24;
}

/** How likely the user writes at this time, against the best time. */
export function presence(time: number, rhythm: Rhythm): number {
  const day = (Math.floor((time + rhythm.zone * HOUR) / DAY) + 4) % 7;
  const isWeekend = day === 0 || day === 6;
  const hour = ((rhythm.isWork ? AT_WORK : AT_HOME)[localHour(time, rhythm)] ?? 0) / 100;
  if (rhythm.isWork) return hour * (isWeekend ? 0.12 : day === 5 ? 0.85 : 1) * holiday(time);
  return hour * (isWeekend ? 1 : 0.72);
}

function holiday(time: number): number {
  const date = new Date(time);
  if (date.getUTCMonth() === 11 && date.getUTCDate() > 21) return 0.35;
  return date.getUTCMonth() === 7 ? 0.7 : 1;
}

/** A time of the two years: the service grows fourfold, with a campaign after nine months. */
export function drawGrowthTime(draws: Draws): number {
  if (draws.chance(0.06)) return START + 275 * DAY + draws.exponential(5 * DAY);
  const share = Math.log(1 + draws.next() * 3) / Math.log(4);
  const day = Math.floor(share * 731);
  return START + Math.min(day, 730) * DAY + (draws.chance(0.8) ? 7 + draws.next() * 16 : draws.next() * 24) * HOUR;
}

/** The first time at or after this one at which the user is awake. */
export function whenAwake(time: number, rhythm: Rhythm, draws: Draws): number {
  const hour = localHour(time, rhythm);
  return hour < 7 ? time + (7 - hour) * HOUR + draws.exponential(1.2 * HOUR) : time;
}
