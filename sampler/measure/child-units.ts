// Degrees with the owners of the children behind them: one person's thousand rows under one parent are one person. The server
// joins the owners' buckets to a 256-bit map per parent and groups the parents by degree, so few rows cross, wide as they are.
import type { SiblingGroup } from '../protect/sibling-pairs.ts';
import { BITMAP_WORDS, type CodeCount } from './counters.ts';
import type { PassCounts } from './pass-counts.ts';

/** A count has two fields, so that it may pass the largest int4. */
const LOW_COUNT_BITS = 30;
const COUNT_FIELDS = 2;
/** Shares are sent in millionths, rounded up. */
const SHARE_UNIT = 1_000_000;
const FIRST_WORD = 2 * COUNT_FIELDS;
const WORD_BITS = 32;
const MAP_BITS = BITMAP_WORDS * WORD_BITS;

/** Fields of a group after its bucket (if there is one) and its code: the number of parents, the shares, and the map. */
export const GROUP_FIELDS = FIRST_WORD + BITMAP_WORDS;

/** SQL: the map of the buckets of a group's rows. bit(256) was as quick as four int8, and is one aggregate, not four. */
export function bucketMap(bucket: string): string {
  return `bit_or(set_bit(0::bit(${MAP_BITS}), ${bucket}, 1))`;
}

/** SQL: the words of a map, each an int4. */
export function wordsOfMap(map: string): string[] {
  return Array.from(
    { length: BITMAP_WORDS },
    (_, word) => `substring(${map} from ${word * WORD_BITS + 1} for ${WORD_BITS})::bit(${WORD_BITS})::int4`,
  );
}

/** What is grouped: parents. */
export interface ParentRows {
  readonly bucket: string | null;
  /** SQL of the degree, int4. */
  readonly degree: string;
  /** SQL of the map of the children's owners; NULL without children. */
  readonly childMap: string;
  /** SQL of the most children that one bucket has; NULL without children. */
  readonly most: string;
  readonly from: string;
  readonly where: readonly string[];
}

/** The COPY statement: per degree (and bucket) the parents and the map of those who own their children. */
export function copyGroups({ bucket, degree, childMap, most, from, where }: ParentRows): string {
  const fields = [...(bucket === null ? [] : ['g.b']), 'g.c', ...countFields('g.n'), ...countFields('g.s'), ...wordsOfMap('g.m')];
  return `copy (
  select
    ${fields.join(',\n    ')}
  from (
    select
      ${bucket === null ? '' : `${bucket} as b,\n      `}${degree} as c,
      count(*) as n,
      coalesce(sum(${shareOfPairs(degree, most)}), 0)::int8 as s,
      coalesce(bit_or(${childMap}), 0::bit(${MAP_BITS})) as m
    from ${from}${where.length === 0 ? '' : `\n    where ${where.join('\n      and ')}`}
    group by ${bucket === null ? '1' : '1, 2'}
  ) as g
) to stdout (format binary)`;
}

function countFields(count: string): string[] {
  return [`(${count} >> ${LOW_COUNT_BITS})::int4`, `(${count} & ${2 ** LOW_COUNT_BITS - 1})::int4`];
}

/** Of the pairs of n children, the share in which m of them take part: (m (n - m) + m (m - 1) / 2) / (n (n - 1) / 2). */
function shareOfPairs(n: string, m: string): string {
  const taking = `${m}::float8 * (2 * ${n}::float8 - ${m} - 1)`;
  return `ceil(${SHARE_UNIT} * ${taking} / nullif(${n}::float8 * (${n} - 1), 0))`;
}

/** Counts of such a pass: its one code is the degree. */
export function startCountingGroups(hasBucket: boolean): PassCounts {
  const first = hasBucket ? 1 : 0;
  const counts = new Map<number, Group>();
  const all = new Group(hasBucket);
  const siblings: SiblingGroup[] = [];
  return {
    addRow(row) {
      const code = row[first] ?? 0;
      const group = counts.get(code) ?? new Group(hasBucket);
      counts.set(code, group);
      for (const counted of [group, all]) counted.add(row, first);
      if (code > 1) siblings.push(siblingsOf(row, first, code));
    },
    rows: () => all.toCount(),
    counterOf: () => ({
      entries: () => [...counts].map(([code, group]) => [code, group.toCount()] as const),
    }),
    siblingsOf: () => siblings,
  };
}

function siblingsOf(row: Int32Array, first: number, degree: number): SiblingGroup {
  const words = row.slice(first + 1 + FIRST_WORD, first + 1 + GROUP_FIELDS);
  return {
    degree,
    parents: countAt(row, first + 1),
    bucket: first === 0 ? null : (row[0] ?? 0),
    childUnits: Uint32Array.from(words),
    heaviest: countAt(row, first + 1 + COUNT_FIELDS) / SHARE_UNIT,
  };
}

function countAt(row: Int32Array, field: number): number {
  return (row[field] ?? 0) * 2 ** LOW_COUNT_BITS + (row[field + 1] ?? 0);
}

class Group {
  private count = 0;
  private readonly buckets: Uint32Array | null;
  private readonly childUnits = new Uint32Array(BITMAP_WORDS);

  constructor(hasBucket: boolean) {
    this.buckets = hasBucket ? new Uint32Array(BITMAP_WORDS) : null;
  }

  /** `first`: the field of the code. */
  add(row: Int32Array, first: number): void {
    this.count += countAt(row, first + 1);
    for (let word = 0; word < BITMAP_WORDS; word++) setBits(this.childUnits, word, row[first + 1 + FIRST_WORD + word] ?? 0);
    if (this.buckets === null) return;
    const bucket = row[0] ?? 0;
    setBits(this.buckets, bucket >> 5, 1 << (bucket & 31));
  }

  toCount(): CodeCount {
    return { count: this.count, units: this.buckets ?? this.count, childUnits: this.childUnits };
  }
}

function setBits(map: Uint32Array, word: number, bits: number): void {
  map[word] = (map[word] ?? 0) | bits;
}
