// What is known of a table's population once it is fitted: the place of every profile in every order. Children read their parents' classes here.
import type { PairAxis } from '../../../spec/pair-axis.ts';

export interface TableShape {
  /** Index of the table. */
  readonly table: number;
  /** Profiles. */
  readonly size: number;
  readonly rows: number;
  /** By name of the variable: the place of each profile. */
  readonly places: ReadonlyMap<string, Int32Array>;
  /** By name of the variable: where classes of places begin. */
  readonly starts: ReadonlyMap<string, readonly number[]>;
  /** The class of each profile on an axis of the table itself; null for an axis that no variable carries. */
  readonly classesOf: (axis: PairAxis) => Uint16Array | null;
  /** Seconds since 2000 of each profile in a time column; null for a column that is none. */
  readonly secondsOf: (column: string) => Float64Array | null;
  /** Columns that stand exactly in the order of the heap. */
  readonly inHeapOrder: ReadonlySet<string>;
  readonly lags: readonly ShapeLag[];
  readonly residuals: readonly ShapeResidual[];
  /** References whose children follow profiles, with the line of their parents' profiles: by index. */
  readonly lines: ReadonlyMap<number, ShapeLine>;
}

export interface ShapeLine {
  /** The place of each parents' profile. */
  readonly line: Int32Array;
  /** Children of a parent stand side by side in the heap. */
  readonly isClustered: boolean;
  /** Another reference often leads to the same parent. */
  readonly isShared: boolean;
}

/** How times of a column keep their distance from a parent's. */
export interface ShapeLag {
  readonly column: string;
  readonly reference: number;
  readonly since: string;
  /** 0, or which of `parts` the lag of a profile is drawn from, from 1 on. */
  readonly classes: Uint8Array;
  /** Seconds, [from, to). */
  readonly parts: readonly { readonly from: number; readonly to: number }[];
  /** Profiles with a class above 0. */
  readonly shortProfiles: number;
  readonly isNeverBefore: boolean;
}

export interface ShapeResidual {
  /** Names of the axes. */
  readonly axes: readonly string[];
  /** Total variation to the wanted counts; null for a marginal that the plan cannot use. */
  readonly before: number | null;
  readonly after: number | null;
  /** Why it cannot be used. */
  readonly unused: string | null;
  /** Of two degrees whose rows of the join are told: so many as wanted, and as the population has. */
  readonly joined?: { readonly wanted: number; readonly before: number; readonly after: number };
}

export const HEAP = 'heap';
export const columnVariable = (column: string): string => `column ${column}`;
export const lineVariable = (reference: number): string => `line ${reference}`;
export const treeVariable = (reference: number): string => `tree ${reference}`;
export const degreeVariable = (child: number, reference: number): string => `degree ${child}.${reference}`;
