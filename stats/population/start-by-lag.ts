// A start along a lag: every member wants a value that is its own less (or plus) a lag of the wanted kind, and takes the nearest place that is
// free. Members with short lags choose first, because only they need a place close by; long lags leave room for a whole class.
import type { DrawBelow, LagAxis, PopulationAxis, PopulationMarginal } from './population.ts';
import { shuffled } from './shuffle.ts';

/** A lag axis with how often each of its classes is wanted. */
export interface LagEdge {
  readonly axis: LagAxis;
  /** By class; any scale. */
  readonly wanted: Float64Array;
  /** How much more the lag tells than chance, times the members: comparable with mutual information. */
  readonly information: number;
}

/** A step that takes far-apart places of the two orders together, whatever their size. */
const CHANCE_STEP = 40_503;

/** The lag axes that marginals speak of, each by the marginal that comes first. */
export function lagEdges(axes: readonly PopulationAxis[], marginals: readonly PopulationMarginal[], size: number): LagEdge[] {
  const found = new Map<LagAxis, LagEdge>();
  for (const { axes: own, wanted, weight } of marginals) {
    for (const [position, index] of own.entries()) {
      const axis = axes[index];
      if (axis?.kind !== 'lag' || weight !== undefined || found.has(axis) || !hasIntervals(axis)) continue;
      const sums = sumsByClass(wanted, axis.classes, position === 0 ? wanted.length / axis.classes : 1);
      found.set(axis, { axis, wanted: sums, information: informationOf(axis, sums, size) });
    }
  }
  return [...found.values()];
}

/** Whether each class is one interval: the same parent or another one is no lag to go along. */
function hasIntervals({ classOf }: LagAxis): boolean {
  return new Set(classOf).size === classOf.length;
}

/** The classes of one axis of a matrix; `columns`: how many cells stand side by side for each class, 1 for the axis that runs fastest. */
function sumsByClass(wanted: Float64Array, classes: number, columns: number): Float64Array {
  const sums = new Float64Array(classes);
  for (const [at, count] of wanted.entries()) {
    const value = Math.floor(at / columns) % classes;
    sums[value] = (sums[value] as number) + count;
  }
  return sums;
}

function informationOf(axis: LagAxis, wanted: Float64Array, size: number): number {
  const chance = new Float64Array(axis.classes).fill(1);
  for (let place = 0; place < size; place += 1) {
    const value = classOfLag(axis, (axis.valueOf[place] as number) - (axis.sinceOf[(place * CHANCE_STEP) % size] as number));
    chance[value] = (chance[value] as number) + 1;
  }
  const total = wanted.reduce((left, right) => left + right, 0);
  return wanted.reduce((sum, count, value) => {
    if (count <= 0) return sum;
    const share = count / total;
    return sum + size * share * Math.log((share * (size + axis.classes)) / (chance[value] as number));
  }, 0);
}

function classOfLag({ classOf, cuts }: LagAxis, lag: number): number {
  if (Number.isNaN(lag)) return 0;
  const step = cuts.findIndex((cut) => cut > lag);
  return classOf[step < 0 ? cuts.length : step] ?? 0;
}

/** Places of the variable that is not `known`; `known` are the places of the other one by member. */
export function dealByLag(
  { axis, wanted }: LagEdge,
  known: { readonly variable: number; readonly places: Int32Array },
  draw: DrawBelow,
): Int32Array {
  const size = known.places.length;
  const isSince = known.variable === axis.since;
  const [from, to] = isSince ? [axis.sinceOf, axis.valueOf] : [axis.valueOf, axis.sinceOf];
  const lags = lagsFor(axis, wanted, size, draw);
  // The shortest first; members in a mixed order, so that lags go with nothing else.
  const members = shuffled(size, draw);
  const order = Int32Array.from({ length: size }, (_, at) => at).sort(
    (one, two) => Math.abs(lags[one] as number) - Math.abs(lags[two] as number) || one - two,
  );
  const free = new FreePlaces(to);
  const places = new Int32Array(size);
  for (const at of order) {
    const member = members[at] as number;
    const own = from[known.places[member] as number] as number;
    places[member] = free.take(isSince ? own + (lags[at] as number) : own - (lags[at] as number));
  }
  return places;
}

/** As many lags of each class as are wanted, spread over the class; 0 where it holds 0. */
function lagsFor({ classOf, cuts }: LagAxis, wanted: Float64Array, size: number, draw: DrawBelow): Float64Array {
  const total = wanted.reduce((sum, count, value) => sum + (value === 0 ? 0 : count), 0);
  const lags = new Float64Array(size);
  let given = 0;
  let sum = 0;
  for (let step = 0; step <= cuts.length && total > 0; step += 1) {
    sum += wanted[classOf[step] ?? 0] as number;
    const upTo = Math.min(size, Math.round((size * sum) / total));
    const [low, high] = [cuts[step - 1] ?? cuts[0] ?? 0, cuts[step] ?? cuts.at(-1) ?? 0];
    for (; given < upTo; given += 1) lags[given] = low < 0 && high > 0 ? 0 : low + ((high - low) * draw(size)) / size;
  }
  return lags;
}

/** Places by value, of which the nearest free one is found in about one step: taken ones are skipped by what they point at. */
class FreePlaces {
  private readonly sorted: Int32Array;
  private readonly values: Float64Array;
  /** The first free position at or after one, and before one. */
  private readonly after: Int32Array;
  private readonly before: Int32Array;

  constructor(byPlace: Float64Array) {
    const size = byPlace.length;
    const valueAt = (place: number) => {
      const value = byPlace[place] as number;
      return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
    };
    this.sorted = Int32Array.from({ length: size }, (_, at) => at).sort((one, two) => {
      const [left, right] = [valueAt(one), valueAt(two)];
      return left === right ? one - two : left - right;
    });
    this.values = Float64Array.from(this.sorted, valueAt);
    this.after = Int32Array.from({ length: size + 2 }, (_, at) => at);
    this.before = Int32Array.from({ length: size + 2 }, (_, at) => at);
  }

  /** The free place whose value is nearest; NaN takes one from the end. */
  take(value: number): number {
    const size = this.values.length;
    // Positions are one higher than in `values`: 0 and size + 1 stand for none.
    const at = Number.isNaN(value) ? size + 1 : this.firstFrom(value) + 1;
    const [above, below] = [find(this.after, at), find(this.before, Math.max(0, at - 1))];
    const isAbove =
      below === 0 || (above <= size && (this.values[above - 1] as number) - value < value - (this.values[below - 1] as number));
    const chosen = isAbove ? above : below;
    this.after[chosen] = chosen + 1;
    this.before[chosen] = chosen - 1;
    return this.sorted[chosen - 1] as number;
  }

  private firstFrom(value: number): number {
    let low = 0;
    let high = this.values.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.values[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The end of a chain, which is shortened on the way. */
function find(next: Int32Array, from: number): number {
  let at = from;
  while (next[at] !== at) {
    next[at] = next[next[at] as number] as number;
    at = next[at] as number;
  }
  return at;
}
