// Who has which place: the state of a fit. Each variable is a permutation of the members, kept both ways, and the class of every
// member on every axis is kept beside it, because a swap is tried far more often than it is made.
import type { LagAxis, PlaceAxis, PopulationAxis, PopulationVariable } from './population.ts';

/** A uniform whole number in [0, below). */
export type DrawBelow = (below: number) => number;

export class Members {
  /** By variable. */
  readonly places: Int32Array[];
  readonly at: Int32Array[];
  /** By axis: the class of each member. */
  readonly classes: Uint16Array[];
  private readonly axes: readonly PopulationAxis[];

  constructor(size: number, variables: readonly PopulationVariable[], axes: readonly PopulationAxis[], draw: DrawBelow) {
    this.axes = axes;
    this.places = [];
    for (const variable of variables) {
      const like = variable.startsLike === undefined ? undefined : this.places[variable.startsLike];
      if (like !== undefined) this.places.push(Int32Array.from(like));
      else this.places.push(variable.isFixed ? Int32Array.from({ length: size }, (_, at) => at) : shuffled(size, draw));
    }
    this.at = this.places.map((places) => {
      const at = new Int32Array(size);
      for (let member = 0; member < size; member += 1) at[places[member] as number] = member;
      return at;
    });
    this.classes = axes.map((_, axis) => {
      const classes = new Uint16Array(size);
      for (let member = 0; member < size; member += 1) classes[member] = this.classOf(axis, member);
      return classes;
    });
  }

  /** Two members change their places of one variable. Classes of place axes change with them; lag classes are computed again. */
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
      classes[one] = this.classOf(axis, one);
      classes[two] = this.classOf(axis, two);
    }
  }

  private classOf(axis: number, member: number): number {
    const each = this.axes[axis] as PopulationAxis;
    if (each.kind === 'place') return each.classOf[(this.places[each.variable] as Int32Array)[member] as number] as number;
    return lagClass(
      each,
      (this.places[each.variable] as Int32Array)[member] as number,
      (this.places[each.since] as Int32Array)[member] as number,
    );
  }

  /** The class that `member` would have on the axis with `place` as its place of `variable`. */
  classWith(axis: number, member: number, variable: number, place: number): number {
    const each = this.axes[axis] as PlaceAxis | LagAxis;
    if (each.kind === 'place') return each.classOf[place] as number;
    const own = each.variable === variable ? place : ((this.places[each.variable] as Int32Array)[member] as number);
    const since = each.since === variable ? place : ((this.places[each.since] as Int32Array)[member] as number);
    return lagClass(each, own, since);
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
  return axis.firstClass + low;
}

/** Fisher and Yates, as Durstenfeld wrote it (1964). */
function shuffled(size: number, draw: DrawBelow): Int32Array {
  const places = Int32Array.from({ length: size }, (_, at) => at);
  for (let at = size - 1; at > 0; at -= 1) {
    const other = draw(at + 1);
    const place = places[at] as number;
    places[at] = places[other] as number;
    places[other] = place;
  }
  return places;
}
