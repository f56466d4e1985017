// Rows of a join over hidden parents: how many, of whom, and when they do not leave.
import fc from 'fast-check';
import { type JoinedGroup, releaseJoinedRows } from '../../../sampler/protect/joined-rows.ts';
import { stepOfPairs } from '../../../spec/sibling-pairs.ts';

const PRIVATE = { k: 20, childK: 1 };
const BUCKETS = 256;

/** Parents that stand for themselves, in one cell. */
function alone(rows: readonly number[]): JoinedGroup {
  const units = [...rows].sort((one, two) => two - one).slice(0, 2);
  return { parents: rows.length, rows: sum(rows), units, areBuckets: false, childUnits: [], heaviest: 0 };
}

/** Parents of owners, one of the buckets each. */
function owned(rows: readonly number[], bucketOf: (at: number) => number): JoinedGroup {
  const units = new Array<number>(BUCKETS).fill(0);
  for (const [at, each] of rows.entries()) units[bucketOf(at)] = (units[bucketOf(at)] ?? 0) + each;
  return { parents: rows.length, rows: sum(rows), units, areBuckets: true, childUnits: [], heaviest: 0 };
}

/** Public parents whose children of each kind have so many owners; `heaviest` as a share of the rows. */
function withChildren(owners: readonly number[], heaviest: number): JoinedGroup {
  const childUnits = owners.map((count) => {
    const map = new Uint32Array(8);
    for (let unit = 0; unit < count; unit += 1) map[unit >> 5] = (map[unit >> 5] ?? 0) | (1 << (unit & 31));
    return map;
  });
  return { ...alone(repeat(100, 30)), childUnits, heaviest: heaviest * 3000 };
}

function sum(values: readonly number[]): number {
  return values.reduce((one, two) => one + two, 0);
}

function repeat(value: number, times: number): number[] {
  return new Array<number>(times).fill(value);
}

describe('rows of a join', () => {
  test('leave in steps, of k parents in any number of cells and not of fewer', () => {
    expect(releaseJoinedRows([alone(repeat(70, 12)), alone(repeat(90, 8))], PRIVATE)).toBe(stepOfPairs(12 * 70 + 8 * 90));
    expect(releaseJoinedRows([alone(repeat(70, 12)), alone(repeat(90, 7))], PRIVATE)).toBeNull();
    expect(releaseJoinedRows([], PRIVATE)).toBeNull();
  });

  test('never leave where the second largest, knowing its own, would know the largest within a fifth of each degree', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 20, maxLength: 60 }),
        fc.nat(200_000),
        (some, giant) => {
          const [largest = 0, second = 0] = [...some, giant + 1].sort((one, two) => two - one);
          const all = sum(some) + giant + 1;
          const half = Math.floor(some.length / 2);

          const released = releaseJoinedRows([alone(some.slice(0, half)), alone([...some.slice(half), giant + 1])], PRIVATE);

          expect(released !== null).toBe(all - second >= 1.44 * largest);
        },
      ),
    );
  });

  test('stand on owners, whose parents of all cells are added up', () => {
    const spread = owned(repeat(100, 60), (at) => at);

    expect(releaseJoinedRows([spread], PRIVATE)).not.toBeNull();
    expect(releaseJoinedRows([owned(repeat(100, 60), (at) => at % 19)], PRIVATE)).toBeNull();
    expect(releaseJoinedRows([spread, owned(repeat(100, 200), () => 7)], PRIVATE)).toBeNull();
    const ofOne = owned(repeat(100, 90), () => 7);
    expect(releaseJoinedRows([spread, ofOne], PRIVATE)).not.toBeNull();
    expect(releaseJoinedRows([spread, ofOne, ofOne], PRIVATE)).toBeNull();
  });

  test('need k owners of the children of each kind, none of whom takes part in most rows', () => {
    const release = (owners: readonly number[], heaviest: number) =>
      releaseJoinedRows([withChildren(owners, heaviest)], { k: 1, childK: 20 });

    expect(release([20, 25], 0.3)).not.toBeNull();
    expect(release([20, 19], 0.3)).toBeNull();
    expect(release([19], 0.3)).toBeNull();
    expect(release([40, 40], 0.5)).toBeNull();
  });
});
