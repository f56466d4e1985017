// Places that have the same classes on every axis of their variable: no marginal tells members that change places inside of a group.
import type { DrawBelow } from './population.ts';

/** The groups of like places of one variable, for drawing another place of the same group. */
export class PlaceGroups {
  /** Places group by group. */
  private readonly places: Int32Array;
  private readonly groupOf: Int32Array;
  private readonly start: Int32Array;

  /** `classes`: of the places on each axis. */
  constructor(classes: readonly Uint16Array[], size: number) {
    const known = new Map<string, number>();
    this.groupOf = Int32Array.from({ length: size }, (_, place) => {
      const name = classes.map((each) => each[place]).join(' ');
      const group = known.get(name) ?? known.size;
      known.set(name, group);
      return group;
    });
    this.start = new Int32Array(known.size + 1);
    for (const group of this.groupOf) this.start[group + 1] = (this.start[group + 1] as number) + 1;
    for (let group = 0; group < known.size; group += 1)
      this.start[group + 1] = (this.start[group + 1] as number) + (this.start[group] as number);
    const next = Int32Array.from(this.start);
    this.places = new Int32Array(size);
    for (const [place, group] of this.groupOf.entries()) {
      this.places[next[group] as number] = place;
      next[group] = (next[group] as number) + 1;
    }
  }

  /** Any place of the same group, it may be the same place. */
  drawLike(place: number, draw: DrawBelow): number {
    const group = this.groupOf[place] as number;
    const from = this.start[group] as number;
    return this.places[from + draw((this.start[group + 1] as number) - from)] as number;
  }
}
