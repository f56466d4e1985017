// Which rows of a table are of which profile. Profiles follow the heap; where a profile has several rows they are mixed with those of its
// neighbours, so that the heap has an order of profiles but no runs of equal ones; where children of one parent stand side by side, they
// are not. A formula both ways, nothing is kept per row.
import { ShapecastError } from '../../core/errors.ts';
import { BLOCK_ROWS, type PlanTable } from '../../spec/plan.ts';
import type { RowList } from '../columns/row-list.ts';
import { RunList } from '../random/run-list.ts';
import { RunPermutation } from '../random/run-permutation.ts';

/** What says which row has which rank in a table. */
export type TableRows = Pick<PlanTable, 'rows' | 'profiles'>;

/** Neighbouring profiles whose rows are mixed, where the plan does not say. */
const MIXED_PROFILES = 256;

/** Rows [start, end) have the index `index` in profiles of the group that starts with profile `first`. */
interface Layer {
  first: number;
  index: number;
  run: number;
  start: number;
  end: number;
}

/** Of rows of a list: their profiles, and which row of its profile each is. */
interface FoundProfiles {
  readonly profiles: Int32Array;
  readonly indexes: Float64Array;
}

const known = new WeakMap<TableRows, ProfileRows>();

/** The rows of a table by profile: one for all of its columns, since they ask for the same lists. */
export function profileRowsOf(table: TableRows): ProfileRows {
  const made = known.get(table) ?? new ProfileRows(table);
  known.set(table, made);
  return made;
}

/**
 * A bijection between rows and pairs (profile, index in the profile). Groups of neighbouring profiles have the rows that the profiles
 * would have one after another: layer i of a group is row i of each of its profiles, in an order of its own, and the second kind of
 * layer are the last rows of those that have one more than others. Where every profile has one row, profile p is row p. In runs, the rows
 * of profile p + 1 follow those of profile p.
 */
export class ProfileRows {
  readonly rows: number;
  readonly count: number;
  /** Rows that every profile has, and how many profiles have one more. */
  private readonly each: number;
  private readonly larger: number;
  private readonly isInRuns: boolean;
  private readonly groupProfiles: number;
  /** First rows of the groups, and the end. */
  private readonly groupStart: Float64Array;
  private readonly order: RunPermutation;
  private readonly found: FoundProfiles = { profiles: new Int32Array(BLOCK_ROWS), indexes: new Float64Array(BLOCK_ROWS) };
  private foundOf = -1;
  private readonly list = new RunList();
  private readonly layer: Layer = { first: 0, index: 0, run: 0, start: 0, end: 0 };

  constructor({ rows, profiles }: TableRows) {
    if (profiles === undefined) throw new ShapecastError('BUG', { what: 'a table whose ranks go by profile has no profiles' });
    const { count, isInRuns = false, key, mixed = MIXED_PROFILES } = profiles;
    if (!(Number.isInteger(count) && count >= 1 && count <= rows && mixed >= 1))
      throw new ShapecastError('BUG', { what: 'a table has profiles without rows' });
    this.rows = rows;
    this.count = count;
    this.isInRuns = isInRuns;
    this.groupProfiles = mixed;
    this.each = Math.floor(rows / count);
    this.larger = rows - this.each * count;
    const groups = Math.ceil(count / mixed);
    this.groupStart = Float64Array.from({ length: groups + 1 }, (_, group) => this.start(Math.min(count, group * mixed)));
    this.order = new RunPermutation(key);
  }

  /** How many rows a profile has. */
  sizeOf(profile: number): number {
    return this.start(profile + 1) - this.start(profile);
  }

  /** The profile of a row. */
  profileOf(row: number): number {
    if (this.rows === this.count) return row;
    if (this.isInRuns) return this.runAt(row);
    const { start, end, run, index, first } = this.layerOf(row);
    const slot = this.order.inverse(run, end - start, row - start);
    return index < this.each ? first + slot : this.nthLarger(this.largerBefore(first) + slot);
  }

  /** The row's index in its profile. */
  indexOf(row: number): number {
    if (this.rows === this.count) return 0;
    return this.isInRuns ? row - this.start(this.runAt(row)) : this.layerOf(row).index;
  }

  /** Profiles and indexes of a list without missing rows; kept until another list is asked for. */
  find(list: RowList): FoundProfiles {
    if (list.stamp !== this.foundOf) {
      this.findAll(list.rows, list.count, this.found.profiles, this.found.indexes);
      this.foundOf = list.stamp;
    }
    return this.found;
  }

