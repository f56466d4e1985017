// What a population is: members that have a place in each of several orders, and counts that the members' classes should agree with.
// An order is a column's ranks, the line of a key's children or the heap; the class of a place follows from one-axis counts, so
// whatever the fit does, one-axis counts stay exact: it only says which places belong together.

/** An order of all members: each has a place of its own, 0 to size - 1. */
export interface PopulationVariable {
  readonly name: string;
  /** The heap: member i has place i. */
  readonly isFixed: boolean;
  /** Begins in the order of what it is dealt out along, also inside of classes; else classes alone tie them. */
  readonly startsInOrder?: boolean;
}

/** Classes of the places of one variable. */
export interface PlaceAxis {
  readonly kind: 'place';
  readonly variable: number;
  readonly classes: number;
  /** One for each place. */
  readonly classOf: Uint16Array;
}

/** Classes of the difference between two values, each known by place: how long after its parent a row was made. */
export interface LagAxis {
  readonly kind: 'lag';
  readonly variable: number;
  readonly since: number;
  readonly classes: number;
  /** NaN: no value, which is class 0. */
  readonly valueOf: Float64Array;
  readonly sinceOf: Float64Array;
  /** Ascending: step i holds differences from cuts[i - 1] (inclusive) to cuts[i]. */
  readonly cuts: Float64Array;
  /** The class of each step: one more than cuts. Several steps may be of one class. */
  readonly classOf: readonly number[];
}

export type PopulationAxis = PlaceAxis | LagAxis;

/** Wanted counts over the classes of one or two axes. */
export interface PopulationMarginal {
  readonly axes: readonly [number] | readonly [number, number];
  /** Row by row: classes of the first axis times classes of the second. Any scale: only proportions matter. */
  readonly wanted: Float64Array;
  /** Cells with the same number above 0 were counted together: how `wanted` is spread over them is a guess that the fit may leave. */
  readonly blocks?: Int32Array;
  /**
   * What each member counts for, by its place of a variable: parents counted by their children. Absent: one each. Then no class has a
   * size that is known before.
   */
  readonly weight?: { readonly variable: number; readonly of: Float64Array };
}

/** What a member counts for by its place of a variable. */
export interface ProductSide {
  readonly variable: number;
  /** Whole numbers, or where a member stands for several the mean of theirs. */
  readonly of: Float64Array;
  /** Their standard deviation: the largest of one side then stands with the largest of the other. Absent: none. */
  readonly spread?: Float64Array;
}

/**
 * The sum over all members of what they count for on one side times what they count for on the other: few members decide it, and they
 * are in open classes that say no more of them.
 */
export interface PopulationProduct {
  readonly first: ProductSide;
  readonly second: ProductSide;
  readonly wanted: number;
}

/** Two variables whose ordered classes go together: Spearman's correlation, -1 to 1. */
export interface Tie {
  readonly variable: number;
  readonly with: number;
  readonly correlation: number;
}

export interface PopulationRequest {
  readonly size: number;
  readonly variables: readonly PopulationVariable[];
  readonly axes: readonly PopulationAxis[];
  readonly marginals: readonly PopulationMarginal[];
  /** Makes the fit: the same key, the same population. */
  readonly key: readonly [number, number];
  /** Swaps tried at most, in all. */
  readonly maxSwaps: number;
  /** How strongly variables go together inside of classes; none by default. */
  readonly ties?: readonly Tie[];
  /** Met last, by members of equal classes as far as these will do. */
  readonly products?: readonly PopulationProduct[];
}

export interface Population {
  /** By variable: the place of each member. */
  readonly places: readonly Int32Array[];
  /** By marginal: total variation between the population's counts and the wanted ones, before and after the fit; 0 to 1. */
  readonly residuals: readonly { readonly before: number; readonly after: number }[];
  /** By product: the sum before its swaps and after them. */
  readonly sums: readonly { readonly before: number; readonly after: number }[];
  readonly swapsTried: number;
}

/** How far a fit is: swaps tried, and how many there will be at most. It ends sooner where swaps no longer pay. */
export interface FitStep {
  readonly swaps: number;
  readonly mostSwaps: number;
}

/** A uniform whole number in [0, below). */
export type DrawBelow = (below: number) => number;
