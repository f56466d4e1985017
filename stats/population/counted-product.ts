// The sum of a product over all members while they change places, and what a swap would do to its cost: the share squared by which the
// sum misses what is wanted. For parents counted by two kinds of children it is how many rows the join of the two kinds has.
import type { Members } from './members.ts';
import type { PopulationProduct, ProductSide } from './population.ts';

/** A sum that is off by this share costs as much as a cell that is off by its own square root. */
const TOLERANCE = 0.02;
/** So many times the tolerance cost as they are, more of them less and less: a sum out of reach must not spoil everything else. */
const FAR = 50;
/** Where no rows are wanted, this share of what chance would give is taken for wanted in the tolerance. */
const LEAST_SHARE = 0.01;

/** The sum of a product over the members, kept up to date while they change places, and its cost. */
export class CountedProduct {
  readonly product: PopulationProduct;
  private readonly members: Members;
  private readonly tolerance: number;
  private sum: number;

  constructor(product: PopulationProduct, members: Members) {
    this.product = product;
    this.members = members;
    this.tolerance = TOLERANCE * Math.max(product.wanted, LEAST_SHARE * chanceOf(product));
    this.sum = this.countAll();
  }

  /** The sum as it is. */
  rows(): number {
    return this.sum;
  }

  /** 0 where the sum is as wanted. */
  cost(): number {
    return this.costOf(this.sum);
  }

  /** Whether swaps of the variable change the sum. */
  isMovedBy(variable: number): boolean {
    const { first, second } = this.product;
    return (first.variable === variable) !== (second.variable === variable);
  }

  /** The change of the cost when two members change places of one of the two variables. */
  change(variable: number, one: number, two: number): number {
    const step = this.stepOf(variable, one, two);
    return step === 0 ? 0 : this.costOf(this.sum + step) - this.costOf(this.sum);
  }

  /** To be told before the two change places. */
  swap(variable: number, one: number, two: number): void {
    this.sum += this.stepOf(variable, one, two);
  }

  private stepOf(variable: number, one: number, two: number): number {
    const { first, second } = this.product;
    const [moved, kept] = first.variable === variable ? [first, second] : [second, first];
    const movedPlaces = this.members.places[moved.variable] as Int32Array;
    const keptPlaces = this.members.places[kept.variable] as Int32Array;
    const [from, to] = [movedPlaces[one] as number, movedPlaces[two] as number];
    const [at, other] = [keptPlaces[one] as number, keptPlaces[two] as number];
    return step(moved.of, kept.of, from, to, at, other) + step(moved.spread, kept.spread, from, to, at, other);
  }

  private costOf(sum: number): number {
    const miss = Math.abs(sum - this.product.wanted) / this.tolerance;
    return (miss * miss) / (1 + miss / FAR);
  }

  private countAll(): number {
    const { first, second } = this.product;
    const placesOf = ({ variable }: ProductSide) => this.members.places[variable] as Int32Array;
    return (
      sumOf(first.of, second.of, placesOf(first), placesOf(second)) +
      sumOf(first.spread, second.spread, placesOf(first), placesOf(second))
    );
  }
}

type Values = Float64Array | undefined;

/** The sum that two orders would have which have nothing to do with each other. */
export function chanceOf({ first, second }: Pick<PopulationProduct, 'first' | 'second'>): number {
  const sum = (values: Float64Array) => values.reduce((left, right) => left + right, 0);
  return (sum(first.of) * sum(second.of)) / Math.max(1, first.of.length);
}

/** What the sum gains when the member at `from` goes to `to` and the other way round, and they stay at `at` and `other` of the other side. */
function step(moved: Values, kept: Values, from: number, to: number, at: number, other: number): number {
  if (moved === undefined || kept === undefined) return 0;
  return ((moved[to] as number) - (moved[from] as number)) * ((kept[at] as number) - (kept[other] as number));
}

function sumOf(first: Values, second: Values, ones: Int32Array, twos: Int32Array): number {
  let sum = 0;
  if (first === undefined || second === undefined) return sum;
  for (let member = 0; member < ones.length; member += 1) {
    sum += (first[ones[member] as number] as number) * (second[twos[member] as number] as number);
  }
  return sum;
}
