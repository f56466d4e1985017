// Sets of numbers as ascending, disjoint half-open intervals.
import type { Interval } from './restriction.ts';

export const EVERYTHING: readonly Interval[] = [{ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }];

/** What is in both. */
export function intersect(left: readonly Interval[], right: readonly Interval[]): Interval[] {
  return left
    .flatMap((one) => right.map((other) => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) })))
    .filter((one) => one.from < one.to)
    .sort((one, other) => one.from - other.from);
}

/** What is in any. */
export function unite(intervals: readonly Interval[]): Interval[] {
  const united: Interval[] = [];
  for (const one of [...intervals].sort((left, right) => left.from - right.from)) {
    const last = united.at(-1);
    if (last === undefined || one.from > last.to) united.push(one);
    else united[united.length - 1] = { from: last.from, to: Math.max(last.to, one.to) };
  }
  return united;
}
