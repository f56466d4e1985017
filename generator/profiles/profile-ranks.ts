// Ranks given out by profile: the rows of the profile at place 0 have the first ranks, and so on. Columns whose profiles have like places
// go together; inside a class of places a keyed permutation makes rows of a profile have no more in common than their class.
import { ShapecastError } from '../../core/errors.ts';
import { BLOCK_ROWS, type PlanRanks } from '../../spec/plan.ts';
import type { RowList } from '../columns/row-list.ts';
import { GuidedSearch } from '../keys/guided-search.ts';
import { type PermutedRange, RangePermutations } from '../random/range-permutations.ts';
import { ProfileLine } from './profile-line.ts';
import { type ProfileRows, profileRowsOf, type TableRows } from './profile-rows.ts';

/** A bijection between rows and ranks; NULL ranks are counted too. */
export class ProfileRanks {
  private readonly rows: ProfileRows;
  private readonly line: ProfileLine;
  private readonly classes: GuidedSearch;
  private readonly shuffles: RangePermutations;
  /** The class of each profile: classes are runs of places, so a profile is in one. */
  private readonly classOf: Int32Array;
  private readonly ranges = new Int32Array(BLOCK_ROWS);
  private readonly profiles = new Int32Array(BLOCK_ROWS);
  private readonly indexes = new Float64Array(BLOCK_ROWS);

  constructor({ profile, key }: PlanRanks, table: TableRows) {
    if (profile === undefined) throw new ShapecastError('BUG', { what: 'ranks by profile have no order of profiles' });
    const { places, start, isShuffled } = profile;
    this.rows = profileRowsOf(table);
    this.line = new ProfileLine(places, this.rows.count, (one) => this.rows.sizeOf(one));
    if (start[0] !== 0 || start.length !== isShuffled.length)
      throw new ShapecastError('BUG', { what: 'the classes of an order of profiles do not cover it' });
    const classStart = Float64Array.from(start, (place) => this.line.startAt(place));
    this.classes = new GuidedSearch(classStart);
    const ranges = isShuffled.map((flag, index): PermutedRange => {
      const first = classStart[index] as number;
      const size = (classStart[index + 1] ?? this.line.total) - first;
      const isMoved = flag === 1 && size > 1;
      return { start: first, size, key: isMoved ? [(key[0] + Math.imul(index, 0x9e3779b1)) | 0, key[1] ^ index] : null };
    });
    this.shuffles = new RangePermutations(ranges);
    this.classOf = Int32Array.from({ length: this.rows.count }, (_, one) => this.classes.lastAtMost(this.line.startOf(one)));
  }

  /** The rank of a row. */
  forward(row: number): number {
    const rank = this.line.startOf(this.rows.profileOf(row)) + this.rows.indexOf(row);
    return this.shuffles.forward(this.classes.lastAtMost(rank), rank);
  }

  /** The row of a rank. */
  inverse(rank: number): number {
    const position = this.shuffles.inverse(this.classes.lastAtMost(rank), rank);
    const profile = this.line.profileAt(position);
    return this.rows.rowOf(profile, position - this.line.startOf(profile));
  }

  /** `forward` of a list without missing rows. */
  fill(list: RowList, ranks: Float64Array): void {
    const { classOf, line, ranges } = this;
    const { indexes, profiles } = this.rows.find(list);
    for (let at = 0; at < list.count; at += 1) {
      const profile = profiles[at] as number;
      ranks[at] = line.startOf(profile) + (indexes[at] as number);
      ranges[at] = classOf[profile] as number;
    }
    this.shuffles.forwardAll(ranges, ranks, list.count);
  }

  /** `inverse` of the first `count` values, in their place. */
  inverseAll(values: Float64Array, count: number): void {
    const { classes, indexes, line, profiles, ranges, rows } = this;
    for (let at = 0; at < count; at += 1) ranges[at] = classes.lastAtMost(values[at] as number);
    this.shuffles.inverseAll(ranges, values, count);
    line.findAll(values, count, profiles, indexes);
    rows.rowsOfAll(profiles, indexes, count, values);
  }
}
