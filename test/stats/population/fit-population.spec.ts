import { fitPopulation } from '../../../stats/population/fit-population.ts';
import { lagClass } from '../../../stats/population/members.ts';
import type { LagAxis, Population, PopulationMarginal, PopulationRequest } from '../../../stats/population/population.ts';
import { classesIn, cross, drawFrom, placeAxis, reachableRequest, requestOf, sizesOf, wildRequest } from './made-populations.ts';

const upTo = (size: number) => Array.from({ length: size }, (_, at) => at);

/** Every order has each place once, and fixed ones stand still. */
function brokenOrders({ size, variables }: PopulationRequest, { places }: Population): string[] {
  return variables.flatMap(({ isFixed, name }, at) => {
    const own = [...(places[at] ?? [])];
    const isWhole = String([...own].sort((left, right) => left - right)) === String(upTo(size));
    return isWhole && (!isFixed || String(own) === String(upTo(size))) ? [] : [name];
  });
}

describe('a population', () => {
  test('has the counts over all pairs of axes that some population has, rare cells included', () => {
    const missed: string[] = [];
    for (let seed = 1; seed <= 20; seed += 1) {
      const request = reachableRequest(seed);
      const population = fitPopulation(request);

      expect(brokenOrders(request, population)).toEqual([]);
      for (const [at, { axes, wanted }] of request.marginals.entries()) {
        const [one, two = one] = axes.map((axis) => request.axes[axis]);
        if (one?.kind !== 'place' || two?.kind !== 'place') throw new Error('no lags here');
        // Counted here, not by what the fit says of itself.
        const counts = cross(classesIn(population, one), classesIn(population, two), one.classes, two.classes);
        const wrong = counts.reduce((sum, count, cell) => sum + Math.abs(count - (wanted[cell] ?? 0)), 0) / (2 * request.size);
        if (wrong >= 0.02) missed.push(`seed ${seed}, marginal ${at}: ${wrong.toFixed(3)}`);
        expect(population.residuals[at]?.after).toBeCloseTo(wrong, 2);
      }
    }

    expect(missed).toEqual([]);
  });

  test('finds a cell of one member in a thousand', () => {
    const size = 4000;
    const axes = [placeAxis(0, [3996, 4]), placeAxis(1, [3996, 4])];
    const wanted = Float64Array.from([3996, 0, 0, 4]);

    const { places, residuals } = fitPopulation(requestOf({ size, axes, marginals: [{ axes: [0, 1], wanted }] }));

    expect(residuals[0]?.after).toBeCloseTo(0, 6);
    expect(upTo(size).filter((member) => (places[0]?.[member] ?? 0) >= 3996 && (places[1]?.[member] ?? 0) >= 3996)).toHaveLength(
      4,
    );
  });

  test('ends nearer to what was asked for than it began', () => {
    const sums = { before: 0, after: 0 };
    for (let seed = 1; seed <= 5; seed += 1) {
      for (const { after, before } of fitPopulation(reachableRequest(seed)).residuals) {
        sums.before += before;
        sums.after += after;
      }
    }

    expect(sums.before).toBeGreaterThan(0);
    expect(sums.after).toBeLessThan(sums.before / 2);
  });

  test('is the same for the same key, and another for another', () => {
    const request = reachableRequest(5);

    expect(fitPopulation(request)).toEqual(fitPopulation(reachableRequest(5)));
    expect(fitPopulation({ ...request, key: [8, 8] }).places[1]).not.toEqual(fitPopulation(request).places[1]);
  });

  test('tries no more swaps than it may', () => {
    const request = { ...reachableRequest(3), maxSwaps: 500 };

    expect(fitPopulation(request).swapsTried).toBeLessThanOrEqual(500);
    expect(fitPopulation({ ...request, maxSwaps: 0 }).residuals.every(({ before, after }) => before === after)).toBe(true);
  });

  test('whatever is asked for, it ends with every order whole and every fixed order still', () => {
    for (let seed = 1; seed <= 400; seed += 1) {
      const request = wildRequest(seed);
      const population = fitPopulation(request);

      expect({ seed, broken: brokenOrders(request, population) }).toEqual({ seed, broken: [] });
      expect(population.swapsTried).toBeLessThanOrEqual(request.maxSwaps);
      const figures = population.residuals.flatMap(({ before, after }) => [before, after]);
      expect({ seed, figures: figures.filter((each) => !(each >= 0)) }).toEqual({ seed, figures: [] });
    }
  });
});

