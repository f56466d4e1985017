// The plan: a spec resolved against a catalog, a band and a seed. Whole numbers and text only, no provenance, so that its
// digest names the data: same plan, same bytes. Machines read it; they never recompute it.
import { canonicalJson, sha256Hex } from '../core/canonical-json.ts';
import type { PackedIntegers } from '../core/packed-integers.ts';

export type { PackedIntegers };

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
 * Values by rank: ranks [rank[i], rank[i + 1]) are of the values from value[i] on, degree[i] ranks each. Bin b of the column's histogram has
 * the values [values[b], values[b + 1]), all different.
 */
export interface PlanRepeats {
  readonly values: readonly number[];
  readonly rank: readonly number[];
  readonly degree: readonly number[];
  readonly value: readonly number[];
}

/**
 * Which rank a row has in a column: `row` the row number itself; `shuffled` a keyed permutation of all rows; `profile` the place
 * of the row's profile (PlanProfileOrder). Ranks below `nulls` are NULL, and value ranks count from there.
 */
export interface PlanRanks {
  readonly order: 'row' | 'shuffled' | 'profile';
  readonly key: PlanKey;
  readonly nulls: number;
  /** Where order is `profile`. */
  readonly profile?: PlanProfileOrder;
  /** Ranks in an order of their own; `order` and `key` then say nothing. */
  readonly first?: PlanFirst;
}

/**
 * The joint shape of a table: its rows, in the order of the heap, in `count` profiles of nearly equal size, at most one for each row.
 * Profile p stands for floor((p + 1) * rows / count) - floor(p * rows / count) rows, and every rank of the table that has the order
 * `profile` is given out profile by profile: columns that go together have their profiles in the same order.
 */
export interface PlanProfiles {
  readonly count: number;
  /** Mixes the rows of neighbouring profiles, where a profile has more than one row. */
  readonly key: PlanKey;
  /** The rows of a profile are not mixed with others', because children of one parent stand side by side in the heap. */
  readonly isInRuns?: boolean;
  /** So many neighbouring profiles have their rows mixed, 1 or more; 256 where it is absent. */
  readonly mixed?: number;
}

/**
 * Profiles in the order of some ranks: profile p has place places[p], and the ranks of a place follow those of the place before.
 * Places [start[i], start[i + 1]) are a class (the last one ends with the profiles); inside a class the ranks are shuffled where
 * isShuffled[i] is 1, so that the rows of a profile have nothing in common but their class.
 */
export interface PlanProfileOrder {
  readonly places: PackedIntegers;
  readonly start: readonly number[];
  readonly isShuffled: readonly (0 | 1)[];
}

/**
 * Parents by profile: places[p] is the place of the parents' profile p in the order of the curve's ranks, so that parents with many children
 * are of the profiles that have many. The children of a profile are one run of child numbers; `line` (where the children's ranks have
 * the order `profile`) is the place of profile p in the order in which those runs stand on the line of the children's ranks. Inside the
 * run of a profile with several parents the children are mixed, unless those of each parent are to stand side by side.
 */
export interface PlanParentProfiles {
  readonly places: PackedIntegers;
  readonly line: PackedIntegers | null;
  readonly isInRuns?: boolean;
}

/**
 * The first child of each parent comes before all other rows (or, from the end, after them): generator/keys/first-child-order.ts. Curve, order,
 * key and nulls are those of the reference that makes the families.
 */
