// The counts of one marginal while members change places, and what a swap would do to its cost: sum over cells of
// (n - t)^2 / (t + 1). Asked far more often than done, so the usual case is a closed formula over four cells.
import type { Members } from './members.ts';
import type { PopulationAxis, PopulationMarginal } from './population.ts';
import { wantedCounts } from './wanted-counts.ts';

export class CountedMarginal {
  readonly first: number;
  /** -1: one axis. */
  readonly second: number;
  readonly columns: number;
  private readonly wanted: Float64Array;
  private readonly counts: Float64Array;
  /** From a cell to the cells that it is counted with. */
  private readonly slotOf: Int32Array;
  private readonly members: Members;
  private readonly costs: Float64Array;
  /** By place of weightVariable: what a member counts for, 1 on the average; null for 1 each. */
  private readonly weights: Float64Array | null;
  private readonly weightVariable: number;

  constructor(marginal: PopulationMarginal, axes: readonly PopulationAxis[], size: number, members: Members) {
    const [first, second = -1] = marginal.axes;
    this.first = first;
    this.second = second;
    this.columns = second < 0 ? 1 : (axes[second] as PopulationAxis).classes;
    this.members = members;
    const wanted = wantedCounts(marginal, axes, size);
    this.slotOf = slotsOf(marginal.blocks, wanted.length);
    this.wanted = new Float64Array(this.slotOf.reduce((most, slot) => Math.max(most, slot + 1), 0));
    for (const [cell, slot] of this.slotOf.entries())
      this.wanted[slot] = (this.wanted[slot] as number) + (wanted[cell] as number);
    this.costs = this.wanted.map((each) => 1 / (each + 1));
    this.weights = marginal.weight === undefined ? null : meanOne(marginal.weight.of);
    this.weightVariable = marginal.weight?.variable ?? -1;
    this.counts = new Float64Array(this.wanted.length);
    for (let member = 0; member < size; member += 1) this.add(this.slotOfMember(member), this.weightOf(member));
  }

  /** The sum over all cells. */
  cost(): number {
    let cost = 0;
    for (let slot = 0; slot < this.counts.length; slot += 1) cost += this.missOfSlot(slot) ** 2 * (this.costs[slot] as number);
    return cost;
  }

  /** Members that are in a wrong cell, as a share of all. */
  totalVariation(size: number): number {
    let distance = 0;
    for (let slot = 0; slot < this.counts.length; slot += 1) distance += Math.abs(this.missOfSlot(slot));
    return size === 0 ? 0 : distance / (2 * size);
  }

  /** Above 0: too many members in the cell, or in the cells that it is counted with. */
  missOf(cell: number): number {
    return this.missOfSlot(this.slotOf[cell] as number);
  }

  private missOfSlot(slot: number): number {
    return (this.counts[slot] as number) - (this.wanted[slot] as number);
  }

  /**
   * Whether swaps of the variable change this marginal, and how: `plain` where one axis follows the variable's places, the other does
   * not, and all members count alike.
   */
  kindFor(variable: number, axes: readonly PopulationAxis[]): 'none' | 'plain' | 'general' {
    const own = this.second < 0 ? [this.first] : [this.first, this.second];
    const moved = own.filter((axis) => isMovedBy(axes[axis] as PopulationAxis, variable));
    if (this.weightVariable === variable) return 'general';
    if (moved.length === 0) return 'none';
    const isPlain = moved.every((axis) => axes[axis]?.kind === 'place') && this.weights === null;
    if (!isPlain) return 'general';
    // Two classes of one place change together, and one class alone only changes hands.
    return moved.length === own.length ? 'none' : 'plain';
  }

  /** The change of the cost when two members change places of the variable that the axis (first or second) follows. */
  plainChange(isFirst: boolean, one: number, two: number): number {
    const classes = this.members.classes;
    const moved = classes[isFirst ? this.first : this.second] as Uint16Array;
    const [movedOne, movedTwo] = [moved[one] as number, moved[two] as number];
    if (movedOne === movedTwo) return 0;
    const kept = classes[isFirst ? this.second : this.first] as Uint16Array;
    const [keptOne, keptTwo] = [kept[one] as number, kept[two] as number];
    if (keptOne === keptTwo) return 0;
    const step = isFirst ? this.columns : 1;
    const keptStep = isFirst ? 1 : this.columns;
    const { costs, counts, slotOf, wanted } = this;
    const oldOne = slotOf[movedOne * step + keptOne * keptStep] as number;
    const oldTwo = slotOf[movedTwo * step + keptTwo * keptStep] as number;
    const newOne = slotOf[movedTwo * step + keptOne * keptStep] as number;
    const newTwo = slotOf[movedOne * step + keptTwo * keptStep] as number;
    if (
      oldOne === newOne ||
      oldOne === newTwo ||
      oldTwo === newOne ||
      oldTwo === newTwo ||
      oldOne === oldTwo ||
      newOne === newTwo
    )
      return this.changeOfFour(oldOne, oldTwo, newOne, newTwo);
    return (
      (1 - 2 * ((counts[oldOne] as number) - (wanted[oldOne] as number))) * (costs[oldOne] as number) +
      (1 - 2 * ((counts[oldTwo] as number) - (wanted[oldTwo] as number))) * (costs[oldTwo] as number) +
      (1 + 2 * ((counts[newOne] as number) - (wanted[newOne] as number))) * (costs[newOne] as number) +
      (1 + 2 * ((counts[newTwo] as number) - (wanted[newTwo] as number))) * (costs[newTwo] as number)
    );
  }

