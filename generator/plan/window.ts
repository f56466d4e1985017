// Hours as the spec writes them, and the span of time that a band fills.
const MS_PER_HOUR = 3_600_000;

/** The band's window, hours since 1970 UTC, [from, to). */
export interface Window {
  readonly fromHour: number;
  readonly toHour: number;
}

/** Hours since 1970 of `2024-05-01` or `2024-05-01T13`, UTC; NaN when it is none. */
export function parseHour(text: string): number {
  const [day = '', hour = '0'] = text.split('T');
  return Date.parse(`${day}T00:00:00Z`) / MS_PER_HOUR + Number(hour);
}
