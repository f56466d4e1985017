// The fit: two members change their places of one variable whenever that brings the counts of the marginals nearer to the wanted ones,
// sum over cells of (n - t)^2 / (t + 1). Swaps leave every one-axis count as it is. Half of the swaps are aimed at cells that have too
// few members, or rare cells would never be found. Deterministic: one keyed stream of draws, + - x / only.
import seedrandom from 'seedrandom';
import { type DrawBelow, Members } from './members.ts';
import type { LagAxis, PlaceAxis, Population, PopulationAxis, PopulationRequest } from './population.ts';
import { wantedCounts } from './wanted-counts.ts';

/** Swaps tried between two looks at whether it still pays. */
const ROUND_SWAPS_PER_MEMBER = 2;
/** A round that lowers the cost by less than this share is the last but PATIENCE. */
const LEAST_GAIN = 0.003;
const PATIENCE = 2;
/** Variables with many marginals are tried more often, up to this. */
const MOST_TURNS = 8;

/** Places that make the marginals hold as nearly as swaps can. The same request gives the same population. Pure. */
export function fitPopulation(request: PopulationRequest): Population {
  const stream = seedrandom.alea(request.key.join(' '));
  const draw: DrawBelow = (below) => Math.floor(stream() * below);
  const fit = new Fit(request, draw);
  const before = fit.residuals();
  const swapsTried = fit.run(request.maxSwaps);
  return {
    places: fit.members.places,
    residuals: fit.residuals().map((after, at) => ({ before: before[at] ?? 0, after })),
    swapsTried,
  };
}

/** A marginal in work. */
interface Counted {
  readonly first: number;
  /** -1: one axis. */
  readonly second: number;
  readonly columns: number;
  readonly wanted: Float64Array;
  /** What a miss of one costs. */
  readonly cost: Float64Array;
  readonly counts: Float64Array;
  /** By place of the variable: what a member counts for, one on the average; null for one each. */
  readonly weights: Float64Array | null;
  /** -1: each counts for one. */
  readonly weightVariable: number;
}

/** The places of an axis class by class. */
interface PlacesByClass {
  readonly places: Int32Array;
  readonly start: Int32Array;
}

/** What a variable's swaps look at. */
interface Movable {
  readonly variable: number;
  /** Axes whose classes change with its places. */
  readonly axes: readonly number[];
  /** Marginals that a swap can change, each with the position of the axis that a swap is aimed at. */
  readonly marginals: readonly number[];
  readonly aims: readonly { readonly marginal: number; readonly axis: number; readonly isFirst: boolean }[];
}

class Fit {
  readonly members: Members;
  private readonly request: PopulationRequest;
  private readonly draw: DrawBelow;
  private readonly counted: readonly Counted[];
  private readonly movable: readonly Movable[];
  private readonly byClass: readonly (PlacesByClass | null)[];
  private readonly sorted: readonly { own: Sorted; since: Sorted }[];
  private cost = 0;
  // Cells of one tried swap, to take them back.
  private readonly touched: Int32Array;
  private readonly touchedCells: Int32Array;
  private readonly touchedWeights: Float64Array;

  constructor(request: PopulationRequest, draw: DrawBelow) {
    const { axes, marginals, size, variables } = request;
    this.request = request;
    this.draw = draw;
    this.members = new Members(size, variables, axes, draw);
    this.counted = marginals.map((marginal): Counted => {
      const [first, second = -1] = marginal.axes;
      const columns = second < 0 ? 1 : (axes[second] as PopulationAxis).classes;
      const wanted = wantedCounts(marginal, axes, size);
      const weights = marginal.weight === undefined ? null : meanOne(marginal.weight.of);
      const weightVariable = marginal.weight?.variable ?? -1;
      return {
        first,
        second,
        columns,
        wanted,
        cost: wanted.map((each) => 1 / (each + 1)),
        counts: this.count(first, second, { cells: wanted.length, columns }, weights, weightVariable),
        weights,
        weightVariable,
      };
    });
    this.movable = variables
      .flatMap((variable, at) => (variable.isFixed ? [] : this.movableOf(at)))
      .filter((each) => each.marginals.length > 0);
    this.byClass = axes.map((axis) => (axis.kind === 'place' ? placesByClass(axis) : null));
    this.sorted = axes.map((axis) =>
      axis.kind === 'lag'
        ? { own: sortPlaces(axis.valueOf), since: sortPlaces(axis.sinceOf) }
        : { own: NO_PLACES, since: NO_PLACES },
    );
    const most = this.movable.reduce((left, { marginals: each }) => Math.max(left, each.length), 0);
    this.touched = new Int32Array(most * 4);
    this.touchedCells = new Int32Array(most * 4);
    this.touchedWeights = new Float64Array(most * 4);
    this.cost = this.counted.reduce((sum, each) => sum + costOf(each), 0);
  }

