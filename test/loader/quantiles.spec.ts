// Quantiles of counts, and the tolerance for what was found.
import fc from 'fast-check';
import { isEqual, isNear, quantilesOfCounts } from '../../loader/quantiles.ts';

/** percentile_disc by its definition: the first value whose share of values at or below it reaches the probability. */
function percentileDisc(values: readonly number[], probability: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted.find((_, index) => (index + 1) / sorted.length >= probability) ?? Number.NaN;
}

const quantiles = { p50: 100, p95: 1000, p99: 2000, max: 5000 };

describe('quantilesOfCounts', () => {
  test('agrees with percentile_disc over the values written out', () => {
    const counts = fc.array(fc.record({ value: fc.integer({ min: 0, max: 50 }), count: fc.integer({ min: 0, max: 30 }) }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(counts, (counted) => {
        const values = counted.flatMap(({ value, count }) => Array<number>(count).fill(value));
        fc.pre(values.length > 0);

        expect(quantilesOfCounts(counted)).toEqual({
          p50: percentileDisc(values, 0.5),
          p95: percentileDisc(values, 0.95),
          p99: percentileDisc(values, 0.99),
          max: Math.max(...values),
        });
      }),
    );
  });

  test('is null when nothing was counted', () => {
    expect(quantilesOfCounts([])).toBeNull();
    expect(quantilesOfCounts([{ value: 3, count: 0 }])).toBeNull();
  });
});

describe('isEqual', () => {
  test.each(['p50', 'p95', 'p99', 'max'] as const)('refuses another %s', (name) => {
    expect(isEqual(quantiles, quantiles)).toBe(true);
    expect(isEqual(quantiles, { ...quantiles, [name]: quantiles[name] + 1 })).toBe(false);
  });

  test('refuses nothing found', () => {
    expect(isEqual(quantiles, null)).toBe(false);
  });
});

describe('isNear', () => {
  test('allows 2 per cent and no more', () => {
    expect(isNear(quantiles, { ...quantiles, p99: 2040 })).toBe(true);
    expect(isNear(quantiles, { ...quantiles, p99: 2041 })).toBe(false);
  });

  test('allows one unit of a small value', () => {
    const small = { p50: 1, p95: 2, p99: 3, max: 3 };
    expect(isNear(small, { ...small, p50: 2 })).toBe(true);
    expect(isNear(small, { ...small, p50: 2.5 })).toBe(false);
  });

  test('measures 2 per cent of the size of a negative value', () => {
    expect(isNear({ ...quantiles, p50: -1000 }, { ...quantiles, p50: -1020 })).toBe(true);
    expect(isNear({ ...quantiles, p50: -1000 }, { ...quantiles, p50: 1000 })).toBe(false);
  });
});
