// Sums of products: who decides them, that they are met where they can be, and that nothing else suffers where they cannot.
import fc from 'fast-check';
import { fitPopulation } from '../../../stats/population/fit-population.ts';
import type { Population, PopulationProduct, PopulationRequest } from '../../../stats/population/population.ts';
import { type Draw, drawFrom, placeAxis, requestOf } from './made-populations.ts';

const SIZE = 400;
/** Members of the classes none, 1 to 3, 4 to 9, and the open one. */
const CLASSES = [160, 140, 60, 40];

/** Ascending degrees in those classes; the open one has a heavy tail. */
function degrees(draw: Draw): Float64Array {
  const open = Array.from({ length: 40 }, () => 10 + Math.floor(400 / (1 + draw(40)))).sort((one, two) => one - two);
  const inClass = (count: number, from: number, to: number) =>
    Array.from({ length: count }, (_, at) => from + Math.floor((at * (to - from)) / count));
  return Float64Array.from([...inClass(160, 0, 1), ...inClass(140, 1, 4), ...inClass(60, 4, 10), ...open]);
}

function permutation(size: number, draw: Draw): number[] {
  const items = Array.from({ length: size }, (_, at) => at);
  for (let at = size - 1; at > 0; at -= 1) {
    const other = draw(at + 1);
    [items[at], items[other]] = [items[other] as number, items[at] as number];
  }
  return items;
}

/** Some `kinds` of degrees whose products are those of members that there are; every two are counted together. */
function reachable(seed: number, kinds: number): PopulationRequest & { readonly products: readonly PopulationProduct[] } {
  const draw = drawFrom(seed);
  const of = Array.from({ length: kinds }, () => degrees(draw));
  const places = of.map(() => permutation(SIZE, draw));
  const axes = of.map((_, variable) => placeAxis(variable, CLASSES));
  const pairs = of.flatMap((_, first) => of.slice(first + 1).map((__, step) => [first, first + 1 + step] as const));
  const classOf = (kind: number, member: number) => axes[kind]?.classOf[places[kind]?.[member] ?? 0] ?? 0;
  const marginals = pairs.map(([first, second]) => {
    const wanted = new Float64Array(CLASSES.length ** 2);
    for (let member = 0; member < SIZE; member += 1) {
      const cell = classOf(first, member) * CLASSES.length + classOf(second, member);
      wanted[cell] = (wanted[cell] ?? 0) + 1;
    }
    return { axes: [first, second] as const, wanted };
  });
  const products = pairs.map(([first, second]): PopulationProduct => {
    const [one, two] = [of[first] as Float64Array, of[second] as Float64Array];
    const sides = { first: { variable: first, of: one }, second: { variable: second, of: two } };
    return { ...sides, wanted: sumOf({ ...sides, wanted: 0 }, places) };
  });
  return { ...requestOf({ size: SIZE, axes, marginals, key: [seed, 7] }), products };
}

function sumOf({ first, second }: PopulationProduct, places: readonly ArrayLike<number>[]): number {
  const countOf = ({ of, variable }: PopulationProduct['first'], member: number) => of[places[variable]?.[member] ?? 0] ?? 0;
  return Array.from({ length: SIZE }, (_, member) => countOf(first, member) * countOf(second, member)).reduce(
    (one, two) => one + two,
    0,
  );
}

/** The worst quotient of what is there and what is wanted. */
function worst(population: Population, products: readonly PopulationProduct[]): number {
  const quotients = products.map((product) => {
    const sum = sumOf(product, population.places);
    return Math.max(sum / product.wanted, product.wanted / sum);
  });
  return Math.max(...quotients);
}

describe('sums of products', () => {
  test('are met, and the population stays one: each place once, sums as told', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 2, max: 4 }), (seed, kinds) => {
        const request = reachable(seed, kinds);

        const population = fitPopulation(request);

        for (const places of population.places) expect(new Set(places).size).toBe(SIZE);
        expect(worst(population, request.products)).toBeLessThan(1.05);
        population.sums.forEach(({ after }, at) => {
          expect(after).toBe(sumOf(request.products[at] as PopulationProduct, population.places));
        });
      }),
      { numRuns: 12 },
    );
  });

  test('are far off where nobody asks for them: open classes do not say who is largest', () => {
    const request = reachable(3, 2);
    const most = {
      ...request,
      products: [
        {
          ...(request.products[0] as PopulationProduct),
          wanted: sumOf(request.products[0] as PopulationProduct, [ascending(), ascending()]) * 0.6,
        },
      ],
    };

    expect(worst(fitPopulation({ ...most, products: [] }), most.products)).toBeGreaterThan(1.3);
    expect(worst(fitPopulation(most), most.products)).toBeLessThan(1.1);
  });

  test('out of reach leave the marginals as they are, nearly', () => {
    const request = reachable(5, 3);
    const impossible = request.products.map((product) => ({ ...product, wanted: product.wanted * 1000 }));

    const plain = fitPopulation({ ...request, products: [] });
    const pushed = fitPopulation({ ...request, products: impossible });

    pushed.residuals.forEach(({ after }, at) => {
      expect(after - (plain.residuals[at]?.after ?? 0)).toBeLessThan(0.05);
    });
  });

  test('count members that stand for several by mean and deviation, and take any order that is fixed', () => {
    const request = reachable(11, 2);
    const [product] = request.products;
    const spread = new Float64Array(SIZE).fill(2);
    const sides = {
      first: { ...(product as PopulationProduct).first, spread },
      second: { ...(product as PopulationProduct).second, spread },
    };
    const variables = request.variables.map((variable, at) => ({ ...variable, isFixed: at === 0 }));

    const { sums } = fitPopulation({
      ...request,
      variables,
      products: [{ ...sides, wanted: (product?.wanted ?? 0) + 4 * SIZE }],
    });

    expect(Math.abs((sums[0]?.after ?? 0) / ((product?.wanted ?? 0) + 4 * SIZE) - 1)).toBeLessThan(0.05);
  });
});

function ascending(): number[] {
  return Array.from({ length: SIZE }, (_, at) => at);
}
