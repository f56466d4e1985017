import fc from 'fast-check';
import { CurveLookup } from '../../generator/keys/curve-lookup.ts';
import { PairsLookup } from '../../generator/keys/pairs-lookup.ts';
import { curveOf } from '../../generator/plan/curve.ts';
import { resolvePairs } from '../../generator/plan/pairs.ts';
import type { PlanCurve } from '../../spec/plan.ts';

function curveFrom(degrees: readonly number[]): PlanCurve {
  return curveOf([...degrees].sort((a, b) => a - b).map((degree) => ({ count: 1, degree })));
}

/** Gale and Ryser's condition: for every k the k largest runs find room. */
function isPossible(runs: readonly number[], others: readonly number[]): boolean {
  const sorted = [...runs].sort((a, b) => b - a);
  let sum = 0;
  return sorted.every((degree, index) => {
    sum += degree;
    return sum <= others.reduce((room, other) => room + Math.min(other, index + 1), 0);
  });
}

/** Degrees of both sides of a random set of pairs: always possible. */
const pairSets = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 25 }), fc.integer({ min: 0, max: 40 })), {
  selector: ([left, right]) => `${left}.${right}`,
  maxLength: 600,
});

function countBy(values: readonly number[], size: number): number[] {
  return Array.from({ length: size }, (_, index) => values.filter((value) => value === index).length);
}

function checkPairs(runs: PlanCurve, others: PlanCurve): void {
  const plan = resolvePairs(runs, others, [5, 6]);
  if (plan === null) throw new Error('no pairs found');
  const runsLookup = new CurveLookup(runs);
  const lookup = new PairsLookup({ runs: 0, other: 1, flattened: 0, ...plan });
  const pairs = Array.from({ length: runs.children }, (_, row) => [runsLookup.rankOfChild(row), lookup.otherRank(row)] as const);

  expect(new Set(pairs.map((pair) => pair.join('.'))).size).toBe(runs.children);
  const otherDegrees = countBy(
    pairs.map(([, other]) => other),
    others.parents,
  );
  const wanted = others.degree.flatMap((degree, index) => new Array<number>(others.count[index] ?? 0).fill(degree));
  expect(otherDegrees).toEqual(wanted);
}

describe('distinct pairs', () => {
  test('keep both degree lists exactly and never repeat a pair', () => {
    fc.assert(
      fc.property(pairSets, (pairs) => {
        const runs = countBy(
          pairs.map(([left]) => left),
          26,
        );
        const others = countBy(
          pairs.map(([, right]) => right),
          41,
        );

        checkPairs(curveFrom(runs), curveFrom(others));
      }),
      { numRuns: 200 },
    );
  });

  test('serve one parent that takes nearly everybody, as a playlist with nearly every track does', () => {
    const runs = curveFrom([3290, 3290, 1000, 500, 200, ...new Array<number>(15).fill(29)]);
    const others = curveFrom(new Array<number>(3503).fill(0).map((_, index) => (index < runs.children - 2 * 3503 ? 3 : 2)));

    checkPairs(runs, others);
  });

  test('are found exactly when some set of pairs has these degrees', () => {
    const degrees = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 12 });
    let refused = 0;
    fc.assert(
      fc.property(degrees, degrees, (left, right) => {
        const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
        // Same totals on both sides: the smaller side is filled up with ones.
        const missing = sum(left) - sum(right);
        const runs = [...left, ...new Array<number>(Math.max(0, -missing)).fill(1)];
        const others = [...right, ...new Array<number>(Math.max(0, missing)).fill(1)];

        const plan = resolvePairs(curveFrom(runs), curveFrom(others), [1, 2]);

        expect(plan !== null).toBe(isPossible(runs, others));
        if (plan === null) refused += 1;
        else checkPairs(curveFrom(runs), curveFrom(others));
      }),
      { numRuns: 500, seed: 42 },
    );
    expect(refused).toBeGreaterThan(10);
  });
});