  residuals(): number[] {
    return this.counted.map(({ counts, wanted }) => {
      let distance = 0;
      for (let at = 0; at < counts.length; at += 1) distance += Math.abs((counts[at] as number) - (wanted[at] as number));
      return this.request.size === 0 ? 0 : distance / (2 * this.request.size);
    });
  }

  run(maxSwaps: number): number {
    const { size } = this.request;
    if (this.movable.length === 0 || size < 2) return 0;
    const turns = this.movable.flatMap((each) => new Array<Movable>(Math.min(MOST_TURNS, each.marginals.length)).fill(each));
    const perRound = Math.max(2000, size * ROUND_SWAPS_PER_MEMBER * this.movable.length);
    let tried = 0;
    let patience = PATIENCE;
    while (tried < maxSwaps && patience > 0 && this.cost > 1e-9) {
      const before = this.cost;
      for (let step = 0; step < perRound && tried < maxSwaps; step += 1, tried += 1) {
        this.trySwap(turns[this.draw(turns.length)] as Movable);
      }
      patience = before - this.cost < LEAST_GAIN * before ? patience - 1 : PATIENCE;
    }
    return tried;
  }

  private trySwap(movable: Movable): void {
    const { size } = this.request;
    const kind = movable.aims.length === 0 ? 0 : this.draw(4);
    let one = -1;
    let two = -1;
    if (kind === 0) {
      one = this.draw(size);
      two = this.draw(size);
    } else {
      const aim = movable.aims[this.draw(movable.aims.length)] as Movable['aims'][number];
      one = this.draw(size);
      two = kind === 1 ? this.aimAtRareCell(movable, aim) : this.aimFrom(movable, aim, one);
      if (kind === 1) one = this.rareMember;
    }
    if (one < 0 || two < 0 || one === two) return;
    this.swapIfBetter(movable, one, two);
  }

  private rareMember = -1;

  /** A member whose place would put `one` where members are missing, given what else it is; -1 for none. */
  private aimFrom(movable: Movable, { marginal, axis, isFirst }: Movable['aims'][number], one: number): number {
    const counted = this.counted[marginal] as Counted;
    const { columns, counts, wanted } = counted;
    const own = (this.members.classes[axis] as Uint16Array)[one] as number;
    const otherAxis = isFirst ? counted.second : counted.first;
    const other = otherAxis < 0 ? 0 : ((this.members.classes[otherAxis] as Uint16Array)[one] as number);
    const cellOf = (value: number) => (isFirst ? value * columns + other : other * columns + value);
    if ((counts[cellOf(own)] as number) <= (wanted[cellOf(own)] as number)) return -1;
    const { classes } = this.request.axes[axis] as PopulationAxis;
    let missing = 0;
    for (let value = 0; value < classes; value += 1) {
      const cell = cellOf(value);
      missing += Math.max(0, (wanted[cell] as number) - (counts[cell] as number));
    }
    let left = (this.draw(1 << 24) / (1 << 24)) * missing;
    for (let value = 0; value < classes; value += 1) {
      const cell = cellOf(value);
      const lack = (wanted[cell] as number) - (counts[cell] as number);
      if (lack <= 0) continue;
      left -= lack;
      if (left <= 0) return this.memberOfClass(movable.variable, axis, value, one);
    }
    return -1;
  }

  /** A cell anywhere that has too few members: sets rareMember to one that is half there, returns one to change places with. */
  private aimAtRareCell(movable: Movable, { marginal, axis, isFirst }: Movable['aims'][number]): number {
    this.rareMember = -1;
    const counted = this.counted[marginal] as Counted;
    const otherAxis = isFirst ? counted.second : counted.first;
    if (otherAxis < 0) return -1;
    const { axes } = this.request;
    const other = axes[otherAxis] as PopulationAxis;
    const value = this.draw((axes[axis] as PopulationAxis).classes);
    const otherValue = this.draw(other.classes);
    const cell = isFirst ? value * counted.columns + otherValue : otherValue * counted.columns + value;
    if ((counted.counts[cell] as number) >= (counted.wanted[cell] as number) || other.kind === 'lag') return -1;
    this.rareMember = this.memberOfClass(other.variable, otherAxis, otherValue, -1);
    if (this.rareMember < 0) return -1;
    return this.memberOfClass(movable.variable, axis, value, this.rareMember);
  }

