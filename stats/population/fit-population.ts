// The fit: two members change their places of one variable whenever that brings the counts of the marginals nearer to the wanted ones.
// Swaps leave every one-axis count as it is. Most swaps are aimed at cells that have too few members, or rare cells would never be
// found. Deterministic: one keyed stream of draws, + - x / only.
import seedrandom from 'seedrandom';
import { runToEnd, type Steps } from '../steps.ts';
import { CountedMarginal, isMovedBy } from './counted-marginal.ts';
import { CountedProduct } from './counted-product.ts';
import { type Affected, type Aim, Goal, type Movable, shareTurns } from './goals.ts';
import { Members } from './members.ts';
import { orderInClasses } from './order-in-classes.ts';
import { PlacesOfClass, PlacesOfLag } from './places-of-class.ts';
import type { DrawBelow, FitStep, Population, PopulationAxis, PopulationProduct, PopulationRequest } from './population.ts';
import { ProductSwaps } from './product-swaps.ts';
import { startPlaces } from './start-places.ts';

/** Swaps tried between two looks at whether it still pays, for each member and variable. */
const ROUND_SWAPS = 3;
/** A round that lowers the cost by less than this share is the last but one. */
const LEAST_GAIN = 0.015;
const PATIENCE = 2;
/** Of the swaps, those after the order inside of classes. */
const SECOND_SHARE = 0.2;
/** Swaps tried for products, in all and from one look at them to the next. */
const PRODUCT_SWAPS = 600_000;
const PRODUCT_TURN = 1000;
/** Of a product's cost: a miss of a quarter of the tolerance. */
const MET = 1 / 16;
/** Swaps from one pause to the next: well below a second. */
const STEP_SWAPS = 20_000;

/** Places that make the marginals hold as nearly as swaps can. The same request gives the same population. Pure. */
export function fitPopulation(request: PopulationRequest): Population {
  return runToEnd(fitPopulationInSteps(request));
}

/** The same with pauses, which change nothing. */
export function* fitPopulationInSteps(request: PopulationRequest): Steps<FitStep, Population> {
  const stream = seedrandom.alea(request.key.join(' '));
  const draw: DrawBelow = (below) => Math.floor(stream() * below);
  const lookups = request.axes.map((axis) => (axis.kind === 'place' ? new PlacesOfClass(axis) : new PlacesOfLag(axis)));
  const parts = { request, lookups, draw };
  const first = new Fit(parts, startPlaces(request, draw));
  const before = first.residuals();
  const ties = (request.ties ?? []).filter(({ variable }) => request.variables[variable]?.isFixed === false);
  const secondSwaps = ties.length === 0 ? 0 : Math.floor(request.maxSwaps * SECOND_SHARE);
  const mostSwaps = request.maxSwaps;
  const swapsTried = yield* first.run(mostSwaps - secondSwaps, { swaps: 0, mostSwaps });
  let places: readonly Int32Array[] = first.members.places;
  let more = 0;
  if (ties.length > 0) {
    orderInClasses(places, request.axes, ties, draw);
    // Parents counted by their children feel the new order: what it moved is fitted once more, and what that mixed is put in order.
    const second = new Fit(parts, places);
    more = yield* second.run(secondSwaps, { swaps: swapsTried, mostSwaps });
    places = second.members.places;
    orderInClasses(places, request.axes, ties, draw);
  }
  const last = new Fit(parts, places, request.products);
  const sums = last.sums();
  yield* last.meetProducts({ swaps: swapsTried + more, mostSwaps });
  return {
    places: last.members.places,
    residuals: last.residuals().map((after, at) => ({ before: before[at] ?? 0, after })),
    sums: last.sums().map((after, at) => ({ before: sums[at] ?? 0, after })),
    swapsTried: swapsTried + more,
  };
}

interface FitParts {
  readonly request: PopulationRequest;
  /** By axis; they hold for any places. */
  readonly lookups: readonly (PlacesOfClass | PlacesOfLag)[];
  readonly draw: DrawBelow;
}

class Fit {
  readonly members: Members;
  private readonly request: PopulationRequest;
  private readonly draw: DrawBelow;
  private readonly marginals: readonly CountedMarginal[];
  private readonly products: readonly CountedProduct[];
  private readonly movable: readonly Movable[];
  private readonly places: readonly (PlacesOfClass | PlacesOfLag)[];
  /** By class of one axis: members that a line of cells lacks. Used anew by each draw. */
  private readonly lacks: Float64Array;
  private cost: number;

