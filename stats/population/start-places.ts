// Where the fit begins. Each variable is dealt out along the one marginal that says most about it, given what was dealt before, so that a
// tree of marginals holds from the start (Chow and Liu 1968, Prim's way) and swaps have only the rest to do.
import type { DrawBelow, PlaceAxis, PopulationAxis, PopulationMarginal, PopulationVariable } from './population.ts';
import { shuffle, shuffled } from './shuffle.ts';
import { dealByLag, lagEdges } from './start-by-lag.ts';
import { wantedCounts } from './wanted-counts.ts';

export interface StartRequest {
  readonly size: number;
  readonly variables: readonly PopulationVariable[];
  readonly axes: readonly PopulationAxis[];
  readonly marginals: readonly PopulationMarginal[];
}

/** A marginal over two variables, turned so that `from` comes first. */
interface Edge {
  readonly from: PlaceAxis;
  readonly to: PlaceAxis;
  /** Classes of `from` times classes of `to`. */
  readonly wanted: Float64Array;
  readonly information: number;
}

/** The place of each member by variable. A variable that no marginal ties to another gets chance. */
export function startPlaces(request: StartRequest, draw: DrawBelow): Int32Array[] {
  const { size, variables } = request;
  const edges = edgesOf(request);
  const lags = lagEdges(request.axes, request.marginals, size);
  const places = new Map<number, Int32Array>();
  for (const [at, { isFixed }] of variables.entries()) {
    if (isFixed)
      places.set(
        at,
        Int32Array.from({ length: size }, (_, member) => member),
      );
  }
  while (places.size < variables.length) {
    const edge = most(edges.filter(({ from, to }) => places.has(from.variable) && !places.has(to.variable)));
    const lag = most(lags.filter(({ axis }) => places.has(axis.variable) !== places.has(axis.since)));
    if (lag !== null && lag.information > (edge?.information ?? 0)) {
      const { since, variable } = lag.axis;
      const [known, open] = places.has(variable) ? [variable, since] : [since, variable];
      places.set(open, dealByLag(lag, { variable: known, places: places.get(known) as Int32Array }, draw));
      continue;
    }
    if (edge !== null) {
      const inOrder = variables[edge.to.variable]?.startsInOrder === true;
      places.set(edge.to.variable, dealOut(edge, places.get(edge.from.variable) as Int32Array, inOrder, draw));
      continue;
    }
    // Of those that nothing ties to what is there, the one that ties most to the others begins.
    const open = variables.flatMap((_, at) => (places.has(at) ? [] : [at]));
    const strength = (at: number) =>
      edges.reduce((most, { from, information }) => (from.variable === at ? Math.max(most, information) : most), 0);
    const next = open.reduce((best, at) => (strength(at) > strength(best) ? at : best), open[0] as number);
    places.set(next, shuffled(size, draw));
  }
  return variables.map((_, at) => places.get(at) as Int32Array);
}

/** What tells most; null of none. */
function most<T extends { readonly information: number }>(edges: readonly T[]): T | null {
  return edges.reduce<T | null>((best, each) => (best === null || each.information > best.information ? each : best), null);
}

function edgesOf({ axes, marginals, size }: StartRequest): Edge[] {
  return marginals.flatMap((marginal): Edge[] => {
    const [first, second] = marginal.axes;
    const [one, two] = [axes[first], second === undefined ? undefined : axes[second]];
    if (one?.kind !== 'place' || two?.kind !== 'place' || one.variable === two.variable || marginal.weight !== undefined)
      return [];
    const wanted = wantedCounts(marginal, axes, size);
    const information = informationOf(wanted, two.classes);
    const turned = new Float64Array(wanted.length);
    for (let row = 0; row < one.classes; row += 1) {
      for (let column = 0; column < two.classes; column += 1) {
        turned[column * one.classes + row] = wanted[row * two.classes + column] as number;
      }
    }
    return [
      { from: one, to: two, wanted, information },
      { from: two, to: one, wanted: turned, information },
    ];
  });
}