describe('a population of', () => {
  const pair = (size: number): PopulationRequest =>
    requestOf({
      size,
      axes: [placeAxis(0, [size, 0, 0]), placeAxis(1, [0, size])],
      marginals: [{ axes: [0, 1], wanted: Float64Array.from([0, 3, 1, 1, 0, 5]) }],
    });

  test.each([0, 1])('%i members has nothing to swap', (size) => {
    const { places, residuals, swapsTried } = fitPopulation(pair(size));

    expect(places.map((each) => [...each])).toEqual([upTo(size), upTo(size)]);
    expect(residuals).toHaveLength(1);
    expect(swapsTried).toBe(0);
  });

  test('two members swaps them', () => {
    const axes = [placeAxis(0, [1, 1]), placeAxis(1, [1, 1])];
    const marginals = [{ axes: [0, 1] as const, wanted: Float64Array.from([0, 1, 1, 0]) }];

    for (let key = 0; key < 8; key += 1) {
      const { places } = fitPopulation(requestOf({ size: 2, axes, marginals, key: [key, 1] }));

      expect([...(places[0] ?? [])]).toEqual([...(places[1] ?? [])].reverse());
    }
  });
});

describe('marginals that say little or too much', () => {
  const sizes = [30, 50, 20];

  test('without any count ask for independence, and no class loses a member', () => {
    const axes = [placeAxis(0, sizes), placeAxis(1, [50, 50])];
    const { places, residuals } = fitPopulation(
      requestOf({ size: 100, axes, marginals: [{ axes: [0, 1], wanted: new Float64Array(6) }] }),
    );
    const inFirst = upTo(100).filter((member) => (places[0]?.[member] ?? 0) < 30 && (places[1]?.[member] ?? 0) < 50).length;

    expect(inFirst).toBe(15);
    expect(residuals[0]?.after).toBeLessThan(0.01);
  });

  test('that contradict each other are met half way', () => {
    const axes = [placeAxis(0, [50, 50]), placeAxis(1, [50, 50])];
    const together: PopulationMarginal = { axes: [0, 1], wanted: Float64Array.from([50, 0, 0, 50]) };
    const apart: PopulationMarginal = { axes: [0, 1], wanted: Float64Array.from([0, 50, 50, 0]) };

    const { residuals } = fitPopulation(requestOf({ size: 100, axes, marginals: [together, apart] }));

    expect((residuals[0]?.after ?? 0) + (residuals[1]?.after ?? 0)).toBeCloseTo(1, 4);
  });

  test('that want members of classes without any change nothing for the others', () => {
    const axes = [placeAxis(0, [60, 0, 40]), placeAxis(1, [40, 60])];
    // The second row is wanted most, and has no members.
    const wanted = Float64Array.from([0, 60, 900, 900, 40, 0]);

    const population = fitPopulation(requestOf({ size: 100, axes, marginals: [{ axes: [0, 1], wanted }] }));

    const counts = cross(classesIn(population, axes[0] as never), classesIn(population, axes[1] as never), 3, 2);
    // Of a hundred members one pair may be left over.
    const misses = [0, 60, 0, 0, 40, 0].map((count, cell) => Math.abs((counts[cell] ?? 0) - count));
    expect(Math.max(...misses)).toBeLessThanOrEqual(1);
  });
});

