// How much days differ from the weeks around them, told by the only days that were released: those with many rows. As many days as
// reached that mark must reach it again.
import { fitDispersion } from '../../stats/day-scatter.ts';
import type { BinnedCount } from '../../stats/nested-bins.ts';

const HOURS_PER_DAY = 24;
const MS_PER_DAY = 86_400_000;
/** Days on each side that say what is usual. */
const DAYS_AROUND = 14;
const MOST_DAYS = 100_000;

/** The dispersion of daily rows; `bins` are calendar bins in hours, `measure` weighs a span by the hours of the week in it. */
export function measureScatter(
  bins: readonly BinnedCount[],
  measure: (span: { from: number; to: number }) => number,
  below: number,
): number {
  const first = Math.floor((bins[0]?.from ?? 0) / HOURS_PER_DAY);
  const length = Math.ceil((bins.at(-1)?.to ?? 0) / HOURS_PER_DAY) - first;
  if (length < 1 || length > MOST_DAYS) return 0;
  const rows = new Array<number>(length).fill(0);
  for (const bin of bins) addDays(rows, bin, first, measure);
  const weights = rows.map((_, day) => measure({ from: (first + day) * HOURS_PER_DAY, to: (first + day + 1) * HOURS_PER_DAY }));
  const [rowsUntil, weightUntil] = [running(rows), running(weights)];
  const days = rows.flatMap((count, day) => {
    const [low, high] = [Math.max(0, day - DAYS_AROUND), Math.min(length, day + DAYS_AROUND + 1)];
    const share = ((rowsUntil[high] ?? 0) - (rowsUntil[low] ?? 0)) / ((weightUntil[high] ?? 0) - (weightUntil[low] ?? 0));
    return isFirstOfMonth(first + day) ? [] : [{ mean: share * (weights[day] ?? 0), isMany: count >= below }];
  });
  return fitDispersion(days, below);
}

/** What is written where only the month or the year is known: no burst. */
function isFirstOfMonth(day: number): boolean {
  return new Date(day * MS_PER_DAY).getUTCDate() === 1;
}

function addDays(rows: number[], bin: BinnedCount, first: number, measure: (span: { from: number; to: number }) => number): void {
  const whole = measure(bin);
  for (let from = bin.from; from < bin.to; ) {
    const day = Math.floor(from / HOURS_PER_DAY);
    const to = Math.min(bin.to, (day + 1) * HOURS_PER_DAY);
    rows[day - first] = (rows[day - first] ?? 0) + (bin.count * measure({ from, to })) / whole;
    from = to;
  }
}

function running(values: readonly number[]): number[] {
  let sum = 0;
  return [0, ...values.map((value) => (sum += value))];
}