  /** One member leaves each of two slots and enters each of two others, some of which are the same. */
  private changeOfFour(oldOne: number, oldTwo: number, newOne: number, newTwo: number): number {
    const change = this.move(oldOne, -1) + this.move(oldTwo, -1) + this.move(newOne, 1) + this.move(newTwo, 1);
    this.add(newTwo, -1);
    this.add(newOne, -1);
    this.add(oldTwo, 1);
    this.add(oldOne, 1);
    return change;
  }

  /** The same for any marginal. */
  generalChange(variable: number, one: number, two: number): number {
    const places = this.members.places[variable] as Int32Array;
    const [placeOne, placeTwo] = [places[one] as number, places[two] as number];
    const oldOne = this.slotOfMember(one);
    const oldTwo = this.slotOfMember(two);
    const newOne = this.slotOf[this.cellWith(one, variable, placeTwo)] as number;
    const newTwo = this.slotOf[this.cellWith(two, variable, placeOne)] as number;
    if (oldOne === newOne && oldTwo === newTwo && this.weightVariable !== variable) return 0;
    const [weightOne, weightTwo] = [this.weightOf(one), this.weightOf(two)];
    const [newWeightOne, newWeightTwo] = [this.weightWith(one, variable, placeTwo), this.weightWith(two, variable, placeOne)];
    // Cells may be the same, so they are changed one after the other and then changed back.
    const change =
      this.move(oldOne, -weightOne) +
      this.move(oldTwo, -weightTwo) +
      this.move(newOne, newWeightOne) +
      this.move(newTwo, newWeightTwo);
    this.add(newTwo, -newWeightTwo);
    this.add(newOne, -newWeightOne);
    this.add(oldTwo, weightTwo);
    this.add(oldOne, weightOne);
    return change;
  }

  /** Takes both members out of their cells, before a swap; `enter` puts them into those that they then have. */
  leave(one: number, two: number): void {
    this.add(this.slotOfMember(one), -this.weightOf(one));
    this.add(this.slotOfMember(two), -this.weightOf(two));
  }

  enter(one: number, two: number): void {
    this.add(this.slotOfMember(one), this.weightOf(one));
    this.add(this.slotOfMember(two), this.weightOf(two));
  }

  private move(slot: number, amount: number): number {
    const miss = this.missOfSlot(slot);
    this.add(slot, amount);
    return amount * (amount + 2 * miss) * (this.costs[slot] as number);
  }

  private add(slot: number, amount: number): void {
    this.counts[slot] = (this.counts[slot] as number) + amount;
  }

  private slotOfMember(member: number): number {
    const { classes } = this.members;
    const row = (classes[this.first] as Uint16Array)[member] as number;
    const cell = this.second < 0 ? row : row * this.columns + ((classes[this.second] as Uint16Array)[member] as number);
    return this.slotOf[cell] as number;
  }

  private cellWith(member: number, variable: number, place: number): number {
    const row = this.members.classWith(this.first, member, variable, place);
    return this.second < 0 ? row : row * this.columns + this.members.classWith(this.second, member, variable, place);
  }

  private weightOf(member: number): number {
    if (this.weights === null) return 1;
    return this.weights[(this.members.places[this.weightVariable] as Int32Array)[member] as number] as number;
  }

  private weightWith(member: number, variable: number, place: number): number {
    return this.weights !== null && this.weightVariable === variable ? (this.weights[place] as number) : this.weightOf(member);
  }
}

/** Cells by themselves get slots of their own, those of a block share one. */
function slotsOf(blocks: Int32Array | undefined, cells: number): Int32Array {
  if (blocks === undefined) return Int32Array.from({ length: cells }, (_, cell) => cell);
  const known = new Map<number, number>();
  let next = 0;
  return Int32Array.from(blocks, (block) => {
    const slot = block === 0 ? undefined : known.get(block);
    if (slot !== undefined) return slot;
    if (block !== 0) known.set(block, next);
    next += 1;
    return next - 1;
  });
}

/** Whether places of the variable decide over the axis. */
export function isMovedBy(axis: PopulationAxis, variable: number): boolean {
  return axis.variable === variable || (axis.kind === 'lag' && axis.since === variable);
}

/** Scaled so that the mean is 1: a cell then counts members, however many children these have. */
function meanOne(weights: Float64Array): Float64Array {
  const sum = weights.reduce((left, right) => left + right, 0);
  return sum > 0 ? weights.map((weight) => (weight * weights.length) / sum) : weights;
}