/** Mutual information times the total; only the order of such figures matters. */
function informationOf(wanted: Float64Array, columns: number): number {
  const rows = wanted.length / columns;
  const rowSums = new Float64Array(rows);
  const columnSums = new Float64Array(columns);
  let total = 0;
  for (const [at, count] of wanted.entries()) {
    rowSums[Math.floor(at / columns)] = (rowSums[Math.floor(at / columns)] as number) + count;
    columnSums[at % columns] = (columnSums[at % columns] as number) + count;
    total += count;
  }
  let information = 0;
  for (const [at, count] of wanted.entries()) {
    if (count <= 0) continue;
    const expected = ((rowSums[Math.floor(at / columns)] as number) * (columnSums[at % columns] as number)) / total;
    information += count * Math.log(count / expected);
  }
  return information;
}

/**
 * Places of `to` such that its classes stand beside those of `from` as wanted. `inOrder`: members go through the classes of `from` in the order of
 * its places, and each class of `to` gives its places in order, so that two orders that ascend together do so inside their classes too.
 */
function dealOut({ from, to, wanted }: Edge, known: Int32Array, inOrder: boolean, draw: DrawBelow): Int32Array {
  const size = known.length;
  const free = placesByClass(to);
  if (!inOrder) for (const places of free) shuffle(places, draw);
  const next = new Int32Array(to.classes);
  const left = Int32Array.from(free, (places) => places.length);
  const carried = new Float64Array(to.classes);
  const places = new Int32Array(size);
  for (const [value, members] of membersByClass(from, known).entries()) {
    const classes = classesFor(members.length, wanted.subarray(value * to.classes, (value + 1) * to.classes), left, carried);
    shuffle(classes, draw);
    for (const [at, member] of members.entries()) {
      const own = classes[at] as number;
      places[member] = (free[own] as Int32Array)[next[own] as number] as number;
      next[own] = (next[own] as number) + 1;
    }
  }
  return places;
}

/** So many classes as the wanted counts say, whole by carrying what is rounded off, and never more than are left. */
function classesFor(count: number, wanted: Float64Array, left: Int32Array, carried: Float64Array): Int32Array {
  const classes = new Int32Array(count);
  let given = 0;
  for (let value = 0; value < wanted.length; value += 1) {
    const exact = (carried[value] as number) + (wanted[value] as number);
    const whole = Math.max(0, Math.min(Math.round(exact), left[value] as number, count - given));
    carried[value] = exact - whole;
    left[value] = (left[value] as number) - whole;
    classes.fill(value, given, given + whole);
    given += whole;
  }
  // What rounding left over goes where most is owed and something is left.
  for (; given < count; given += 1) {
    let best = -1;
    for (let value = 0; value < left.length; value += 1) {
      if ((left[value] as number) > 0 && (best < 0 || (carried[value] as number) > (carried[best] as number))) best = value;
    }
    classes[given] = best;
    left[best] = (left[best] as number) - 1;
    carried[best] = (carried[best] as number) - 1;
  }
  return classes;
}

function placesByClass(axis: PlaceAxis): Int32Array[] {
  const counts = new Int32Array(axis.classes);
  for (const value of axis.classOf) counts[value] = (counts[value] as number) + 1;
  const lists = Array.from(counts, (count) => new Int32Array(count));
  const next = new Int32Array(axis.classes);
  for (const [place, value] of axis.classOf.entries()) {
    (lists[value] as Int32Array)[next[value] as number] = place;
    next[value] = (next[value] as number) + 1;
  }
  return lists;
}

/** Members of each class in the order of their places. */
function membersByClass(axis: PlaceAxis, known: Int32Array): Int32Array[] {
  const at = new Int32Array(known.length);
  for (const [member, place] of known.entries()) at[place] = member;
  return placesByClass(axis).map((places) => Int32Array.from(places, (place) => at[place] as number));
}
