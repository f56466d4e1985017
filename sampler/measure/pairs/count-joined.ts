// Counts the rows that two kinds of children would have joined, cell by cell of the pair of their degrees: which cells will be hidden is
// not known before all are counted.
import type { JoinedGroup } from '../../protect/joined-rows.ts';
import type { RowSink } from '../copy-rows.ts';
import { BITMAP_WORDS } from '../counters.ts';
import type { ClassOf } from './class-of.ts';

const BUCKETS = 256;

/** One of the two degrees: its field, and where its children have owners their map and the field of the most that one has. */
export interface JoinedSide {
  readonly field: number;
  readonly classOf: ClassOf;
  readonly owners: { readonly map: number; readonly most: number } | null;
}

export interface JoinedCounts {
  readonly addRow: RowSink;
  /** By cell: `class class`. Only parents with children of both kinds. */
  readonly groups: () => ReadonlyMap<string, JoinedGroup>;
}

/** Empty counts. `bucket`: the field of the parents' owner; null where each parent stands for itself. */
export function startCountingJoined(sides: readonly [JoinedSide, JoinedSide], bucket: number | null): JoinedCounts {
  const groups = new Map<string, Group>();
  const [first, second] = sides;
  return {
    addRow(row) {
      const [one, two] = [row[first.field] ?? 0, row[second.field] ?? 0];
      if (one <= 0 || two <= 0) return;
      const key = `${first.classOf(one)} ${second.classOf(two)}`;
      const group = groups.get(key) ?? new Group(sides, bucket !== null);
      groups.set(key, group);
      group.add(row, one, two, bucket === null ? null : (row[bucket] ?? 0));
    },
    groups: () => groups,
  };
}

class Group implements JoinedGroup {
  parents = 0;
  rows = 0;
  heaviest = 0;
  readonly units: number[];
  readonly areBuckets: boolean;
  readonly childUnits: readonly Uint32Array[];
  private readonly sides: readonly [JoinedSide, JoinedSide];

  constructor(sides: readonly [JoinedSide, JoinedSide], areBuckets: boolean) {
    this.sides = sides;
    this.areBuckets = areBuckets;
    this.units = new Array<number>(areBuckets ? BUCKETS : 2).fill(0);
    this.childUnits = sides.flatMap(({ owners }) => (owners === null ? [] : [new Uint32Array(BITMAP_WORDS)]));
  }

  add(row: Int32Array, one: number, two: number, bucket: number | null): void {
    const rows = one * two;
    this.parents += 1;
    this.rows += rows;
    if (bucket !== null) this.units[bucket] = (this.units[bucket] ?? 0) + rows;
    else this.keepLargest(rows);
    this.addOwners(row, one, two);
  }

  private keepLargest(rows: number): void {
    const [largest = 0, second = 0] = this.units;
    if (rows > largest) this.units.splice(0, 2, rows, largest);
    else if (rows > second) this.units[1] = rows;
  }

  /** Who has most children of one kind may have most of the other too: rows in which one or the other takes part. */
  private addOwners(row: Int32Array, one: number, two: number): void {
    const [first, second] = this.sides;
    let at = 0;
    const mostOf = ({ owners }: JoinedSide): number => {
      if (owners === null) return 0;
      const units = this.childUnits[at] as Uint32Array;
      at += 1;
      for (let word = 0; word < BITMAP_WORDS; word++) units[word] = (units[word] ?? 0) | (row[owners.map + word] ?? 0);
      return row[owners.most] ?? 0;
    };
    const [mostOne, mostTwo] = [mostOf(first), mostOf(second)];
    this.heaviest += mostOne * two + mostTwo * one - mostOne * mostTwo;
  }
}