export interface PlanFirst {
  readonly columns: readonly string[];
  readonly curve: PlanCurve;
  readonly order: PlanRanks['order'];
  readonly key: PlanKey;
  readonly nulls: number;
  readonly fromEnd: boolean;
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

/**
 * Distinct pairs (generator/plan/pairs.ts): positions of light parents by a stride, then each heavy parent with its own ranges. A position is a
 * child number of the side that owns the runs, and which row has it says the order of that side's ranks. A side is a reference, or a
 * column whose few values stand as parents (PlanDomain). Absent where both sides go by profile: then the places themselves are distinct.
 */
export interface PlanPairs {
  /** The side whose parents own runs of rows, and the other one: indexes of references; from references.length on, of domains. */
  readonly runs: number;
  readonly other: number;
  /** Sixteenths by which the other side's degrees were drawn to their mean, because no pairs have them as they were. */
  readonly flattened: number;
  readonly lightRows: number;
  readonly stride: number;
  readonly offset: number;
  /** The other side's degrees left for light rows. */
  readonly lightCurve: PlanCurve;
  /** Per heavy parent, in order: its rank, first position, and ranges [rank, count] on the other side. */
  readonly heavy: readonly {
    readonly rank: number;
    readonly row: number;
    readonly ranges: readonly (readonly [number, number])[];
  }[];
}

/** The different values of a column by rank, and how many rows have each: a column as one side of distinct pairs. */
export interface PlanDomain {
  readonly column: string;
  readonly curve: PlanCurve;
  /** By rank: numbers in the column's unit of the plan, or texts. */
  readonly values: readonly (number | string)[];
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
  /** Permutes parent ranks into parent rows; where parentProfiles does so, it mixes the children of a profile's parents. */
  readonly parentKey: PlanKey;
  /** Never together with `eligible`. Of a tree: the profiles by their rank in it. */
  readonly parentProfiles?: PlanParentProfiles;
  /** Parents whose key is NULL are nobody's parents: the nullable column of the key by its ranks. */
  readonly eligible: PlanRanks | null;
  /** Exactly one of these is set, but for a tree, which has its curves by level. */
  readonly curve: PlanCurve | null;
  readonly membership: PlanMembership | null;
  readonly within: PlanWithin | null;
  /** Steps from this row to the parent. */
  readonly through: readonly number[] | null;
  readonly tree: PlanTree | null;
  /** Written instead of NULL. */
  readonly nullAs: string | null;
  /** A reference of the same row to the same parents, and never to the same one: where the curve says so, the next parent is taken. */
  readonly otherThan?: number;
}

/** A parent among the rows of its table that share a group with this row. */
export interface PlanWithin {
  /** The reference of the parent's table that makes the groups. */
  readonly reference: number;
  /** Steps from this row to the group. */
  readonly given: readonly number[];
  /** The reference whose siblings get different parents. */
  readonly distinctFor: number | null;
  /** Rows of the same table: the parent is an earlier row of the group, so that there is no circle. */
  readonly isSelf: boolean;
  readonly key: PlanKey;
}

/**
 * A reference of a table to itself. Ranks of rows are cut into levels: level i has ranks [start[i], start[i + 1]); level 0 are the
 * roots, and the parents of level i + 1 are the rows of level i by curves[i].
 */
export interface PlanTree {
  readonly start: readonly number[];
  readonly curves: readonly PlanCurve[];
  /** Roots of a NOT NULL key point at themselves. */
  readonly rootsPointAtThemselves: boolean;
}

export type PlanBuilder =
  | { readonly kind: 'sequence'; readonly start: number; readonly step: number }
  | { readonly kind: 'uuid'; readonly version: 4 | 7; readonly key: PlanKey; readonly repeats?: PlanRepeats }
  | { readonly kind: 'id'; readonly prefix: string; readonly alphabet: string; readonly length: number; readonly key: PlanKey }
  | { readonly kind: 'ordinal'; readonly reference: number; readonly start: number }
  /** A value of the table's domain of that index. */
  | { readonly kind: 'domain'; readonly domain: number }
  | { readonly kind: 'bytes'; readonly lengths: PlanHistogram; readonly codeBytes: number; readonly key: PlanKey }
  | { readonly kind: 'json'; readonly keys: PlanHistogram; readonly bytes: PlanHistogram; readonly key: PlanKey }
  | { readonly kind: 'array'; readonly lengths: PlanHistogram; readonly element: PlanElement; readonly key: PlanKey }
  | { readonly kind: 'template'; readonly before: string; readonly after: string }
  /** isUnique: values ascend strictly with the rank; no bin has more values than numbers. */
  | {
      readonly kind: 'number';
      readonly histogram: PlanHistogram;
      readonly key: PlanKey;
      readonly isUnique: boolean;
      readonly repeats?: PlanRepeats;
    }
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
      readonly isUnique: boolean;
      /** Of an integer column: what it counts since 1970. */
      readonly epoch: 'seconds' | 'milliseconds' | null;
      readonly repeats?: PlanRepeats;
      readonly after?: PlanAfter;
    }
  | {
      readonly kind: 'delay';
      readonly reference: number;
      readonly column: string;
      /** Microseconds. */
      readonly histogram: PlanHistogram;
      readonly key: PlanKey;
    }
  /** isAlwaysSet: a NOT NULL column of a key that may be NULL in another column; rows without a parent copy some parent's value. */
  | { readonly kind: 'reference'; readonly reference: number; readonly position: number; readonly isAlwaysSet?: true }
  | {
      readonly kind: 'degreeClass';
      readonly table: number;
      readonly reference: number;
      readonly upTo: readonly number[];
      readonly labels: readonly string[];
    }
  | { readonly kind: 'constant'; readonly text: string | null };

