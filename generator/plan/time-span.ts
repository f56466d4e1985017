// A copy of ten times the rows can be ten times as dense, or ten times as long. By default the span of time stays; a band may let it grow
// with the rows, into the past or into the future: then a day has as many rows as it had, and growth and season are stretched.
import type { Band, Spec } from '../../spec/spec.ts';
import { parseHour, type Window } from './window.ts';

const HOURS_PER_DAY = 24;

export interface TimeSpan {
  /** This midnight stays where it is. */
  readonly anchorHour: number;
  /** Above 1. */
  readonly factor: number;
}

/** How calendars of bins are stretched; null where the span stays. All columns share one anchor, so that they stay beside each other. */
export function resolveTimeSpan(spec: Spec, band: Band, scale: number): TimeSpan | null {
  const { timeSpan = 'keep', scale: bandScale = 1 } = spec.bands[band] ?? {};
  const factor = bandScale * scale;
  if (timeSpan === 'keep' || factor <= 1) return null;
  const bins = Object.values(spec.tables).flatMap(({ columns }) =>
    Object.values(columns).flatMap((column) =>
      column.kind === 'time' && column.calendar.kind === 'bins' && isStretched(column) ? column.calendar.bins : [],
    ),
  );
  const hours = bins.map(([from, to]) => parseHour(timeSpan === 'growBackward' ? to : from));
  const first = hours.reduce(
    (left, right) => (timeSpan === 'growBackward' ? Math.max(left, right) : Math.min(left, right)),
    hours[0] ?? 0,
  );
  return { anchorHour: Math.round(first / HOURS_PER_DAY) * HOURS_PER_DAY, factor };
}

/** Whether a column says when its row came to be. Dates without a time of day (birthdays, due days) are facts, which do not move. */
export function isStretched({ resolution }: { readonly resolution: string }): boolean {
  return resolution !== 'day';
}

/** Hours [from, to, weight] stretched to whole days; weights grow too, because days keep the rows that they had. */
export function stretchBins(
  bins: readonly (readonly [number, number, number])[],
  { anchorHour, factor }: TimeSpan,
): (readonly [number, number, number])[] {
  const place = (hour: number) => anchorHour + Math.round(((hour - anchorHour) * factor) / HOURS_PER_DAY) * HOURS_PER_DAY;
  return bins.map(([from, to, weight]) => {
    const start = place(from);
    return [start, Math.max(start + HOURS_PER_DAY, place(to)), weight * factor] as const;
  });
}

/** The band's window; where the band lets it grow, `scale` times as long. Null where the spec has none. */
export function resolveWindow(spec: Spec, band: Band, scale: number): Window | null {
  const { windowDays, timeSpan = 'keep' } = spec.bands[band] ?? {};
  if (spec.windowEnd === undefined || windowDays === undefined) return null;
  const end = parseHour(spec.windowEnd);
  const hours = windowDays * HOURS_PER_DAY;
  const longer = timeSpan === 'keep' ? hours : Math.max(hours, Math.round(windowDays * scale) * HOURS_PER_DAY);
  return timeSpan === 'growForward'
    ? { fromHour: end - hours, toHour: end - hours + longer }
    : { fromHour: end - longer, toHour: end };
}
