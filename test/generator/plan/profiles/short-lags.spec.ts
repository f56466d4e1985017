import { unpackIntegers } from '../../../../core/packed-integers.ts';
import { chooseLagClasses } from '../../../../generator/plan/profiles/lag-classes.ts';
import { joinShortLags, shortestLag } from '../../../../generator/plan/profiles/short-lags.ts';
import { classCount, FIRST_CLASS, type PairAxis } from '../../../../spec/pair-axis.ts';
import type { LagAxis } from '../../../../stats/population/population.ts';
import { drawFrom, placesOf } from '../../profiles/made-profiles.ts';

const CUTS = [-1000, -10, 0, 1, 60, 3600, 100_000];
const AXIS: PairAxis & { kind: 'lag' } = {
  kind: 'lag',
  column: 'at',
  since: 'at',
  cuts: CUTS,
  via: { columns: ['p'], references: 'public.p' },
};

describe('short lags', () => {
  test('are below some times the usual step of the coarser of two columns, whatever the ends and the NULLs are', () => {
    const even = Float64Array.from({ length: 1000 }, (_, at) => at * 10);
    const fine = Float64Array.from({ length: 1000 }, (_, at) => at);
    const withEnds = Float64Array.from(even, (time, at) => (at === 0 ? -1e12 : at === 999 ? 1e12 : at === 5 ? Number.NaN : time));

    expect(shortestLag(even, fine, 1)).toBeCloseTo(40, 0);
    expect(shortestLag(fine, even, 1)).toBeCloseTo(40, 0);
    expect(shortestLag(withEnds, fine, 1)).toBeCloseTo(40, 0);
    expect(shortestLag(new Float64Array(0), Float64Array.from([Number.NaN, 7]), 1)).toBe(0);
    expect(shortestLag(even, fine, 256)).toBeCloseTo(256 * 40, -2);
  });

  test('become one class, the others keep their order', () => {
    const joined = joinShortLags(AXIS, 100);

    expect([...joined.cuts]).toEqual([-1000, 3600, 100_000]);
    // NULL, other, below -1000, five short ones up to 3600, then 3600 and 100,000.
    expect(joined.joinedOf).toEqual([0, 1, 2, 3, 3, 3, 3, 3, 4, 5]);
    expect(joined.joinedOf).toHaveLength(classCount(AXIS));
    expect(joined.short).toBe(3);
    expect(joined.parts).toEqual([
      { classOf: 3, from: -1000, to: -10 },
      { classOf: 4, from: -10, to: 0 },
      { classOf: 5, from: 0, to: 1 },
      { classOf: 6, from: 1, to: 60 },
      { classOf: 7, from: 60, to: 3600 },
    ]);
  });

  test('may be all of them, or none but the one around 0', () => {
    expect([...joinShortLags(AXIS, 1e9).cuts]).toEqual([]);
    expect(joinShortLags(AXIS, 1e9).parts.map(({ from }) => from)).toEqual(CUTS.slice(0, -1));
    expect([...joinShortLags(AXIS, 0).cuts]).toEqual(CUTS);
    expect(joinShortLags({ ...AXIS, cuts: [] }, 5)).toEqual({
      cuts: new Float64Array(0),
      joinedOf: [0, 1, 2],
      short: FIRST_CLASS,
      parts: [],
    });
  });
});

describe('the lag classes of profiles', () => {
  const size = 500;
  const joined = joinShortLags(AXIS, 100);
  const draw = drawFrom(9);
  const population: LagAxis = {
    kind: 'lag',
    variable: 0,
    since: 1,
    classes: FIRST_CLASS + joined.cuts.length + 1,
    valueOf: Float64Array.from({ length: size }, (_, place) => (place < 20 ? Number.NaN : place * 30)),
    sinceOf: Float64Array.from({ length: size }, (_, place) => place * 30),
    cuts: joined.cuts,
    classOf: Array.from({ length: joined.cuts.length + 1 }, (_, step) => FIRST_CLASS + step),
  };
  const own = unpackIntegers(placesOf(size, draw));
  const since = own.map((place) => Math.min(size - 1, place + draw(200)));
  const request = { population, own, since, joined, key: [4, 5] as const };
  const countsOf = (short: readonly number[]) => Float64Array.from([0, 0, 90, ...short, 40, 40]);

  test('are short exactly for the profiles whose places are near, as many of each as were counted', () => {
    const { classes, parts, shortProfiles } = chooseLagClasses({ ...request, counts: countsOf([0, 10, 0, 30, 60]) });
    const lags = Array.from(
      own,
      (place, profile) => (population.valueOf[place] ?? 0) - (population.sinceOf[since[profile] ?? 0] ?? 0),
    );
    const near = lags.map((lag) => lag >= -1000 && lag < 3600);

    expect(shortProfiles).toBe(near.filter(Boolean).length);
    expect(shortProfiles).toBeGreaterThan(50);
    expect([...classes].map((value) => value > 0)).toEqual(near);
    expect(parts).toEqual([
      { from: -10, to: 0 },
      { from: 1, to: 60 },
      { from: 60, to: 3600 },
    ]);
    for (const [at, share] of [0.1, 0.3, 0.6].entries()) {
      const count = classes.filter((value) => value === at + 1).length;
      expect(Math.abs(count - share * shortProfiles)).toBeLessThan(1);
    }
  });

  test('are the same for the same key, and others for another', () => {
    const counts = countsOf([1, 1, 1, 1, 1]);
    const { classes } = chooseLagClasses({ ...request, counts });

    expect(chooseLagClasses({ ...request, counts }).classes).toEqual(classes);
    expect(chooseLagClasses({ ...request, counts, key: [6, 5] }).classes).not.toEqual(classes);
  });

  test('are none where no short lag was counted', () => {
    const { classes, parts, shortProfiles } = chooseLagClasses({ ...request, counts: countsOf([0, 0, 0, 0, 0]) });

    expect([parts, shortProfiles, Math.max(...classes)]).toEqual([[], 0, 0]);
  });
});