  /** `products`: those to be met; none by default. */
  constructor({ draw, lookups, request }: FitParts, places: readonly Int32Array[], products: readonly PopulationProduct[] = []) {
    const { axes, marginals, size, variables } = request;
    this.request = request;
    this.draw = draw;
    this.members = new Members(size, places, axes);
    this.marginals = marginals.map((marginal) => new CountedMarginal(marginal, axes, size, this.members));
    this.products = products.map((product) => new CountedProduct(product, this.members));
    this.movable = variables.flatMap((variable, at) => (variable.isFixed ? [] : this.movableOf(at)));
    this.places = lookups;
    this.lacks = new Float64Array(axes.reduce((most, axis) => Math.max(most, axis.classes), 0));
    this.cost = [...this.marginals, ...this.products].reduce((sum, each) => sum + each.cost(), 0);
  }

  /** Of the products, as they are. */
  sums(): number[] {
    return this.products.map((product) => product.rows());
  }

  /** Swaps of those that decide the products, as far as the marginals allow it: until all are met, or swaps no longer pay. */
  *meetProducts(start: FitStep): Steps<FitStep, void> {
    const { axes } = this.request;
    const swaps = this.movable.flatMap((movable) =>
      movable.products.map((product) => ({ movable, from: new ProductSwaps(product, movable.variable, this.members, axes) })),
    );
    const rounds = swaps.length === 0 ? 0 : Math.ceil(PRODUCT_SWAPS / (PRODUCT_TURN * swaps.length));
    for (let round = 0, patience = PATIENCE; round < rounds && patience > 0; round += 1) {
      const before = this.missed();
      for (const { from, movable } of swaps) {
        if (from.product.cost() < MET) continue;
        for (let turn = 0; turn < PRODUCT_TURN; turn += 1) this.swapIfBetter(movable, ...from.draw(this.draw));
        yield start;
      }
      patience = before - this.missed() <= LEAST_GAIN * before ? patience - 1 : PATIENCE;
    }
  }

  /** Of the cost, what the products are off by. */
  private missed(): number {
    return this.products.reduce((sum, product) => sum + product.cost(), 0);
  }

  residuals(): number[] {
    return this.marginals.map((marginal) => marginal.totalVariation(this.request.size));
  }

  /** Swaps until it no longer pays; how many were tried. `start`: what was tried before. */
  *run(maxSwaps: number, start: FitStep): Steps<FitStep, number> {
    const { size } = this.request;
    if (this.movable.length === 0 || size < 2) return 0;
    const perRound = Math.max(2000, size * ROUND_SWAPS * this.movable.length);
    const goals = this.movable.flatMap((movable) => [null, ...movable.aims].map((aim) => new Goal(movable, aim)));
    let tried = 0;
    for (let patience = PATIENCE; tried < maxSwaps && patience > 0 && this.cost > 1e-9; ) {
      const before = this.cost;
      const turns = shareTurns(goals);
      const end = Math.min(maxSwaps, tried + perRound);
      while (tried < end) {
        const swaps = Math.min(STEP_SWAPS, end - tried);
        this.trySwaps(turns, swaps);
        tried += swaps;
        yield { ...start, swaps: start.swaps + tried };
      }
      patience = before - this.cost < LEAST_GAIN * before ? patience - 1 : PATIENCE;
    }
    return tried;
  }

  private trySwaps(turns: readonly Goal[], swaps: number): void {
    for (let step = 0; step < swaps; step += 1) {
      const goal = turns[this.draw(turns.length)] as Goal;
      const cost = this.cost;
      this.trySwap(goal.movable, goal.aim);
      goal.add(cost - this.cost);
    }
  }

  private trySwap(movable: Movable, aim: Aim | null): void {
    const { size } = this.request;
    const one = this.draw(size);
    if (aim === null) {
      this.swapIfBetter(movable, one, this.draw(size));
      return;
    }
    const kind = this.draw(8);
    if (kind <= 5) this.swapIfBetter(movable, one, this.aimFrom(movable, aim, one));
    else this.aimAtCell(movable, aim);
  }

