// Quotients and distances of counts.
import { distanceOfCounts, geometricMean, percentile, quotient, totalVariation } from '../../stats/quotients.ts';

test('a quotient is symmetric, and counts below 1 are 1', () => {
  expect([quotient(10, 5), quotient(5, 10), quotient(0, 1), quotient(0, 4)]).toEqual([2, 2, 1, 4]);
});

test('nothing has no mean and no percentile', () => {
  expect([geometricMean([]), percentile([], 0.5)]).toEqual([null, null]);
  expect(geometricMean([2, 8])).toBeCloseTo(4);
  expect(percentile([1, 2, 3, 4], 0.95)).toBe(4);
});

test('distances are between shares, not counts', () => {
  const one = new Map([
    [0, 10],
    [5, 10],
  ]);
  const twice = new Map([
    [0, 20],
    [5, 20],
  ]);
  const other = new Map([
    [0, 1],
    [9, 3],
  ]);

  expect([distanceOfCounts(one, twice), totalVariation(one, twice)]).toEqual([0, 0]);
  expect(distanceOfCounts(one, other)).toBeCloseTo(0.75 - 0.0, 1);
  expect(totalVariation(one, other)).toBeCloseTo(0.75);
  expect(distanceOfCounts(one, new Map())).toBeNull();
});