  /** Any member whose place of the variable has the class; of a lag one whose place would give `one` the class. */
  private memberOfClass(variable: number, axis: number, value: number, one: number): number {
    const at = this.members.at[variable] as Int32Array;
    const lists = this.byClass[axis];
    if (lists !== null && lists !== undefined) {
      const from = lists.start[value] as number;
      const count = (lists.start[value + 1] as number) - from;
      return count === 0 ? -1 : (at[lists.places[from + this.draw(count)] as number] as number);
    }
    const place = one < 0 ? -1 : this.placeForLag(variable, axis, value, one);
    return place < 0 ? -1 : (at[place] as number);
  }

  private placeForLag(variable: number, axisIndex: number, value: number, one: number): number {
    const axis = this.request.axes[axisIndex] as LagAxis;
    const step = value - axis.firstClass;
    if (step < 0) return -1;
    const from = step === 0 ? Number.NEGATIVE_INFINITY : (axis.cuts[step - 1] as number);
    const to = step === axis.cuts.length ? Number.POSITIVE_INFINITY : (axis.cuts[step] as number);
    const { own, since } = this.sorted[axisIndex] as { own: Sorted; since: Sorted };
    if (variable === axis.variable) {
      const base = axis.sinceOf[(this.members.places[axis.since] as Int32Array)[one] as number] as number;
      return Number.isNaN(base) ? -1 : this.drawBetween(own, base + from, base + to);
    }
    const base = axis.valueOf[(this.members.places[axis.variable] as Int32Array)[one] as number] as number;
    // own - since in [from, to): since in (own - to, own - from].
    return Number.isNaN(base) ? -1 : this.drawBetween(since, base - to, base - from);
  }

  private drawBetween({ places, values }: Sorted, from: number, to: number): number {
    const low = firstNotBelow(values, from);
    const high = firstNotBelow(values, to);
    return low >= high ? -1 : (places[low + this.draw(high - low)] as number);
  }

  private swapIfBetter(movable: Movable, one: number, two: number): void {
    const { members } = this;
    const places = members.places[movable.variable] as Int32Array;
    const [placeOne, placeTwo] = [places[one] as number, places[two] as number];
    let change = 0;
    let touched = 0;
    for (const index of movable.marginals) {
      const counted = this.counted[index] as Counted;
      const oldOne = this.cellOf(counted, one);
      const oldTwo = this.cellOf(counted, two);
      const newOne = this.cellWith(counted, one, movable.variable, placeTwo);
      const newTwo = this.cellWith(counted, two, movable.variable, placeOne);
      if (oldOne === newOne && oldTwo === newTwo && counted.weightVariable !== movable.variable) continue;
      if (oldOne === newTwo && oldTwo === newOne && counted.weights === null) continue;
      const weightOne = this.weightOf(counted, one, -1, 0);
      const weightTwo = this.weightOf(counted, two, -1, 0);
      const newWeightOne = this.weightOf(counted, one, movable.variable, placeTwo);
      const newWeightTwo = this.weightOf(counted, two, movable.variable, placeOne);
      change += move(counted, oldOne, -weightOne) + move(counted, oldTwo, -weightTwo);
      change += move(counted, newOne, newWeightOne) + move(counted, newTwo, newWeightTwo);
      this.touchedWeights[touched * 4] = weightOne;
      this.touchedWeights[touched * 4 + 1] = weightTwo;
      this.touchedWeights[touched * 4 + 2] = newWeightOne;
      this.touchedWeights[touched * 4 + 3] = newWeightTwo;
      this.touched[touched] = index;
      this.touchedCells[touched * 4] = oldOne;
      this.touchedCells[touched * 4 + 1] = oldTwo;
      this.touchedCells[touched * 4 + 2] = newOne;
      this.touchedCells[touched * 4 + 3] = newTwo;
      touched += 1;
    }
    if (change < -1e-12) {
      this.cost += change;
      members.swap(movable.variable, movable.axes, one, two);
      return;
    }
    for (let at = 0; at < touched; at += 1) {
      const { counts } = this.counted[this.touched[at] as number] as Counted;
      for (let step = at * 4; step < at * 4 + 4; step += 1) {
        const weight = this.touchedWeights[step] as number;
        add(counts, this.touchedCells[step] as number, step < at * 4 + 2 ? weight : -weight);
      }
    }
  }

  private cellOf({ first, second, columns }: Counted, member: number): number {
    const row = (this.members.classes[first] as Uint16Array)[member] as number;
    return second < 0 ? row : row * columns + ((this.members.classes[second] as Uint16Array)[member] as number);
  }

  private cellWith({ first, second, columns }: Counted, member: number, variable: number, place: number): number {
    const row = this.classWith(first, member, variable, place);
    return second < 0 ? row : row * columns + this.classWith(second, member, variable, place);
  }

  private classWith(axis: number, member: number, variable: number, place: number): number {
    const each = this.request.axes[axis] as PopulationAxis;
    const isMoved = each.variable === variable || (each.kind === 'lag' && each.since === variable);
    return isMoved
      ? this.members.classWith(axis, member, variable, place)
      : ((this.members.classes[axis] as Uint16Array)[member] as number);
  }

