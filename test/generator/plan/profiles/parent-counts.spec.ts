import { degreesByPlace, parentCounts } from '../../../../generator/plan/profiles/parent-counts.ts';
import type { Read } from '../../../../generator/plan/profiles/read-marginals.ts';
import type { PairAxis } from '../../../../spec/pair-axis.ts';
import { curveOf } from '../../profiles/made-profiles.ts';

const VIA = { columns: ['p'], references: 'public.p' };
const KIND: PairAxis = { kind: 'category', column: 'kind', labels: [0, 1] };
const KIND_OF_PARENT: PairAxis = { ...KIND, via: VIA };
const OWN: PairAxis = { kind: 'presence', column: 'x' };
const isOwn = (via: { readonly references: string }) => via.references === 'public.p';

const read = (axes: PairAxis[], cells: number[], other = 0): Read => ({
  axes,
  cells: Float64Array.from(cells),
  blocks: new Int32Array(cells.length),
  other,
  ascending: null,
  joinedTimesChance: null,
});
// Classes of `kind` (NULL, other, two labels) by those of `x` (NULL, other, set).
const BESIDE = read([KIND_OF_PARENT, OWN], [10, 0, 0, 0, 0, 0, 5, 0, 20, 1, 0, 64]);

describe('what children say about their parents', () => {
  test('is their number by class of the parent, on whichever side of the marginal', () => {
    const turned = read([OWN, KIND_OF_PARENT], [10, 0, 5, 1, 0, 0, 0, 0, 0, 0, 20, 64]);

    for (const marginal of [BESIDE, turned]) {
      expect(parentCounts([marginal], isOwn, 0)).toEqual([{ axis: KIND, counts: Float64Array.from([10, 0, 25, 65]), other: 0 }]);
    }
  });

  test('leaves out children that have no parent', () => {
    expect(parentCounts([BESIDE], isOwn, 0.04)[0]?.counts[0]).toBeCloseTo(6, 9);
    expect(parentCounts([BESIDE], isOwn, 0.5)[0]?.counts[0]).toBe(0);
  });

  test('comes from the marginal that withheld least', () => {
    const worse = read([KIND_OF_PARENT], [0, 0, 1, 1], 500);

    expect(parentCounts([worse, BESIDE], isOwn, 0)[0]?.other).toBe(0);
    expect(parentCounts([BESIDE, worse], isOwn, 0)).toHaveLength(1);
    expect(parentCounts([BESIDE, worse], isOwn, 0)[0]?.other).toBe(0);
  });

  test('is nothing about other parents, and nothing about lags', () => {
    const lag: PairAxis = { kind: 'lag', column: 'at', since: 'at', cuts: [0], via: VIA };

    expect(parentCounts([BESIDE], () => false, 0)).toEqual([]);
    expect(parentCounts([read([lag], [1, 2, 3, 4])], isOwn, 0)).toEqual([]);
    expect(parentCounts([read([OWN], [1, 2, 3])], isOwn, 0)).toEqual([]);
  });
});

test('degrees by place are those of the curve, of several ranks the middle one', () => {
  const degrees = [0, 0, 0, 1, 1, 4, 9, 9];

  expect([...degreesByPlace(curveOf(degrees), 8, 8)]).toEqual(degrees);
  expect([...degreesByPlace(curveOf(degrees), 4, 8)]).toEqual([0, 1, 4, 9]);
});
