// Hours since 1970 as the spec writes them: a day, with `Thh` where it does not start at midnight.
const HOURS_PER_DAY = 24;
const MS_PER_HOUR = 3_600_000;

/** First hour of the year -9999 and of the year 10000: what the spec's form of a day can say. */
const FIRST_HOUR = Date.UTC(-9999, 0, 1) / MS_PER_HOUR;
const LAST_HOUR = Date.UTC(10_000, 0, 1) / MS_PER_HOUR - HOURS_PER_DAY;

/** The hour inside the years that a spec can name. */
export function clampHour(hour: number): number {
  return Math.min(LAST_HOUR, Math.max(FIRST_HOUR, hour));
}

/** `2024-05-01` or `2024-05-01T13`, UTC; years before 1 as `-000044-03-15`. */
export function formatHour(hour: number): string {
  const text = new Date(hour * MS_PER_HOUR).toISOString();
  const day = text.slice(0, text.indexOf('T'));
  const ofDay = hour - Math.floor(hour / HOURS_PER_DAY) * HOURS_PER_DAY;
  return ofDay === 0 ? day : `${day}T${String(ofDay).padStart(2, '0')}`;
}

/** Hours since 1970 of a day `YYYY-MM-DD`, UTC midnight. */
export function hourOfDayText(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / MS_PER_HOUR;
}