  private count(
    first: number,
    second: number,
    { cells, columns }: { readonly cells: number; readonly columns: number },
    weights: Float64Array | null,
    weightVariable: number,
  ): Float64Array {
    const counts = new Float64Array(cells);
    const rows = this.members.classes[first] as Uint16Array;
    const others = second < 0 ? null : (this.members.classes[second] as Uint16Array);
    const places = weights === null ? null : (this.members.places[weightVariable] as Int32Array);
    for (let member = 0; member < rows.length; member += 1) {
      const row = rows[member] as number;
      const cell = others === null ? row : row * columns + (others[member] as number);
      add(counts, cell, weights === null || places === null ? 1 : (weights[places[member] as number] as number));
    }
    return counts;
  }

  /** What the member counts for, with another place of `variable` where that is what weighs. */
  private weightOf({ weights, weightVariable }: Counted, member: number, variable: number, place: number): number {
    if (weights === null) return 1;
    const own = weightVariable === variable ? place : ((this.members.places[weightVariable] as Int32Array)[member] as number);
    return weights[own] as number;
  }

  private movableOf(variable: number): Movable {
    const { axes } = this.request;
    const isMovedBy = (axis: number) => {
      const each = axes[axis] as PopulationAxis;
      return each.variable === variable || (each.kind === 'lag' && each.since === variable);
    };
    const isOnly = (axis: number) => {
      const each = axes[axis] as PopulationAxis;
      return each.kind === 'place' && each.variable === variable;
    };
    // Two classes of one and the same place never change against each other.
    const marginals = this.counted.flatMap(({ first, second, weightVariable, weights }, at) => {
      const own = [first, ...(second < 0 ? [] : [second])];
      if (weightVariable === variable) return [at];
      return own.some(isMovedBy) && (weights !== null || !own.every(isOnly)) ? [at] : [];
    });
    const aims = marginals.flatMap((marginal) => {
      const { first, second } = this.counted[marginal] as Counted;
      return [
        ...(isMovedBy(first) ? [{ marginal, axis: first, isFirst: true }] : []),
        ...(second >= 0 && isMovedBy(second) ? [{ marginal, axis: second, isFirst: false }] : []),
      ];
    });
    return { variable, axes: axes.flatMap((_, at) => (isMovedBy(at) ? [at] : [])), marginals, aims };
  }
}

interface Sorted {
  readonly places: Int32Array;
  readonly values: Float64Array;
}

const NO_PLACES: Sorted = { places: new Int32Array(0), values: new Float64Array(0) };

/** Places that have a value, by value. */
function sortPlaces(values: Float64Array): Sorted {
  const places = Int32Array.from(values.keys())
    .filter((place) => !Number.isNaN(values[place] as number))
    .sort((left, right) => (values[left] as number) - (values[right] as number) || left - right);
  return { places, values: Float64Array.from(places, (place) => values[place] as number) };
}

function firstNotBelow(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function placesByClass({ classes, classOf }: PlaceAxis): PlacesByClass {
  const start = new Int32Array(classes + 1);
  for (const value of classOf) start[value + 1] = (start[value + 1] as number) + 1;
  for (let value = 0; value < classes; value += 1) start[value + 1] = (start[value + 1] as number) + (start[value] as number);
  const next = Int32Array.from(start);
  const places = new Int32Array(classOf.length);
  for (let place = 0; place < classOf.length; place += 1) {
    const value = classOf[place] as number;
    places[next[value] as number] = place;
    next[value] = (next[value] as number) + 1;
  }
  return { places, start };
}

function costOf({ cost: costs, counts, wanted }: Counted): number {
  let cost = 0;
  for (let at = 0; at < counts.length; at += 1) {
    const miss = (counts[at] as number) - (wanted[at] as number);
    cost += miss * miss * (costs[at] as number);
  }
  return cost;
}

/** Adds to a cell; the change of the cost. */
function move({ counts, cost, wanted }: Counted, cell: number, amount: number): number {
  const miss = (counts[cell] as number) - (wanted[cell] as number);
  counts[cell] = (counts[cell] as number) + amount;
  return amount * (amount + 2 * miss) * (cost[cell] as number);
}

/** Scaled so that the mean is 1: a cell then counts members, however many children these have. */
function meanOne(weights: Float64Array): Float64Array {
  const sum = weights.reduce((left, right) => left + right, 0);
  return sum > 0 ? weights.map((weight) => (weight * weights.length) / sum) : weights;
}

function add(counts: Float64Array, cell: number, change: number): void {
  counts[cell] = (counts[cell] as number) + change;
}
