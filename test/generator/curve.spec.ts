import fc from 'fast-check';
import { CurveLookup } from '../../generator/keys/curve-lookup.ts';
import { resolveCurve } from '../../generator/plan/curve.ts';
import type { PlanCurve } from '../../spec/plan.ts';

function degreesOf(curve: PlanCurve): number[] {
  return curve.degree.flatMap((degree, index) => new Array<number>(curve.count[index] ?? 0).fill(degree));
}

const distributions = fc.oneof(
  fc.record({
    family: fc.constant('logNormal' as const),
    mu: fc.double({ min: -2, max: 4, noNaN: true }),
    sigma: fc.double({ min: 0.1, max: 2, noNaN: true }),
  }),
  fc.record({
    family: fc.constant('powerLaw' as const),
    alpha: fc.double({ min: 1.2, max: 4, noNaN: true }),
    min: fc.constant(1),
    max: fc.constant(5000),
  }),
  fc.record({ family: fc.constant('exponential' as const), mean: fc.double({ min: 0.1, max: 50, noNaN: true }) }),
  fc.constant({
    family: 'empirical' as const,
    bins: [
      [0, 1, 50],
      [1, 2, 30],
      [2, 20, 15],
    ] as [number, number, number][],
    tail: { parents: 5, children: 400 },
  }),
  fc.record({
    family: fc.constant('empirical' as const),
    bins: fc.constant([
      [0, 1, 50],
      [1, 20, 45],
    ] as [number, number, number][]),
    tail: fc.record({
      parents: fc.integer({ min: 1, max: 60 }),
      children: fc.integer({ min: 0, max: 50_000 }),
      from: fc.integer({ min: 1, max: 300 }),
      sigma: fc.constantFrom(undefined, 0.35, 1.4),
      exponent: fc.constantFrom(undefined, 1, 1.8),
    }),
  }),
);

describe('a fan-out curve', () => {
  test('gives exactly the parents and the children, whatever the distribution', () => {
    fc.assert(
      fc.property(
        distributions,
        fc.integer({ min: 1, max: 2000 }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (distribution, parents, mean) => {
          const children = Math.round(parents * mean);

          const curve = resolveCurve(distribution, { parents, children, maxDegree: Math.max(1, children) });

          expect(curve?.children).toBe(children);
          const degrees = degreesOf(curve as PlanCurve);
          expect(degrees.length).toBe(parents);
          expect(degrees.reduce((sum, degree) => sum + degree, 0)).toBe(children);
          expect(Math.min(...degrees)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  test('never passes the largest allowed degree, and says so when that is impossible', () => {
    fc.assert(
      fc.property(
        distributions,
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 9000 }),
        (distribution, parents, maxDegree, children) => {
          const curve = resolveCurve(distribution, { parents, children, maxDegree });

          if (children > parents * maxDegree) expect(curve).toBeNull();
          else {
            expect(curve?.children).toBe(children);
            expect(Math.max(...degreesOf(curve as PlanCurve))).toBeLessThanOrEqual(maxDegree);
          }
        },
      ),
    );
  });

  test('keeps what lies below the stretched part of a quantile curve', () => {
    const points: [number, number][] = [
      [0, 1],
      [0.5, 15],
      [0.95, 500],
      [0.99, 5000],
      [1, 50_000],
    ];

    const curve = resolveCurve(
      { family: 'quantiles', points, stretchAbove: 0.95 },
      { parents: 8000, children: 5_000_000, maxDegree: 5_000_000 },
    );

    const degrees = degreesOf(curve as PlanCurve);
    expect(degrees[3999]).toBeGreaterThanOrEqual(14);
    expect(degrees[3999]).toBeLessThanOrEqual(15);
    expect(Math.abs((degrees[7599] ?? 0) - 500)).toBeLessThanOrEqual(10);
  });

  test('looks up every child and every rank as the degrees say', () => {
    fc.assert(
      fc.property(distributions, fc.integer({ min: 1, max: 200 }), (distribution, parents) => {
        const curve = resolveCurve(distribution, { parents, children: parents * 3, maxDegree: parents * 3 }) as PlanCurve;
        const lookup = new CurveLookup(curve);
        const degrees = degreesOf(curve);
        let child = 0;
        degrees.forEach((degree, rank) => {
          expect(lookup.degreeOfRank(rank)).toBe(degree);
          if (degree > 0) expect(lookup.firstChildOfRank(rank)).toBe(child);
          for (let index = 0; index < degree; index += 1) expect(lookup.rankOfChild(child + index)).toBe(rank);
          child += degree;
        });
      }),
      { numRuns: 50 },
    );
  });
});