  /** Somebody whose place would take `one` from a cell with too many members to one with too few; -1 for nobody. */
  private aimFrom({ variable }: Movable, { axis, isFirst, marginal }: Aim, one: number): number {
    const { classes } = this.members;
    const { columns } = marginal;
    const own = (classes[axis] as Uint16Array)[one] as number;
    const otherAxis = isFirst ? marginal.second : marginal.first;
    const other = otherAxis < 0 ? 0 : ((classes[otherAxis] as Uint16Array)[one] as number);
    const step = isFirst ? columns : 1;
    const base = isFirst ? other : other * columns;
    if (marginal.missOf(base + own * step) <= 0) return -1;
    const count = (this.request.axes[axis] as PopulationAxis).classes;
    const { lacks } = this;
    let missing = 0;
    for (let value = 0; value < count; value += 1) {
      const lack = Math.max(0, -marginal.missOf(base + value * step));
      lacks[value] = lack;
      missing += lack;
    }
    let left = (this.draw(1 << 24) / (1 << 24)) * missing;
    for (let value = 0; value < count; value += 1) {
      const lack = lacks[value] as number;
      if (lack <= 0) continue;
      left -= lack;
      if (left <= 0) return this.memberFor(variable, axis, value, one);
    }
    return -1;
  }

  /** A cell anywhere that has too few members: somebody who is half there changes places with somebody of the other half. */
  private aimAtCell(movable: Movable, { axis, isFirst, marginal }: Aim): void {
    const { axes } = this.request;
    const otherAxis = isFirst ? marginal.second : marginal.first;
    const other = axes[otherAxis];
    if (other === undefined || other.kind === 'lag') return;
    const value = this.draw((axes[axis] as PopulationAxis).classes);
    const otherValue = this.draw(other.classes);
    const cell = isFirst ? value * marginal.columns + otherValue : otherValue * marginal.columns + value;
    if (marginal.missOf(cell) >= 0) return;
    const one = this.memberFor(other.variable, otherAxis, otherValue, -1);
    if (one >= 0) this.swapIfBetter(movable, one, this.memberFor(movable.variable, axis, value, one));
  }

  /** Any member whose place of the variable has the class; of a lag one whose place would give `one` the class; -1 for nobody. */
  private memberFor(variable: number, index: number, value: number, one: number): number {
    const places = this.places[index] as PlacesOfClass | PlacesOfLag;
    if (places instanceof PlacesOfClass) return this.memberAt(variable, places.draw(value, this.draw));
    const axis = this.request.axes[index];
    if (one < 0 || axis === undefined || axis.kind !== 'lag') return -1;
    const otherSide = variable === axis.variable ? axis.since : axis.variable;
    const other = (this.members.places[otherSide] as Int32Array)[one] as number;
    return this.memberAt(variable, places.draw(value, variable, other, this.draw));
  }

  private memberAt(variable: number, place: number): number {
    return place < 0 ? -1 : ((this.members.at[variable] as Int32Array)[place] as number);
  }

  private swapIfBetter({ affected, axes, hasGeneral, products, variable }: Movable, one: number, two: number): void {
    if (two < 0 || one === two) return;
    let change = 0;
    if (hasGeneral) this.members.prepare(variable, axes, one, two);
    for (let at = 0; at < affected.length; at += 1) {
      const { marginal, view } = affected[at] as Affected;
      change += view === null ? marginal.generalChange(variable, one, two) : marginal.plainChange(view, one, two);
    }
    for (let at = 0; at < products.length; at += 1) change += (products[at] as CountedProduct).change(variable, one, two);
    if (change > -1e-12) return;
    this.cost += change;
    for (const { marginal } of affected) marginal.leave(one, two);
    for (const product of products) product.swap(variable, one, two);
    this.members.swap(variable, axes, one, two);
    for (const { marginal } of affected) marginal.enter(one, two);
  }

  private movableOf(variable: number): Movable[] {
    const { axes } = this.request;
    const isMoved = (axis: number) => axis >= 0 && isMovedBy(axes[axis] as PopulationAxis, variable);
    const affected = this.marginals.flatMap((marginal): Affected[] => {
      const kind = marginal.kindFor(variable, axes);
      return kind === 'none' ? [] : [{ marginal, view: kind === 'plain' ? marginal.viewOf(isMoved(marginal.first)) : null }];
    });
    const hasGeneral = affected.some(({ view }) => view === null);
    const aims = affected.flatMap(({ marginal }): Aim[] => [
      ...(isMoved(marginal.first) ? [{ marginal, axis: marginal.first, isFirst: true }] : []),
      ...(isMoved(marginal.second) ? [{ marginal, axis: marginal.second, isFirst: false }] : []),
    ]);
    const products = this.products.filter((product) => product.isMovedBy(variable));
    return affected.length + products.length === 0
      ? []
      : [{ variable, axes: axes.flatMap((_, at) => (isMoved(at) ? [at] : [])), affected, products, hasGeneral, aims }];
  }
}
