// Which places have a class: where a swap that aims at a class finds its partner.

import type { DrawBelow, LagAxis, PlaceAxis } from './population.ts';

/** The places of an axis class by class. */
export class PlacesOfClass {
  private readonly places: Int32Array;
  private readonly start: Int32Array;

  constructor({ classes, classOf }: PlaceAxis) {
    this.start = new Int32Array(classes + 1);
    for (const value of classOf) this.start[value + 1] = (this.start[value + 1] as number) + 1;
    for (let value = 0; value < classes; value += 1) {
      this.start[value + 1] = (this.start[value + 1] as number) + (this.start[value] as number);
    }
    const next = Int32Array.from(this.start);
    this.places = new Int32Array(classOf.length);
    for (let place = 0; place < classOf.length; place += 1) {
      const value = classOf[place] as number;
      this.places[next[value] as number] = place;
      next[value] = (next[value] as number) + 1;
    }
  }

  /** Any place of the class; -1 where it has none. */
  draw(value: number, draw: DrawBelow): number {
    const from = this.start[value] as number;
    const count = (this.start[value + 1] as number) - from;
    return count === 0 ? -1 : (this.places[from + draw(count)] as number);
  }
}

/** The places of both sides of a lag by their values. */
export class PlacesOfLag {
  private readonly axis: LagAxis;
  private readonly own: SortedPlaces;
  private readonly since: SortedPlaces;
  /** By class: the steps between cuts that have it. */
  private readonly stepsOf: readonly (readonly number[])[];

  constructor(axis: LagAxis) {
    this.axis = axis;
    this.own = sortPlaces(axis.valueOf);
    this.since = sortPlaces(axis.sinceOf);
    this.stepsOf = Array.from({ length: axis.classes }, (_, value) =>
      axis.classOf.flatMap((each, at) => (each === value ? [at] : [])),
    );
  }

  /** A place of `variable` that gives the class, where the other side has the place `other`; -1 where there is none. */
  draw(value: number, variable: number, other: number, draw: DrawBelow): number {
    const { cuts, sinceOf, variable: ownVariable } = this.axis;
    const steps = this.stepsOf[value] ?? [];
    const step = steps[steps.length > 1 ? draw(steps.length) : 0];
    if (step === undefined) return -1;
    const from = step === 0 ? Number.NEGATIVE_INFINITY : (cuts[step - 1] as number);
    const to = step === cuts.length ? Number.POSITIVE_INFINITY : (cuts[step] as number);
    if (variable === ownVariable) {
      const base = sinceOf[other] as number;
      return Number.isNaN(base) ? -1 : drawBetween(this.own, base + from, base + to, draw);
    }
    // own - since in [from, to): since in (own - to, own - from]; an edge hit exactly is one draw lost.
    const base = this.axis.valueOf[other] as number;
    return Number.isNaN(base) ? -1 : drawBetween(this.since, base - to, base - from, draw);
  }
}

interface SortedPlaces {
  readonly places: Int32Array;
  readonly values: Float64Array;
  /** By even slice of the range of values: the first place whose value is not below the slice's beginning. */
  readonly guide: Int32Array;
}

/** Places that have a value, by value. */
function sortPlaces(given: Float64Array): SortedPlaces {
  const places = Int32Array.from(given.keys())
    .filter((place) => !Number.isNaN(given[place] as number))
    .sort((left, right) => (given[left] as number) - (given[right] as number) || left - right);
  const values = Float64Array.from(places, (place) => given[place] as number);
  const guide = new Int32Array(Math.max(1, values.length) + 1).fill(values.length);
  for (let at = values.length - 1; at >= 0; at -= 1) guide[sliceOf(values, values[at] as number)] = at;
  for (let slice = guide.length - 2; slice >= 0; slice -= 1) {
    guide[slice] = Math.min(guide[slice] as number, guide[slice + 1] as number);
  }
  return { places, values, guide };
}

/** Of as many even slices as there are values, the one that the value is in; not below that of any smaller value. */
function sliceOf(values: Float64Array, value: number): number {
  const first = values[0] as number;
  const last = values[values.length - 1] as number;
  if (!(value > first)) return 0;
  if (value >= last) return values.length - 1;
  return Math.floor(((value - first) / (last - first)) * (values.length - 1));
}

function drawBetween(sorted: SortedPlaces, from: number, to: number, draw: DrawBelow): number {
  const low = firstNotBelow(sorted, from);
  const high = firstNotBelow(sorted, to);
  return low >= high ? -1 : (sorted.places[low + draw(high - low)] as number);
}

/** Within a slice: rounding may put equal quotients into one slice, but never a larger value into an earlier one. */
function firstNotBelow({ guide, values }: SortedPlaces, value: number): number {
  if (values.length === 0) return 0;
  const slice = sliceOf(values, value);
  let low = guide[slice] as number;
  let high = guide[slice + 1] as number;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