/**
 * A time that keeps its distance from the parents' times. Rows of a profile with class c > 0 have the time of the parent that `reference`
 * leads to, plus a lag of [from[c - 1], to[c - 1]) microseconds (from may be negative); those of class 0 the time of their own
 * rank. In the end no row is before any of its parents' times in `notBefore`.
 */
export interface PlanAfter {
  /** Null where only `notBefore` counts. */
  readonly lag: {
    readonly reference: number;
    readonly column: string;
    readonly classes: PackedIntegers;
    readonly from: readonly number[];
    readonly to: readonly number[];
    /** By weekday, how busy the hours of the column are (as the builder's profile): draws of a lag prefer them. */
    readonly busy: readonly (readonly number[])[];
    readonly key: PlanKey;
  } | null;
  readonly notBefore: readonly { readonly reference: number; readonly column: string }[];
}

/** The values of an array: drawn from the histogram by its counts, or one of the labels, each as likely. */
export type PlanElement =
  | { readonly kind: 'number'; readonly histogram: PlanHistogram; readonly decimals: number; readonly baseType: string }
  | { readonly kind: 'labels'; readonly labels: readonly string[] }
  | { readonly kind: 'word'; readonly lengths: PlanHistogram }
  | { readonly kind: 'uuid' };

export interface PlanText {
  readonly lengths: PlanHistogram;
  readonly key: PlanKey;
  /** Digits (base 36) of the unique code at the end; 0 when not unique. */
  readonly codeDigits: number;
  /** Orders the codes where several columns share them; else the column's own key does. */
  readonly codeKey?: PlanKey;
  readonly repeats?: PlanRepeats;
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
  /** Written instead of NULL. */
  readonly nullAs: string | null;
  /** A column that must not be above (or equal to, where strict) this one: the two values of a row change places where they are. */
  readonly below: readonly { readonly column: string; readonly isStrict: boolean }[];
}

/** Which leaf a row belongs to, by its value in one column. */
export interface PlanPartitions {
  readonly column: string;
  readonly leaves: readonly { readonly schema: string; readonly relation: string }[];
  readonly routing: /** Leaf i holds from[i] <= value < to[i], in the column's unit; null is unbounded. */
    | {
        readonly kind: 'range';
        readonly from: readonly (number | null)[];
        readonly to: readonly (number | null)[];
        readonly other: number | null;
      }
    /** Values by their text; `other` is the default partition. */
    | {
        readonly kind: 'list';
        readonly leafOf: Readonly<Record<string, number>>;
        readonly nullLeaf: number | null;
        readonly other: number | null;
      }
    /** Hash partitions (partition bounds of PostgreSQL's hash partitioning): leaf of each remainder of the largest modulus. */
    | { readonly kind: 'hash'; readonly modulus: number; readonly leafOfRemainder: readonly number[] };
}

export interface PlanTable {
  readonly name: string;
  readonly schema: string;
  readonly relation: string;
  readonly rows: number;
  /** Absent where nothing of the table is given out by profiles. */
  readonly profiles?: PlanProfiles;
  /** COPY format: binary where every column has a binary encoder. */
  readonly format: 'binary' | 'text';
  /** Blocks of BLOCK_ROWS rows in a chunk, the unit of work. */
  readonly chunkBlocks: number;
  readonly references: readonly PlanReference[];
  readonly domains: readonly PlanDomain[];
  readonly pairs: readonly PlanPairs[];
  /** Rows go straight into the partitions; null for a plain table and where the server must choose. */
  readonly partitions: PlanPartitions | null;
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
