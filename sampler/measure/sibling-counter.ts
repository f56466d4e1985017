// Parents by number of children and owner, where the pairs of siblings are asked for: a bitmap of owners says that there are many, but not
// how much one of them has.
import type { SiblingGroup } from '../protect/sibling-pairs.ts';
import type { CountedCodes } from './fine-cells.ts';

const BUCKETS = 256;

/** Counts parents, one row each. */
export class SiblingCounter {
  private readonly counts = new Map<number, number>();

  add(degree: number, bucket: number): void {
    if (degree < 2) return;
    const place = degree * BUCKETS + bucket;
    this.counts.set(place, (this.counts.get(place) ?? 0) + 1);
  }

  groups(): SiblingGroup[] {
    return [...this.counts].map(([place, parents]) => ({
      degree: Math.floor(place / BUCKETS),
      parents,
      bucket: place % BUCKETS,
    }));
  }
}

/** Where no owner is known, each parent stands for itself. */
export function parentsAlone(counter: CountedCodes): SiblingGroup[] {
  return [...counter.entries()].flatMap(([degree, { count }]) => (degree < 2 ? [] : [{ degree, parents: count, bucket: null }]));
}
