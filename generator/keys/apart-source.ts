// A parent other than the one that another reference of the row names: on a clash the next in rank, which has nearly as many children.
import { ParentSource } from './parent-source.ts';
import type { RankedSource } from './ranked-source.ts';

/** What the curve says, but never the other reference's parent. There are two parents at least. */
export class ApartSource extends ParentSource {
  private readonly own: RankedSource;
  private readonly other: ParentSource;

  constructor(own: RankedSource, other: ParentSource) {
    super();
    this.own = own;
    this.other = other;
  }

  parentOf(row: number): number {
    const parent = this.own.parentOf(row);
    return parent >= 0 && parent === this.other.parentOf(row) ? this.own.parentAfter(parent) : parent;
  }
}
