// Ranks given out by profile: the rows of the profile at place 0 have the first ranks, and so on. Columns whose profiles have like places
// go together; inside a class of places a keyed permutation makes rows of a profile have no more in common than their class.
import { ShapecastError } from '../../core/errors.ts';
import { BLOCK_ROWS, type PlanKey, type PlanRanks } from '../../spec/plan.ts';
import { GuidedSearch } from '../keys/guided-search.ts';
import type { StreamKey } from '../random/mixer.ts';
import { Permutation } from '../random/permutation.ts';
import { ProfileLine } from './profile-line.ts';
import { ProfileRows, type TableRows } from './profile-rows.ts';

/** The ranks of a class from its first one on. */
interface Shuffle {
  readonly start: number;
  readonly order: Permutation;
}

/** A bijection between rows and ranks; NULL ranks are counted too. */
export class ProfileRanks {
  private readonly rows: ProfileRows;
  private readonly line: ProfileLine;
  private readonly key: PlanKey;
  /** First ranks of the classes. */
  private readonly classStart: Float64Array;
  private readonly isShuffled: readonly boolean[];
  private readonly classes: GuidedSearch;
  private readonly shuffles: (Shuffle | undefined)[] = [];
  private readonly profiles = new Int32Array(BLOCK_ROWS);
  private readonly indexes = new Float64Array(BLOCK_ROWS);

  constructor({ profile, key }: PlanRanks, table: TableRows) {
    if (profile === undefined) throw new ShapecastError('BUG', { what: 'ranks by profile have no order of profiles' });
    const { places, start, isShuffled } = profile;
    this.rows = new ProfileRows(table);
    this.line = new ProfileLine(places, this.rows.count, (one) => this.rows.sizeOf(one));
    this.key = key;
    if (start[0] !== 0 || start.length !== isShuffled.length)
      throw new ShapecastError('BUG', { what: 'the classes of an order of profiles do not cover it' });
    this.classStart = Float64Array.from(start, (place) => this.line.startAt(place));
    this.classes = new GuidedSearch(this.classStart);
    this.isShuffled = isShuffled.map((flag, index) => flag === 1 && this.endOf(index) - (this.classStart[index] as number) > 1);
  }

  /** The rank of a row. */
  forward(row: number): number {
    const rank = this.line.startOf(this.rows.profileOf(row)) + this.rows.indexOf(row);
    const shuffle = this.shuffle(this.classes.lastAtMost(rank));
    return shuffle === null ? rank : shuffle.start + shuffle.order.forward(rank - shuffle.start);
  }

  /** The row of a rank. */
  inverse(rank: number): number {
    const shuffle = this.shuffle(this.classes.lastAtMost(rank));
    const position = shuffle === null ? rank : shuffle.start + shuffle.order.inverse(rank - shuffle.start);
    const profile = this.line.profileAt(position);
    return this.rows.rowOf(profile, position - this.line.startOf(profile));
  }

  /** `forward` of the first `count` values, in their place. */
  forwardAll(values: Float64Array, count: number): void {
    const { classes, indexes, line, profiles, rows } = this;
    rows.findAll(values, count, profiles, indexes);
    for (let at = 0; at < count; at += 1) {
      const rank = line.startOf(profiles[at] as number) + (indexes[at] as number);
      const shuffle = this.shuffle(classes.lastAtMost(rank));
      if (shuffle === null) values[at] = rank;
      else values[at] = shuffle.start + shuffle.order.forward(rank - shuffle.start);
    }
  }

  /** `inverse` of the first `count` values, in their place. */
  inverseAll(values: Float64Array, count: number): void {
    for (let at = 0; at < count; at += 1) values[at] = this.inverse(values[at] as number);
  }

  /** Null where the ranks of a class are given out in order. */
  private shuffle(index: number): Shuffle | null {
    if (this.isShuffled[index] !== true) return null;
    const known = this.shuffles[index];
    if (known !== undefined) return known;
    const key: StreamKey = [(this.key[0] + Math.imul(index, 0x9e3779b1)) | 0, this.key[1] ^ index];
    const start = this.classStart[index] as number;
    const made = { start, order: new Permutation({ size: this.endOf(index) - start, key }) };
    this.shuffles[index] = made;
    return made;
  }

  private endOf(index: number): number {
    return index + 1 < this.classStart.length ? (this.classStart[index + 1] as number) : this.line.total;
  }
}