describe('members that count for more than one', () => {
  test('are counted so: parents by their children', () => {
    const size = 1000;
    const degrees = Float64Array.from(upTo(size), (place) => Math.floor(100 * (place / size) ** 8));
    const children = degrees.reduce((sum, degree) => sum + degree, 0);
    const axes = [placeAxis(0, [700, 200, 100])];
    const variables = [
      { name: 'column', isFixed: false },
      { name: 'degree', isFixed: false },
    ];
    // Half of the children belong to the tenth of the parents that is the last class.
    const wanted = Float64Array.from([2, 3, 5]);

    const { places, residuals } = fitPopulation(
      requestOf({ size, variables, axes, marginals: [{ axes: [0], wanted, weight: { variable: 1, of: degrees } }] }),
    );

    const ofClass = [0, 0, 0];
    for (const member of upTo(size)) {
      const value = axes[0]?.classOf[places[0]?.[member] ?? 0] ?? 0;
      ofClass[value] = (ofClass[value] ?? 0) + (degrees[places[1]?.[member] ?? 0] ?? 0);
    }
    expect(residuals[0]?.before).toBeGreaterThan(0.3);
    expect(residuals[0]?.after).toBeLessThan(0.02);
    for (const [value, share] of [0.2, 0.3, 0.5].entries()) expect((ofClass[value] ?? 0) / children).toBeCloseTo(share, 1);
  });

  test('may all count for nothing', () => {
    const weight = { variable: 0, of: new Float64Array(20) };
    const marginals = [{ axes: [0] as const, wanted: Float64Array.from([1, 3]), weight }];

    const population = fitPopulation(requestOf({ size: 20, axes: [placeAxis(0, [10, 10])], marginals }));

    expect([...(population.places[0] ?? [])].sort((left, right) => left - right)).toEqual(upTo(20));
  });
});

describe('a lag', () => {
  const size = 2000;
  const lags = (cuts: readonly number[], own: Float64Array, since: Float64Array): LagAxis => ({
    kind: 'lag',
    variable: 0,
    since: 1,
    classes: 2 + cuts.length + 1,
    valueOf: own,
    sinceOf: since,
    cuts: Float64Array.from(cuts),
    classOf: upTo(cuts.length + 1).map((step) => 2 + step),
  });
  const classesOf = (axis: LagAxis, { places }: Population) =>
    upTo(size).map((member) => lagClass(axis, places[0]?.[member] ?? 0, places[1]?.[member] ?? 0));

  test('is negative, short or missing as often as it was', () => {
    const draw = drawFrom(4);
    // The truth: parents at random times, children -50 to 250 later, a tenth without a parent; then both are forgotten but for their ranks.
    const parents = upTo(size).map(() => draw(10_000));
    const truth = parents.map((parent, member) => ({
      since: member % 10 === 0 ? Number.NaN : parent,
      own: parent + (draw(8) === 0 ? -draw(50) : draw(3) === 0 ? draw(20) : draw(250)),
    }));
    const ascending = (values: readonly number[]) =>
      Float64Array.from([...values].sort((left, right) => (Number.isNaN(left) ? -1 : Number.isNaN(right) ? 1 : left - right)));
    const axis = lags([0, 20, 100, 300], ascending(truth.map(({ own }) => own)), ascending(truth.map(({ since }) => since)));
    const classIn = (lag: number) => (Number.isNaN(lag) ? 0 : 2 + [0, 20, 100, 300].filter((cut) => cut <= lag).length);
    const wanted = Float64Array.from(
      sizesOf(
        truth.map(({ own, since }) => classIn(own - since)),
        axis.classes,
      ),
    );

    const population = fitPopulation(requestOf({ size, axes: [axis], marginals: [{ axes: [0], wanted }] }));

    const found = sizesOf(classesOf(axis, population), axis.classes);
    const wrong = found.reduce((sum, count, value) => sum + Math.abs(count - (wanted[value] ?? 0)), 0) / (2 * size);
    expect(wanted[0]).toBe(200);
    expect(found[0]).toBe(200);
    expect(wrong).toBeLessThan(0.02);
  });

  test('has the classes that its cuts say: not below a cut is above it', () => {
    const axis = lags([-10, 0, 10], Float64Array.from([-11, -10, -1, 0, 9, 10, Number.NaN]), Float64Array.from([0, Number.NaN]));

    expect(upTo(7).map((place) => lagClass(axis, place, 0))).toEqual([2, 3, 3, 4, 4, 5, 0]);
    expect(lagClass(axis, 0, 1)).toBe(0);
  });
});
