import { erfc, normalBetween, normalCdf } from '../../stats/normal-distribution.ts';

/** erf by its power series; good to 1e-15 for small x. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 200; n += 1) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** erfc by Lentz's continued fraction; good for large x. */
function erfcFraction(x: number): number {
  let tail = 0;
  for (let n = 400; n >= 1; n -= 1) tail = n / 2 / (x + tail);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + tail);
}

describe('the normal distribution', () => {
  test('erfc agrees with the power series near zero to 1e-14', () => {
    for (let x = -2; x <= 2; x += 0.01) expect(Math.abs(erfc(x) - (1 - erfSeries(x)))).toBeLessThan(1e-14);
  });

  test('erfc agrees with the continued fraction far out, relative error below 1e-12', () => {
    for (let x = 2.5; x <= 20; x += 0.1) expect(Math.abs(erfc(x) / erfcFraction(x) - 1)).toBeLessThan(1e-12);
  });

  test('the textbook value at 1.96 is met to its last digit', () => {
    expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 14);
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
  });

  test('a mass in the far right tail keeps its digits', () => {
    expect(normalBetween(9, 10)).toBeCloseTo(normalBetween(-10, -9), 30);
    expect(normalBetween(9, 10)).toBeGreaterThan(1e-19);
  });
});
