// The time of a row's parent: what delays count from, and what no row may be before.
import type { ParentSource } from '../keys/parent-source.ts';
import type { NumberKernel } from './blocks.ts';

/** The way to a parent, and the parents' times in microseconds since 2000. */
export interface ParentTime {
  readonly source: ParentSource;
  readonly time: NumberKernel;
}

/** The time of the row's parent; NaN where the row has no parent or the parent no time. */
export function parentTimeOf({ source, time }: ParentTime, row: number): number {
  const parent = source.parentOf(row);
  return parent < 0 ? Number.NaN : time.at(parent);
}
