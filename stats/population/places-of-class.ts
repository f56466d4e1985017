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

  constructor(axis: LagAxis) {
    this.axis = axis;
    this.own = sortPlaces(axis.valueOf);
    this.since = sortPlaces(axis.sinceOf);
  }

  /** A place of `variable` that gives the class, where the other side has the place `other`; -1 where there is none. */
  draw(value: number, variable: number, other: number, draw: DrawBelow): number {
    const { classOf, cuts, sinceOf, variable: ownVariable } = this.axis;
    const steps = classOf.flatMap((each, at) => (each === value ? [at] : []));
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
}

/** Places that have a value, by value. */
function sortPlaces(values: Float64Array): SortedPlaces {
  const places = Int32Array.from(values.keys())
    .filter((place) => !Number.isNaN(values[place] as number))
    .sort((left, right) => (values[left] as number) - (values[right] as number) || left - right);
  return { places, values: Float64Array.from(places, (place) => values[place] as number) };
}

function drawBetween({ places, values }: SortedPlaces, from: number, to: number, draw: DrawBelow): number {
  const low = firstNotBelow(values, from);
  const high = firstNotBelow(values, to);
  return low >= high ? -1 : (places[low + draw(high - low)] as number);
}

function firstNotBelow(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
