// The counts of one marginal while members change places, and what a swap would do to its cost: sum over cells of
// (n - t)^2 / (t + SMALL_CELL). Asked far more often than done, so the usual case is a closed formula over four cells.
import type { Members } from './members.ts';
import type { PopulationAxis, PopulationMarginal } from './population.ts';
import { wantedCounts } from './wanted-counts.ts';

/** Members that a cell may be off by before it costs as much as a well-filled one: an empty cell should stay nearly so. */
const SMALL_CELL = 0.4;

/** Classes of the members on the axis that a swap changes and on the other one, and how they make a cell. */
export interface PlainView {
  readonly moved: Uint16Array;
  readonly kept: Uint16Array;
  readonly movedStep: number;
  readonly keptStep: number;
}

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
  /** By slot: what it changes when one member leaves, and when one enters. */
  private readonly steps: Float64Array;
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
    this.costs = this.wanted.map((each) => 1 / (each + SMALL_CELL));
    this.weights = marginal.weight === undefined ? null : meanOne(marginal.weight.of);
    this.weightVariable = marginal.weight?.variable ?? -1;
    this.counts = new Float64Array(this.wanted.length);
    this.steps = new Float64Array(2 * this.wanted.length);
    for (let slot = 0; slot < this.wanted.length; slot += 1) this.add(slot, 0);
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
    if (this.weightVariable === variable) {
      // Members that change both what they are and what they count for only change names.
      return moved.length === own.length ? 'none' : 'general';
    }
    if (moved.length === 0) return 'none';
    const isPlain = moved.every((axis) => axes[axis]?.kind === 'place') && this.weights === null;
    if (!isPlain) return 'general';
    // Two classes of one place change together, and one class alone only changes hands.
    return moved.length === own.length ? 'none' : 'plain';
  }

  /** The change of the cost when two members change places of the variable that the moved axis follows. */
  plainChange({ kept, keptStep, moved, movedStep }: PlainView, one: number, two: number): number {
    const movedOne = moved[one] as number;
    const movedTwo = moved[two] as number;
    if (movedOne === movedTwo) return 0;
    const keptOne = (kept[one] as number) * keptStep;
    const keptTwo = (kept[two] as number) * keptStep;
    if (keptOne === keptTwo) return 0;
    const { slotOf } = this;
    const oldOne = slotOf[movedOne * movedStep + keptOne] as number;
    const oldTwo = slotOf[movedTwo * movedStep + keptTwo] as number;
    const newOne = slotOf[movedTwo * movedStep + keptOne] as number;
    const newTwo = slotOf[movedOne * movedStep + keptTwo] as number;
    return this.changeOfFour(oldOne, oldTwo, newOne, newTwo);
  }

  /** What plainChange reads, for swaps that change the first axis or the second. */
  viewOf(isFirst: boolean): PlainView {
    const { classes } = this.members;
    return {
      moved: classes[isFirst ? this.first : this.second] as Uint16Array,
      kept: classes[isFirst ? this.second : this.first] as Uint16Array,
      movedStep: isFirst ? this.columns : 1,
      keptStep: isFirst ? 1 : this.columns,
    };
  }

  /** One member leaves each of two slots and enters each of two others. */
  private changeOfFour(oldOne: number, oldTwo: number, newOne: number, newTwo: number): number {
    const { steps } = this;
    if (
      oldOne === newOne ||
      oldOne === newTwo ||
      oldTwo === newOne ||
      oldTwo === newTwo ||
      oldOne === oldTwo ||
      newOne === newTwo
    )
      return this.changeOfSame(oldOne, oldTwo, newOne, newTwo);
    return (
      (steps[2 * oldOne] as number) +
      (steps[2 * oldTwo] as number) +
      (steps[2 * newOne + 1] as number) +
      (steps[2 * newTwo + 1] as number)
    );
  }

  /** The same where some of the four are one. */
  private changeOfSame(oldOne: number, oldTwo: number, newOne: number, newTwo: number): number {
    const change = this.move(oldOne, -1) + this.move(oldTwo, -1) + this.move(newOne, 1) + this.move(newTwo, 1);
    this.add(newTwo, -1);
    this.add(newOne, -1);
    this.add(oldTwo, 1);
    this.add(oldOne, 1);
    return change;
  }

  /** The same for any marginal; `members.prepare` was told of the swap. */
  generalChange(variable: number, one: number, two: number): number {
    if (this.weights !== null) return this.weightedChange(one, two);
    const oldOne = this.slotOfMember(one);
    const oldTwo = this.slotOfMember(two);
    const newOne = this.slotOf[this.cellAfter(variable, one, two)] as number;
    const newTwo = this.slotOf[this.cellAfter(variable, two, one)] as number;
    if (oldOne === newOne && oldTwo === newTwo) return 0;
    return this.changeOfFour(oldOne, oldTwo, newOne, newTwo);
  }

  /** Members change cells, or what they count for: either way each cell gets the difference of the two, up or down. */
  private weightedChange(one: number, two: number): number {
    const [slotOne, slotTwo] = [this.slotOfMember(one), this.slotOfMember(two)];
    const difference = this.weightOf(two) - this.weightOf(one);
    if (slotOne === slotTwo || difference === 0) return 0;
    return (
      difference * (difference + 2 * this.missOfSlot(slotOne)) * (this.costs[slotOne] as number) +
      difference * (difference - 2 * this.missOfSlot(slotTwo)) * (this.costs[slotTwo] as number)
    );
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
    const count = (this.counts[slot] as number) + amount;
    const miss = count - (this.wanted[slot] as number);
    this.counts[slot] = count;
    this.steps[2 * slot] = (1 - 2 * miss) * (this.costs[slot] as number);
    this.steps[2 * slot + 1] = (1 + 2 * miss) * (this.costs[slot] as number);
  }

  private slotOfMember(member: number): number {
    const { classes } = this.members;
    const row = (classes[this.first] as Uint16Array)[member] as number;
    const cell = this.second < 0 ? row : row * this.columns + ((classes[this.second] as Uint16Array)[member] as number);
    return this.slotOf[cell] as number;
  }

  private cellAfter(variable: number, member: number, partner: number): number {
    const row = this.members.classAfter(this.first, variable, member, partner);
    return this.second < 0 ? row : row * this.columns + this.members.classAfter(this.second, variable, member, partner);
  }

  private weightOf(member: number): number {
    if (this.weights === null) return 1;
    return this.weights[(this.members.places[this.weightVariable] as Int32Array)[member] as number] as number;
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
