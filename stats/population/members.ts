// Who has which place: the state of a fit. Each variable is a permutation of the members, kept both ways, and the class of every
// member on every axis is kept beside it, because a swap is tried far more often than it is made.
import type { LagAxis, PopulationAxis } from './population.ts';

export class Members {
  /** By variable: the place of each member, and the member at each place. */
  readonly places: Int32Array[];
  readonly at: Int32Array[];
  /** By axis: the class of each member. */
  readonly classes: Uint16Array[];
  private readonly axes: readonly PopulationAxis[];
  /** By axis of a lag: each member's value and the one that it is counted since; beside the places, which lie far apart. */
  private readonly values: readonly (Float64Array | undefined)[];
  private readonly sinces: readonly (Float64Array | undefined)[];
  private readonly lagsAfter: Int32Array;
  private preparedFor = -1;

  constructor(size: number, places: readonly Int32Array[], axes: readonly PopulationAxis[]) {
    this.axes = axes;
    this.lagsAfter = new Int32Array(2 * axes.length);
    this.places = [...places];
    this.at = this.places.map(inverseOf);
    this.values = axes.map((axis) => (axis.kind === 'lag' ? this.byMember(axis.variable, axis.valueOf) : undefined));
    this.sinces = axes.map((axis) => (axis.kind === 'lag' ? this.byMember(axis.since, axis.sinceOf) : undefined));
    this.classes = axes.map((_, at) => Uint16Array.from({ length: size }, (_, member) => this.classOf(at, member)));
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
      this.swapValues(axis, variable, one, two);
      const classes = this.classes[axis] as Uint16Array;
      classes[one] = this.classOf(axis, one);
      classes[two] = this.classOf(axis, two);
    }
  }

  /** Before a swap is judged: the classes that the two would have on the axes of lags among `axesOfVariable`. */
  prepare(variable: number, axesOfVariable: readonly number[], one: number, two: number): void {
    for (const index of axesOfVariable) {
      const axis = this.axes[index] as PopulationAxis;
      if (axis.kind === 'place') continue;
      this.lagsAfter[2 * index] = this.lagWith(axis, index, variable, one, two);
      this.lagsAfter[2 * index + 1] = this.lagWith(axis, index, variable, two, one);
    }
    this.preparedFor = one;
  }

  /** The class that a member gets from its partner's place of the variable. */
  classAfter(index: number, variable: number, member: number, partner: number): number {
    const axis = this.axes[index] as PopulationAxis;
    const classes = this.classes[index] as Uint16Array;
    if (axis.kind === 'place') return classes[axis.variable === variable ? partner : member] as number;
    if (axis.variable !== variable && axis.since !== variable) return classes[member] as number;
    return this.lagsAfter[2 * index + (member === this.preparedFor ? 0 : 1)] as number;
  }

  private lagWith(axis: LagAxis, index: number, variable: number, one: number, two: number): number {
    const values = this.values[index] as Float64Array;
    const sinces = this.sinces[index] as Float64Array;
    return classOfLag(
      axis,
      values[axis.variable === variable ? two : one] as number,
      sinces[axis.since === variable ? two : one] as number,
    );
  }

  private classOf(index: number, member: number): number {
    const axis = this.axes[index] as PopulationAxis;
    if (axis.kind === 'place') return axis.classOf[(this.places[axis.variable] as Int32Array)[member] as number] as number;
    const values = this.values[index] as Float64Array;
    return classOfLag(axis, values[member] as number, (this.sinces[index] as Float64Array)[member] as number);
  }

  private swapValues(index: number, variable: number, one: number, two: number): void {
    const axis = this.axes[index] as PopulationAxis;
    if (axis.kind === 'place') return;
    if (axis.variable === variable) exchange(this.values[index] as Float64Array, one, two);
    if (axis.since === variable) exchange(this.sinces[index] as Float64Array, one, two);
  }

  private byMember(variable: number, given: Float64Array): Float64Array {
    return Float64Array.from(this.places[variable] as Int32Array, (place) => given[place] as number);
  }
}

function exchange(values: Float64Array, one: number, two: number): void {
  const value = values[one] as number;
  values[one] = values[two] as number;
  values[two] = value;
}

/** The class of a difference between two places: 0 where a value is missing. */
export function lagClass(axis: LagAxis, place: number, sincePlace: number): number {
  return classOfLag(axis, axis.valueOf[place] as number, axis.sinceOf[sincePlace] as number);
}

function classOfLag({ classOf, cuts }: LagAxis, value: number, since: number): number {
  const lag = value - since;
  if (Number.isNaN(lag)) return 0;
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cuts[middle] as number) <= lag) low = middle + 1;
    else high = middle;
  }
  return classOf[low] ?? 0;
}

function inverseOf(places: Int32Array): Int32Array {
  const at = new Int32Array(places.length);
  for (let member = 0; member < places.length; member += 1) at[places[member] as number] = member;
  return at;
}
