import fc from 'fast-check';
import { distributionFunction } from '../../stats/distribution-function.ts';
import type { FamilyParameters } from '../../stats/families.ts';
import { harmonicSum } from '../../stats/harmonic-sum.ts';

const examples: FamilyParameters[] = [
  { family: 'constant', value: 3 },
  { family: 'uniform', min: -2, max: 5 },
  { family: 'normal', mean: 12, standardDeviation: 4, min: 3, max: 30 },
  { family: 'logNormal', mu: 4.5, sigma: 1.2, min: 1, max: 5000 },
  { family: 'exponential', mean: 2700, max: 86_400 },
  { family: 'powerLaw', alpha: 2.5, min: 21, max: 256 },
  { family: 'zipf', exponent: 1.1, size: 5000 },
  { family: 'geometric', p: 0.3, start: 3, max: 20 },
  {
    family: 'empirical',
    bins: [
      [0, 1, 5],
      [1, 4, 10],
      [10, 20, 5],
    ],
  },
  {
    family: 'quantiles',
    points: [
      [0, 1],
      [0.5, 15],
      [0.95, 500],
      [0.99, 5000],
      [1, 50_000],
    ],
  },
  {
    family: 'mixture',
    parts: [
      { weight: 7, of: { family: 'constant', value: 2 } },
      { weight: 3, of: { family: 'geometric', p: 0.3, start: 3 } },
    ],
  },
];

describe('distributionFunction', () => {
  test.each(examples)('$family rises from 0 to 1', (distribution) => {
    const below = distributionFunction(distribution);

    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 0, max: 1e6, noNaN: true }), (x, gap) => {
        expect(below(x)).toBeGreaterThanOrEqual(0);
        expect(below(x + gap)).toBeGreaterThanOrEqual(below(x));
        expect(below(x + gap)).toBeLessThanOrEqual(1);
      }),
    );
    expect(below(-1e9)).toBe(0);
    expect(below(1e12)).toBe(1);
  });

  test('a constant and a zipf count strictly below', () => {
    expect(distributionFunction({ family: 'constant', value: 3 })(3)).toBe(0);
    const zipf = distributionFunction({ family: 'zipf', exponent: 1, size: 3 });
    expect(zipf(1)).toBe(0);
    expect(zipf(2)).toBeCloseTo(6 / 11, 14);
    expect(zipf(2.5)).toBeCloseTo(9 / 11, 14);
    expect(zipf(3)).toBeCloseTo(9 / 11, 14);
    expect(zipf(3.1)).toBe(1);
  });

  test('a truncated family is rescaled to its bounds', () => {
    const below = distributionFunction({ family: 'normal', mean: 0, standardDeviation: 1, min: 0, max: 1 });

    expect(below(0)).toBe(0);
    expect(below(1)).toBe(1);
    expect(below(0.5)).toBeCloseTo(0.19146246127401312 / 0.3413447460685429, 12);
  });

  test('a truncation in the far tail keeps its precision', () => {
    const below = distributionFunction({ family: 'normal', mean: 0, standardDeviation: 1, min: 20 });

    expect(below(20.1)).toBeGreaterThan(0.8);
    expect(below(20.1)).toBeLessThan(0.9);
  });

  test('a geometric distribution puts p on its start and stops at max', () => {
    const open = distributionFunction({ family: 'geometric', p: 0.3, start: 3 });
    const closed = distributionFunction({ family: 'geometric', p: 0.3, start: 3, max: 4 });

    expect(open(3)).toBe(0);
    expect(open(4)).toBeCloseTo(0.3, 14);
    expect(closed(4)).toBeCloseTo(0.3 / 0.51, 14);
    expect(closed(5)).toBe(1);
  });

  test('a power law has the survival x^(1 - alpha)', () => {
    const below = distributionFunction({ family: 'powerLaw', alpha: 3, min: 2 });

    expect(below(4)).toBeCloseTo(0.75, 14);
  });

  test('an empirical table is linear inside a bin and flat in a gap, overlapping bins add up', () => {
    const below = distributionFunction({
      family: 'empirical',
      bins: [
        [10, 20, 5],
        [1, 4, 10],
        [0, 1, 5],
      ],
    });
    const overlapping = distributionFunction({
      family: 'empirical',
      bins: [
        [0, 4, 4],
        [2, 4, 4],
      ],
    });

    expect(below(2.5)).toBe(0.5);
    expect(below(7)).toBe(0.75);
    expect(below(15)).toBe(0.875);
    expect(overlapping(3)).toBe(5 / 8);
  });

  test('a quantile curve is log-linear between positive points and linear from zero', () => {
    const below = distributionFunction({
      family: 'quantiles',
      points: [
        [0, 1],
        [0.5, 100],
        [1, 10_000],
      ],
    });
    const fromZero = distributionFunction({
      family: 'quantiles',
      points: [
        [0, 0],
        [1, 10],
      ],
    });

    expect(below(10)).toBeCloseTo(0.25, 14);
    expect(below(100)).toBe(0.5);
    expect(fromZero(5)).toBe(0.5);
  });

  test('a flat stretch of a quantile curve is an atom', () => {
    const below = distributionFunction({
      family: 'quantiles',
      points: [
        [0, 1],
        [0.6, 1],
        [1, 2],
      ],
    });

    expect(below(1)).toBe(0);
    expect(below(1.000001)).toBeGreaterThanOrEqual(0.6);
  });

  test('an impossible distribution is refused', () => {
    expect(() => distributionFunction({ family: 'exponential', mean: 1, max: -1 })).toThrow(RangeError);
    expect(() => distributionFunction({ family: 'empirical', bins: [[0, 1, 0]] })).toThrow(RangeError);
    expect(() => distributionFunction({ family: 'geometric', p: 0, start: 1 })).toThrow(RangeError);
  });

  test('the harmonic sum by formula agrees with the plain sum', () => {
    for (const exponent of [0, 0.5, 1, 1.7]) {
      let plain = 0;
      for (let k = 1; k <= 20_000; k += 1) plain += k ** -exponent;
      expect(harmonicSum(exponent)(20_000) / plain).toBeCloseTo(1, 12);
    }
  });
});
