import { type Binning, binOf, rangeOf } from '../../../stats/binning.ts';
import { distributionFunction } from '../../../stats/distribution-function.ts';
import type { FamilyParameters } from '../../../stats/families.ts';
import { fitExponential } from '../../../stats/fit/fit-exponential.ts';
import { fitCountFamilies, fitFamilies } from '../../../stats/fit/fit-families.ts';
import { fitLogNormal } from '../../../stats/fit/fit-log-normal.ts';
import { fitNormal } from '../../../stats/fit/fit-normal.ts';
import { fitPowerLaw } from '../../../stats/fit/fit-power-law.ts';
import { fitZipfToRanks } from '../../../stats/fit/fit-zipf.ts';
import type { BinnedCount } from '../../../stats/nested-bins.ts';

/** Level 2: five sub-bits, so values from 64 on lie in bins wider than one. */
const LEVEL = 2;

/** What a million rows of the distribution give on average, in bins of the pack's kind from `min` to `max`. */
function expectedBins(distribution: FamilyParameters, min: number, max: number, level = LEVEL): BinnedCount[] {
  const binning: Binning = { kind: 'magnitude', subBits: 12 };
  const below = distributionFunction(distribution);
  const bins: BinnedCount[] = [];
  for (let bin = binOf(binning, level, min); rangeOf(binning, level, bin).from < max; bin += 1) {
    const { from, to } = rangeOf(binning, level, bin);
    const count = Math.round(1e6 * (below(to) - below(from)));
    if (count >= 20) bins.push({ from, to, count });
  }
  return bins;
}

describe('fitting families to bins', () => {
  test('a log-normal is found again from its bins', () => {
    const fit = fitLogNormal(expectedBins({ family: 'logNormal', mu: 4.5, sigma: 1.2 }, 0, 20_000));

    expect(fit?.mu).toBeCloseTo(4.5, 2);
    expect(fit?.sigma).toBeCloseTo(1.2, 2);
  });

  test('a log-normal whose left part is cut off is found again', () => {
    const fit = fitLogNormal(expectedBins({ family: 'logNormal', mu: 4.5, sigma: 1.2, min: 64 }, 64, 20_000));

    expect(fit?.mu).toBeCloseTo(4.5, 1);
    expect(fit?.sigma).toBeCloseTo(1.2, 1);
  });

  test('a normal with negative values is found again', () => {
    const bins = expectedBins({ family: 'normal', mean: 12, standardDeviation: 40 }, -150, 300);
    const fit = fitNormal(bins);

    expect(bins[0]?.from).toBeLessThan(0);
    expect(fit?.mean).toBeCloseTo(12, 0);
    expect(fit?.standardDeviation).toBeCloseTo(40, 0);
  });

  test('an exponential is found again', () => {
    const fit = fitExponential(expectedBins({ family: 'exponential', mean: 2700 }, 0, 50_000));

    expect((fit?.mean ?? 0) / 2700).toBeCloseTo(1, 2);
  });

  test('a power law is found again', () => {
    const fit = fitPowerLaw(expectedBins({ family: 'powerLaw', alpha: 2.5, min: 21 }, 21, 20_000, 1));

    expect(fit?.alpha).toBeCloseTo(2.5, 2);
    expect(fit?.min).toBe(21);
  });

  test("Zipf's law over ranked weights is found again, in any order of the weights", () => {
    const weights = Array.from({ length: 50 }, (_, rank) => 10_000 / (rank + 1) ** 0.9).reverse();

    expect(fitZipfToRanks(weights)?.exponent).toBeCloseTo(0.9, 4);
  });

  test.each<[FamilyParameters, number, number]>([
    [{ family: 'logNormal', mu: 5, sigma: 1 }, 0, 50_000],
    [{ family: 'exponential', mean: 300 }, 0, 5000],
    [{ family: 'normal', mean: 500, standardDeviation: 60 }, 0, 1000],
    [{ family: 'powerLaw', alpha: 1.8, min: 32, max: 8192 }, 32, 8192],
  ])('among all families the right one comes first: %p', (distribution, min, max) => {
    const [best] = fitFamilies(expectedBins(distribution, min, max));

    expect(best?.parameters.family).toBe(distribution.family);
    expect(best?.goodness.totalVariation).toBeLessThan(0.005);
    expect(best?.goodness.kolmogorov).toBeLessThan(0.005);
  });

  test("whole numbers from one on that follow Zipf's law are recognised", () => {
    const bins = Array.from({ length: 60 }, (_, index) => ({
      from: index + 1,
      to: index + 2,
      count: Math.round(1e5 / (index + 1) ** 1.4),
    }));

    expect(fitCountFamilies(bins)[0]?.parameters).toMatchObject({ family: 'zipf', size: 60, exponent: expect.closeTo(1.4, 2) });
  });

  test('two peaks are fitted by no family', () => {
    const bins = [...Array(40).keys()].map((at) => ({ from: at, to: at + 1, count: at < 5 || at > 34 ? 1000 : 10 }));

    expect(fitFamilies(bins)[0]?.goodness.totalVariation).toBeGreaterThan(0.1);
  });

  test('a single bin and empty bins fit nothing', () => {
    expect(fitFamilies([{ from: 3, to: 4, count: 100 }])).toEqual([]);
    expect(
      fitFamilies([
        { from: 3, to: 4, count: 0 },
        { from: 4, to: 5, count: 0 },
      ]),
    ).toEqual([]);
    expect(fitFamilies([])).toEqual([]);
  });
});
