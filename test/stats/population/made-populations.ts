// Populations whose counts are known to be reachable: members get classes at random but not independently, and the counts over those
// classes are what the fit is asked for.
import { mixBelow } from '../../../generator/random/mixer.ts';
import type {
  LagAxis,
  PlaceAxis,
  Population,
  PopulationAxis,
  PopulationMarginal,
  PopulationRequest,
} from '../../../stats/population/population.ts';

/** Whole numbers below a bound, one after another. */
export type Draw = (below: number) => number;

export function drawFrom(seed: number): Draw {
  let counter = 0;
  return (below) => mixBelow([seed | 0, 0x0ddba11], counter++, below);
}

/** Places that have classes of the given sizes, one class after another. */
export function placeAxis(variable: number, sizes: readonly number[]): PlaceAxis {
  const classOf = sizes.flatMap((size, value) => new Array<number>(size).fill(value));
  return { kind: 'place', variable, classes: sizes.length, classOf: Uint16Array.from(classOf) };
}

/** Members by their classes on two axes. */
export function cross(one: readonly number[], two: readonly number[], rows: number, columns: number): Float64Array {
  const cells = new Float64Array(rows * columns);
  one.forEach((value, member) => {
    const cell = value * columns + (two[member] ?? 0);
    cells[cell] = (cells[cell] ?? 0) + 1;
  });
  return cells;
}

/** How many members have each class. */
export function sizesOf(classes: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, value) => classes.filter((each) => each === value).length);
}

/** The class of each member on an axis, as the population has it. */
export function classesIn(population: Population, axis: PlaceAxis): number[] {
  return Array.from(population.places[axis.variable] ?? [], (place) => axis.classOf[place] ?? -1);
}

/** A request with what nobody cares about filled in. */
export function requestOf(
  parts: Partial<PopulationRequest> & Pick<PopulationRequest, 'size' | 'axes' | 'marginals'>,
): PopulationRequest {
  const count =
    Math.max(-1, ...parts.axes.flatMap((axis) => (axis.kind === 'lag' ? [axis.variable, axis.since] : [axis.variable]))) + 1;
  return {
    variables: Array.from({ length: count }, (_, at) => ({ name: `v${at}`, isFixed: false })),
    key: [1, 2],
    maxSwaps: 10_000_000,
    ...parts,
  };
}

/**
 * Members in an order that is fixed and in one to four more, all pairs of them counted. Classes go together more or less, some are rare, and
 * every tenth of the members or so is an exception.
 */
export function reachableRequest(seed: number): PopulationRequest {
  const draw = drawFrom(seed);
  const size = 400 + draw(2000);
  const variables = 2 + draw(4);
  const classCounts = Array.from({ length: variables }, () => 2 + draw(7));
  const hidden = Array.from({ length: size }, () => draw(10_000));
  const strength = Array.from({ length: variables }, () => 1 + draw(10));
  const classes = classCounts.map((count, variable) =>
    hidden.map((value) => {
      const own = draw(10) < (strength[variable] ?? 0) ? value : draw(10_000);
      // Squared: the last classes are rare.
      return Math.floor((own / 10_000) ** 2 * count);
    }),
  );
  // The members of the first order stand in it already: it is the heap.
  const order = Array.from(hidden.keys()).sort((left, right) => (classes[0]?.[left] ?? 0) - (classes[0]?.[right] ?? 0));
  const sorted = classes.map((each) => order.map((member) => each[member] ?? 0));
  const axes = sorted.map((each, variable) => placeAxis(variable, sizesOf(each, classCounts[variable] ?? 0)));
  const marginals: PopulationMarginal[] = [];
  for (let one = 0; one < variables; one += 1) {
    for (let two = one + 1; two < variables; two += 1) {
      const wanted = cross(sorted[one] ?? [], sorted[two] ?? [], classCounts[one] ?? 0, classCounts[two] ?? 0);
      marginals.push({ axes: draw(2) === 0 ? [one, two] : [two, one], wanted });
      const last = marginals.at(-1);
      if (last?.axes[0] === two)
        marginals.splice(-1, 1, {
          axes: [two, one],
          wanted: cross(sorted[two] ?? [], sorted[one] ?? [], classCounts[two] ?? 0, classCounts[one] ?? 0),
        });
    }
  }
  return {
    size,
    variables: axes.map((_, at) => ({ name: `v${at}`, isFixed: at === 0 })),
    axes,
    marginals,
    key: [seed, 7],
    maxSwaps: 10_000_000,
  };
}

/** Anything at all that has the right form: classes without members, counts of nothing, counts that contradict each other. */
export function wildRequest(seed: number): PopulationRequest {
  const draw = drawFrom(seed);
  const size = draw(4) === 0 ? draw(4) : draw(300);
  const variables = Array.from({ length: 1 + draw(4) }, (_, at) => ({
    name: `v${at}`,
    isFixed: draw(4) === 0,
  }));
  const axes = Array.from({ length: 1 + draw(6) }, (): PopulationAxis => {
    const variable = draw(variables.length);
    if (draw(3) === 0) return wildLag(variable, draw(variables.length), size, draw);
    const classes = 1 + draw(9);
    return { kind: 'place', variable, classes, classOf: Uint16Array.from({ length: size }, () => draw(classes)) };
  });
  const marginals = Array.from({ length: draw(7) }, (): PopulationMarginal => {
    const [first, second] = [draw(axes.length), draw(axes.length)];
    const isSingle = draw(4) === 0;
    const cells = (axes[first]?.classes ?? 1) * (isSingle ? 1 : (axes[second]?.classes ?? 1));
    const [scale, density] = [10 ** draw(9), draw(4)];
    return {
      axes: isSingle ? [first] : [first, second],
      wanted: Float64Array.from({ length: cells }, () => (draw(3) < density ? draw(scale) : 0)),
      ...(draw(4) === 0 ? { blocks: Int32Array.from({ length: cells }, () => draw(4)) } : {}),
      ...(draw(4) === 0
        ? { weight: { variable: draw(variables.length), of: Float64Array.from({ length: size }, () => draw(5)) } }
        : {}),
    };
  });
  const ties = Array.from({ length: draw(4) }, () => ({
    variable: draw(variables.length),
    with: draw(variables.length),
    correlation: draw(201) / 100 - 1,
  })).filter((tie) => tie.variable !== tie.with);
  return { size, variables, axes, marginals, key: [seed, 3], maxSwaps: 60_000, ties };
}

function wildLag(variable: number, since: number, size: number, draw: Draw): LagAxis {
  const value = () => (draw(5) === 0 ? Number.NaN : draw(2000) - 500);
  const cuts = Array.from(new Set(Array.from({ length: draw(5) }, () => draw(2000) - 1000))).sort((left, right) => left - right);
  const shift = draw(2);
  return {
    kind: 'lag',
    variable,
    since,
    classes: 2 + cuts.length + 1,
    valueOf: Float64Array.from({ length: size }, value),
    sinceOf: Float64Array.from({ length: size }, value),
    cuts: Float64Array.from(cuts),
    // Neighbouring steps may be of one class.
    classOf: Array.from({ length: cuts.length + 1 }, (_, step) => 2 + Math.max(0, step - shift)),
  };
}
