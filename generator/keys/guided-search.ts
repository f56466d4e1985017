// Where a value stands among ascending ones, in a step or two: a table of starting points by the value's size saves most of the search.

/** Starting points for each element: more make the search shorter and the table colder. */
const GUIDES_PER_ELEMENT = 8;
const MOST_GUIDES = 1 << 16;

/** Finds the last element that is at most a value. */
export class GuidedSearch {
  private readonly ascending: Float64Array;
  private readonly guide: Int32Array;
  private readonly first: number;
  private readonly scale: number;

  /** `ascending` may repeat values and holds one at least; it is read later and must not change. */
  constructor(ascending: Float64Array) {
    this.ascending = ascending;
    const last = ascending.length - 1;
    this.first = ascending[0] as number;
    const span = (ascending[last] as number) - this.first;
    const steps = Math.max(1, Math.min(MOST_GUIDES, ascending.length * GUIDES_PER_ELEMENT));
    this.scale = span > 0 ? steps / span : 0;
    this.guide = new Int32Array(steps + 2);
    let element = 0;
    for (let step = 0; step < this.guide.length; step += 1) {
      // Passed where it lies in an earlier step: then it is at most any value of this one, and what is not passed is above those before.
      while (element < last && this.stepOf(ascending[element + 1] as number) < step) element += 1;
      this.guide[step] = element;
    }
  }

  /** Index of the last element at most `value`; 0 where all are above. */
  lastAtMost(value: number): number {
    const { ascending, guide } = this;
    const step = this.stepOf(value);
    let low = guide[step] as number;
    let high = guide[step + 1] as number;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((ascending[middle] as number) <= value) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private stepOf(value: number): number {
    const step = Math.floor((value - this.first) * this.scale);
    const most = this.guide.length - 2;
    return step < 0 ? 0 : step > most ? most : step;
  }
}