  /** Profiles of the first `count` rows, and the rows' indexes in them. */
  findAll(rows: Float64Array, count: number, profiles: Int32Array, indexes: Float64Array): void {
    if (this.rows === this.count) {
      for (let at = 0; at < count; at += 1) profiles[at] = rows[at] as number;
      indexes.fill(0, 0, count);
      return;
    }
    if (this.isInRuns) {
      for (let at = 0; at < count; at += 1) {
        const row = rows[at] as number;
        const profile = this.runAt(row);
        profiles[at] = profile;
        indexes[at] = row - this.start(profile);
      }
      return;
    }
    const { each, list } = this;
    for (let at = 0; at < count; at += 1) {
      const row = rows[at] as number;
      const { start, end, run, index, first } = this.layerOf(row);
      list.runs[at] = run;
      list.sizes[at] = end - start;
      list.values[at] = row - start;
      profiles[at] = first;
      indexes[at] = index;
    }
    this.order.inverseAll(list, count);
    for (let at = 0; at < count; at += 1) {
      const first = profiles[at] as number;
      const slot = list.values[at] as number;
      profiles[at] = (indexes[at] as number) < each ? first + slot : this.nthLarger(this.largerBefore(first) + slot);
    }
  }

  /** `rowOf` of the first `count` profiles and indexes, into `rows`. */
  rowsOfAll(profiles: Int32Array, indexes: Float64Array, count: number, rows: Float64Array): void {
    if (this.rows === this.count || this.isInRuns) {
      for (let at = 0; at < count; at += 1) rows[at] = this.rowOf(profiles[at] as number, indexes[at] as number);
      return;
    }
    const { list } = this;
    for (let at = 0; at < count; at += 1) {
      const profile = profiles[at] as number;
      const index = indexes[at] as number;
      const group = Math.floor(profile / this.groupProfiles);
      const first = group * this.groupProfiles;
      const width = this.widthOf(group);
      const isLast = index >= this.each;
      rows[at] = (this.groupStart[group] as number) + index * width;
      list.runs[at] = this.runOf(group, Math.min(index, this.each));
      list.sizes[at] = isLast ? this.lastRows(group) : width;
      list.values[at] = isLast ? this.largerBefore(profile) - this.largerBefore(first) : profile - first;
    }
    this.order.forwardAll(list, count);
    for (let at = 0; at < count; at += 1) rows[at] = (rows[at] as number) + (list.values[at] as number);
  }

  /** The row of index `index` of a profile, 0 <= index < sizeOf(profile). */
  rowOf(profile: number, index: number): number {
    if (this.rows === this.count) return profile;
    if (this.isInRuns) return this.start(profile) + index;
    const group = Math.floor(profile / this.groupProfiles);
    const first = group * this.groupProfiles;
    const width = this.widthOf(group);
    const start = (this.groupStart[group] as number) + index * width;
    if (index < this.each) return start + this.order.forward(this.runOf(group, index), width, profile - first);
    const last = this.largerBefore(profile) - this.largerBefore(first);
    return start + this.order.forward(this.runOf(group, this.each), this.lastRows(group), last);
  }

  /** The profile whose run a row is in. */
  private runAt(row: number): number {
    return Math.floor(((row + 1) * this.count - 1) / this.rows);
  }

  /** Rows of all profiles before one. Quotients of whole numbers whose product is below 2^53 are rounded to the right side. */
  private start(profile: number): number {
    return Math.floor((profile * this.rows) / this.count);
  }

  /** The layer of a row; kept, because the next row is mostly of the same one. */
  private layerOf(row: number): Layer {
    const { layer, each } = this;
    if (row >= layer.start && row < layer.end) return layer;
    const group = Math.floor(this.runAt(row) / this.groupProfiles);
    const start = this.groupStart[group] as number;
    const width = this.widthOf(group);
    const index = Math.min(each, Math.floor((row - start) / width));
    layer.first = group * this.groupProfiles;
    layer.index = index;
    layer.run = this.runOf(group, index);
    layer.start = start + index * width;
    layer.end = index < each ? layer.start + width : (this.groupStart[group + 1] as number);
    return layer;
  }

  private widthOf(group: number): number {
    return Math.min(this.groupProfiles, this.count - group * this.groupProfiles);
  }

  private lastRows(group: number): number {
    const rows = (this.groupStart[group + 1] as number) - (this.groupStart[group] as number);
    return rows - this.each * this.widthOf(group);
  }

  private largerBefore(profile: number): number {
    return Math.floor((profile * this.larger) / this.count);
  }

  /** The profile that is the nth (from 0 on) of those with one row more. */
  private nthLarger(nth: number): number {
    return Math.ceil(((nth + 1) * this.count) / this.larger) - 1;
  }

  private runOf(group: number, layer: number): number {
    return group * (this.each + 1) + layer;
  }
}
