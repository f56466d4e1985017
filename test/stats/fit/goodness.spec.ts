import { measureGoodness, samplingFloor, twoSampleFloor } from '../../../stats/fit/goodness.ts';

describe('goodness of fit', () => {
  test('total variation counts what the curve puts outside the bins', () => {
    const bins = [
      { from: 0, to: 1, count: 5 },
      { from: 1, to: 2, count: 5 },
    ];

    // Uniform on 0..4: a quarter in each bin, a half outside.
    const { totalVariation, kolmogorov } = measureGoodness(bins, (x) => Math.min(1, x / 4));

    expect(totalVariation).toBeCloseTo(0.5, 12);
    expect(kolmogorov).toBeCloseTo(0.5, 12);
  });

  test('the floor of a fair coin is E|K/n - 1/2|', () => {
    // Exact for n = 100: sum over k of C(100, k) 2^-100 |k/100 - 1/2| = 0.0397946...
    expect(samplingFloor([0.5, 0.5], 100)).toBeCloseTo(0.0398, 3);
  });

  test('two samples of equal size have a floor larger by the root of two, one infinite sample adds nothing', () => {
    const shares = [0.2, 0.3, 0.5];

    expect(twoSampleFloor(shares, 100, 100)).toBeCloseTo(samplingFloor(shares, 100) * Math.SQRT2, 12);
    expect(twoSampleFloor(shares, 100, Number.POSITIVE_INFINITY)).toBeCloseTo(samplingFloor(shares, 100), 12);
  });
});
