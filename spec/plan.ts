// The plan: a spec resolved against a catalog, a band and a seed. Whole numbers and text only, no provenance, so that its
// digest names the data: same plan, same bytes. Machines read it; they never recompute it.
import { canonicalJson, sha256Hex } from '../core/canonical-json.ts';

/** Two 32-bit words; see generator/random/mixer.ts. */
export type PlanKey = readonly [number, number];

/**
 * Values of a column by rank: bin i holds ranks [cumulative[i], cumulative[i + 1]) and the values from[i] <= v < from[i] + width[i],
 * spread evenly. `cumulative` is one longer and starts with 0.
 */
export interface PlanHistogram {
  readonly from: readonly number[];
  readonly width: readonly number[];
  readonly cumulative: readonly number[];
}

/**
 * Which rank a row has in a column: `row` the row number itself; `shuffled` a keyed permutation of all rows. Ranks below
 * `nulls` are NULL, and value ranks count from there.
 */
export interface PlanRanks {
  readonly order: 'row' | 'shuffled';
  readonly key: PlanKey;
  readonly nulls: number;
}

/**
 * Degrees of parents by rank: segment i holds parents of ranks from rank[i] on, each with degree[i] children; the first
 * child of the segment has number child[i]. Segments are in child order and cover children [0, children) exactly.
 */
export interface PlanCurve {
  readonly parents: number;
  readonly children: number;
  readonly rank: readonly number[];
  readonly count: readonly number[];
  readonly degree: readonly number[];
  readonly child: readonly number[];
}

/** Distinct pairs (generator/keys/pairs.ts): rows of light parents by a stride, then each heavy parent with its own ranges. */
export interface PlanPairs {
  /** Index of the reference whose parents own runs of rows, and of the other one. */
  readonly runs: number;
  readonly other: number;
  /** Sixteenths by which the other side's degrees were drawn to their mean, because no pairs have them as they were. */
  readonly flattened: number;
  readonly lightRows: number;
  readonly stride: number;
  readonly offset: number;
  /** The other side's degrees left for light rows. */
  readonly lightCurve: PlanCurve;
  /** Per heavy parent, in row order: its rank, first row, and ranges [rank, count] on the other side. */
  readonly heavy: readonly {
    readonly rank: number;
    readonly row: number;
    readonly ranges: readonly (readonly [number, number])[];
  }[];
}

export interface PlanMembership {
  /** The junction table (by index) and its references for the group and the member. */
  readonly table: number;
  readonly group: number;
  readonly member: number;
  /** Steps from this row to the group: indexes of references, each in the table reached so far. */
  readonly given: readonly number[];
  readonly except: readonly number[] | null;
  readonly key: PlanKey;
}

export interface PlanReference {
  readonly name: string;
  readonly columns: readonly string[];
  /** Index of the parent table. */
  readonly table: number;
  readonly to: readonly string[];
  readonly isVirtual: boolean;
  readonly nulls: number;
  readonly ranks: PlanRanks;
  /** Permutes parent ranks into parent rows. */
  readonly parentKey: PlanKey;
  readonly curve: PlanCurve | null;
  readonly membership: PlanMembership | null;
}

export type PlanBuilder =
  | { readonly kind: 'sequence'; readonly start: number; readonly step: number }
  | { readonly kind: 'uuid'; readonly key: PlanKey }
  | { readonly kind: 'template'; readonly before: string; readonly after: string }
  | { readonly kind: 'number'; readonly histogram: PlanHistogram; readonly key: PlanKey }
  | {
      readonly kind: 'labels';
      readonly labels: readonly string[];
      readonly cumulative: readonly number[];
      readonly other: PlanText | null;
    }
  | ({ readonly kind: 'text' } & PlanText)
  /** Widths are 1 or 24 hours; 24-hour segments start at midnight and follow `profile`, 7 x 25 cumulative shares of 65536. */
  | {
      readonly kind: 'time';
      readonly histogram: PlanHistogram;
      readonly profile: readonly (readonly number[])[];
      readonly unitUs: number;
      readonly key: PlanKey;
    }
  | {
      readonly kind: 'delay';
      readonly reference: number;
      readonly column: string;
      /** Microseconds. */
      readonly histogram: PlanHistogram;
      readonly key: PlanKey;
    }
  | { readonly kind: 'reference'; readonly reference: number; readonly position: number }
  | {
      readonly kind: 'degreeClass';
      readonly table: number;
      readonly reference: number;
      readonly upTo: readonly number[];
      readonly labels: readonly string[];
    }
  | { readonly kind: 'constant'; readonly text: string | null };

export interface PlanText {
  readonly lengths: PlanHistogram;
  readonly key: PlanKey;
  /** Digits (base 36) of the unique code at the end; 0 when not unique. */
  readonly codeDigits: number;
}

export interface PlanColumn {
  readonly name: string;
  /** The stored type: domains resolved, enums as `enum`. */
  readonly baseType: string;
  /** Numbers are whole multiples of 10^-decimals. */
  readonly decimals: number;
  /** Digits after the point in the server's text form of a numeric; at least `decimals`. */
  readonly shownDecimals: number;
  readonly ranks: PlanRanks | null;
  readonly builder: PlanBuilder;
}

export interface PlanTable {
  readonly name: string;
  readonly schema: string;
  readonly relation: string;
  readonly rows: number;
  /** COPY format: binary where every column has a binary encoder. */
  readonly format: 'binary' | 'text';
  /** Blocks of BLOCK_ROWS rows in a chunk, the unit of work. */
  readonly chunkBlocks: number;
  readonly references: readonly PlanReference[];
  readonly pairs: PlanPairs | null;
  readonly columns: readonly PlanColumn[];
}

export interface Plan {
  readonly format: 'shapecast-plan';
  readonly version: 1;
  readonly algorithm: number;
  readonly seed: string;
  readonly textKey: PlanKey;
  readonly tables: readonly PlanTable[];
}

/** Rows of a block, the unit of drawing and of digests. */
export const BLOCK_ROWS = 4096;

/** SHA-256 of the plan's canonical JSON. */
export function planId(plan: Plan): string {
  return sha256Hex(canonicalJson(plan));
}

/** How many chunks a table has. */
export function chunkCount(table: PlanTable): number {
  return Math.ceil(table.rows / (table.chunkBlocks * BLOCK_ROWS));
}
