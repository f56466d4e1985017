// Days that were folded together come out of a calendar too even. Each gets a count drawn from the scatter that the spec states, by a
// key of the column; neighbours share what they had, so that growth stays.
import type { DayScatter } from '../../spec/spec.ts';
import { hourOfWeek } from '../../stats/binning.ts';
import { drawBelow } from '../../stats/day-scatter.ts';
import { mixFraction, type StreamKey } from '../random/mixer.ts';

const HOURS_PER_DAY = 24;
const DAYS_PER_WEEK = 7;
/** So many scattered days keep their sum. */
const GROUP_DAYS = 8;

export interface CalendarPart {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/** The parts, ascending, with whole days of less weight than `below` scattered; weights are rows as they were counted. */
export function scatterDays<Part extends CalendarPart>(parts: readonly Part[], scatter: DayScatter, key: StreamKey): Part[] {
  const scattered = [...parts];
  const isFree = ({ from, to, weight }: Part) => to - from === HOURS_PER_DAY && weight > 0 && weight < scatter.below;
  let group: number[] = [];
  const finish = () => {
    const sumOf = (list: readonly Part[]) => group.reduce((sum, index) => sum + (list[index]?.weight ?? 0), 0);
    const drawn = group.map((index) => {
      const part = parts[index];
      const day = Math.floor((part?.from ?? 0) / HOURS_PER_DAY);
      return drawBelow(part?.weight ?? 0, scatter.dispersion, scatter.below, mixFraction(key, day >>> 0));
    });
    const sum = drawn.reduce((left, right) => left + right, 0);
    const scale = sum > 0 ? sumOf(parts) / sum : 0;
    for (const [at, index] of group.entries()) {
      const part = parts[index];
      if (part !== undefined && sum > 0) scattered[index] = { ...part, weight: (drawn[at] ?? 0) * scale };
    }
    group = [];
  };
  let rows = 0;
  for (const [index, part] of parts.entries()) {
    if (!isFree(part)) continue;
    group.push(index);
    rows += part.weight;
    // Sparse days need a longer group, or the few rows of one would be all on a single day.
    if (group.length >= GROUP_DAYS && rows >= GROUP_DAYS) {
      finish();
      rows = 0;
    }
  }
  finish();
  return keepWeekdays(parts, scattered);
}

/** Each weekday keeps what it had in all: the week's profile is not to be scattered. */
function keepWeekdays<Part extends CalendarPart>(parts: readonly Part[], scattered: readonly Part[]): Part[] {
  const sumsOf = (list: readonly Part[]) => {
    const sums = new Array<number>(DAYS_PER_WEEK).fill(0);
    for (const [index, part] of list.entries())
      if (scattered[index] !== parts[index]) sums[weekdayOf(part)] = (sums[weekdayOf(part)] ?? 0) + part.weight;
    return sums;
  };
  const [before, after] = [sumsOf(parts), sumsOf(scattered)];
  return scattered.map((part, index) => {
    const [had, has] = [before[weekdayOf(part)] ?? 0, after[weekdayOf(part)] ?? 0];
    return part === parts[index] || had === 0 || has === 0 ? part : { ...part, weight: (part.weight * had) / has };
  });
}

function weekdayOf({ from }: CalendarPart): number {
  return Math.floor(hourOfWeek(from) / HOURS_PER_DAY);
}
