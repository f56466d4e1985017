// The time of a row's parent: what delays count from, and what no row may be before.
import type { ParentSource } from '../keys/parent-source.ts';
import { fillNumbers, type NumberKernel } from './blocks.ts';
import { PresentRows, type RowList } from './row-list.ts';

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

/** `parentTimeOf` of lists of rows. */
export class ParentTimes {
  private readonly parent: ParentTime;
  private readonly present = new PresentRows();

  constructor(parent: ParentTime) {
    this.parent = parent;
  }

  /** The times of the parents of a list without missing rows. */
  fill(list: RowList, times: Float64Array): void {
    const parents = this.parent.source.parentsOf(list);
    fillNumbers(this.parent.time, this.present.of(parents), times);
    this.present.spread(times, parents, Number.NaN);
  }
}
