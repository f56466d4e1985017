// Who has which place: the state of a fit. Each variable is a permutation of the members, kept both ways, and the class of every
// member on every axis is kept beside it, because a swap is tried far more often than it is made.
import type { LagAxis, PopulationAxis } from './population.ts';

/** A uniform whole number in [0, below). */
export type DrawBelow = (below: number) => number;

export class Members {
  /** By variable: the place of each member, and the member at each place. */
  readonly places: Int32Array[];
  readonly at: Int32Array[];
  /** By axis: the class of each member. */
  readonly classes: Uint16Array[];
  private readonly axes: readonly PopulationAxis[];

  constructor(size: number, places: readonly Int32Array[], axes: readonly PopulationAxis[]) {
    this.axes = axes;
    this.places = [...places];
    this.at = this.places.map(inverseOf);
    this.classes = axes.map((axis) => Uint16Array.from({ length: size }, (_, member) => this.classOf(axis, member)));
  }

  /** Two members change their places of one variable; their classes on the axes that it decides over follow. */
  swap(variable: number, axesOfVariable: readonly number[], one: number, two: number): void {
    const places = this.places[variable] as Int32Array;
    const at = this.at[variable] as Int32Array;
    const place = places[one] as number;
    places[one] = places[two] as number;
    places[two] = place;
    at[place] = two;
    at[places[one] as number] = one;
    for (const axis of axesOfVariable) {
      const classes = this.classes[axis] as Uint16Array;
      classes[one] = this.classOf(this.axes[axis] as PopulationAxis, one);
      classes[two] = this.classOf(this.axes[axis] as PopulationAxis, two);
    }
  }

  /** The class that `member` would have on the axis with `place` as its place of `variable`. */
  classWith(index: number, member: number, variable: number, place: number): number {
    const axis = this.axes[index] as PopulationAxis;
    if (axis.kind === 'place') {
      return axis.variable === variable
        ? (axis.classOf[place] as number)
        : ((this.classes[index] as Uint16Array)[member] as number);
    }
    const own = axis.variable === variable ? place : this.placeOf(axis.variable, member);
    return lagClass(axis, own, axis.since === variable ? place : this.placeOf(axis.since, member));
  }

  private classOf(axis: PopulationAxis, member: number): number {
    const place = this.placeOf(axis.variable, member);
    return axis.kind === 'place' ? (axis.classOf[place] as number) : lagClass(axis, place, this.placeOf(axis.since, member));
  }

  private placeOf(variable: number, member: number): number {
    return (this.places[variable] as Int32Array)[member] as number;
  }
}

/** The class of a difference: 0 where a value is missing. */
export function lagClass(axis: LagAxis, place: number, sincePlace: number): number {
  const lag = (axis.valueOf[place] as number) - (axis.sinceOf[sincePlace] as number);
  if (Number.isNaN(lag)) return 0;
  const { cuts } = axis;
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cuts[middle] as number) <= lag) low = middle + 1;
    else high = middle;
  }
  return axis.classOf[low] ?? 0;
}

function inverseOf(places: Int32Array): Int32Array {
  const at = new Int32Array(places.length);
  for (let member = 0; member < places.length; member += 1) at[places[member] as number] = member;
  return at;
}
