// One table's population from the marginals of the spec: which of them can be met, the fit, and what children and the plan read from it.

import { classCount, FIRST_CLASS, isOrdered, namePairAxis, type PairAxis } from '../../../spec/pair-axis.ts';
import type { PlanKey, PlanTable } from '../../../spec/plan.ts';
import { classStarts } from '../../../stats/population/class-starts.ts';
import { fitPopulationInSteps } from '../../../stats/population/fit-population.ts';
import type { FitStep, PopulationAxis, PopulationMarginal, Tie } from '../../../stats/population/population.ts';
import type { Steps } from '../../../stats/steps.ts';
import type { FitTableRequest } from './fit-request.ts';
import { rankCorrelation } from './follows-heap.ts';
import { columnsInHeapOrder, heapRuns, IN_ORDER } from './heap-marginals.ts';
import { joinedProducts, withJoined } from './joined-products.ts';
import { chooseLagClasses } from './lag-classes.ts';
import { type BuiltLag, MarginalBuilder } from './marginal-builder.ts';
import { PopulationDraft, withoutVia } from './population-draft.ts';
import { type Read, readMarginals } from './read-marginals.ts';
import { referenceAt } from './reference-at.ts';
import { secondsByPlace } from './seconds-by-place.ts';
import { HEAP, type ShapeLag, type ShapeResidual, type TableShape } from './table-shape.ts';
import { type UnusedContext, whyUnused } from './why-unused.ts';

/** More profiles than this make a plan too large to carry around. */
export const MAX_PROFILES = 262_144;
/** Of a table with more rows than that. */
const COARSE_PROFILES = 65_536;
const MOST_SWAPS = 24_000_000;
const SWAPS_PER_PLACE = 30;
/** Above it, and where profiles are shared by rows, the last swaps gain thousandths and take most of the time: fewer are tried. */
const MANY_PROFILES = 131_072;
/** Share of rows that have the parent of the row before them, from which on children stand side by side. */
const CLUSTERED = 0.3;
/** So few children before their parents are mistakes in the data, that no copy needs. */
const MOST_BEFORE = 0.002;

/** How many profiles a table has: a row each, or else so many that a profile's rows are few. */
export function countProfiles({ rows }: PlanTable, mostProfiles: number): number {
  return rows <= mostProfiles ? rows : Math.min(COARSE_PROFILES, mostProfiles);
}

function mostSwaps(size: number, { rows }: PlanTable): number {
  return size < rows || size > MANY_PROFILES ? MOST_SWAPS / 4 : MOST_SWAPS;
}

/** The table's shape. Pure, with pauses. */
export function* fitTable(request: FitTableRequest): Steps<FitStep, TableShape> {
  const table = request.tables[request.table] as PlanTable;
  const size = countProfiles(table, request.mostProfiles);
  const marginals = readMarginals(request.spec);
  const draft = new PopulationDraft({
    ...request,
    size,
    inHeapOrder: columnsInHeapOrder(table, marginals),
    heapRuns: (ranges) => heapRuns(ranges, marginals, table.rows),
    childrenInHeapOrder: (reference) =>
      (size < table.rows || !hasLag(reference, marginals, request)) && areInHeapOrder(reference, marginals, request),
    startsInOrder: (reference) => isClustered(reference, marginals, request) || hasLag(reference, marginals, request),
    parentAxes: (reference) => parentAxesOf(reference, marginals, table, request.tables),
  });
  for (const column of request.columns) draft.columnVariable(column);
  const build = new MarginalBuilder(draft, table, size);
  const usable = marginals.map((marginal) => build.add(marginal));
  const byChildren = request.children.flatMap((child) => build.addChildren(child, request));
  const siblings = request.children.flatMap((child) => build.addSiblings(child, request, marginals));
  const joined = joinedProducts(marginals, draft, size, table.rows);
  const population = yield* fitPopulationInSteps({
    size,
    variables: draft.variables,
    axes: build.axes,
    marginals: [...usable.flatMap((each) => each ?? []), ...byChildren, ...siblings.map(({ marginal }) => marginal)],
    key: request.key,
    products: joined.map(({ product }) => product),
    ties: [...tiesOf(marginals, usable, build.axes), ...siblings.flatMap(({ ties }) => ties)],
    maxSwaps: Math.min(mostSwaps(size, table), SWAPS_PER_PLACE * size * Math.max(2, draft.variables.length - 1)),
  });
  const places = new Map(draft.variables.map(({ name }, at) => [name, population.places[at] as Int32Array]));
  return {
    table: request.table,
    size,
    rows: table.rows,
    places,
    starts: startsOf(draft, build.axes, size),
    classesOf: (axis) => classesByProfile(draft, places, axis),
    secondsOf: (column) => secondsByProfile(draft, places, column, size, table.rows),
    inHeapOrder: columnsInHeapOrder(table, marginals),
    lags: build.lags.map((lag) => shapeLag(lag, draft, places, marginals, { key: request.key, isFine: size === table.rows })),
    residuals: withJoined(
      residualsOf(marginals, usable, population.residuals, (axes) => whyUnused(axes, contextOf(request, size))),
      joined,
      population.sums,
    ),
    lines: new Map(
      [...draft.lines].map(([reference, { line }]) => [
        reference,
        {
          line,
          isClustered: isClustered(reference, marginals, request),
          isShared: marginals.some(({ axes: [axis] }, at) => usable[at] !== null && isShared(reference, axis, request)),
        },
      ]),
    ),
  };
}

function contextOf({ followsOtherSide, shapes, table, tables }: FitTableRequest, size: number): UnusedContext {
  const sizeOf = (at: number) => (at === table ? size : shapes.get(at)?.size);
  return { table, tables, followsOtherSide, isFitted: (at) => shapes.has(at), isFine: (at) => sizeOf(at) === tables[at]?.rows };
}

/** Children of one parent side by side: as the flag says, or where it was not measured a strict order of both heaps. */
function isClustered(at: number, marginals: readonly Read[], request: FitTableRequest): boolean {
  const { table, tables } = request;
  const own = tables[table] as PlanTable;
  const flag = marginals.find(({ axes: [axis] }) => axis?.kind === 'sameAsPrevious' && referenceAt(own, tables, axis.via) === at);
  if (flag !== undefined) {
    const same = flag.cells[FIRST_CLASS + 1] ?? 0;
    return same >= CLUSTERED * (same + (flag.cells[FIRST_CLASS] ?? 0));
  }
  return ascendsWithParents(at, marginals, request);
}

/** Whether an axis says that the reference leads to the same parent as another. */
function isShared(at: number, axis: PairAxis | undefined, { table, tables }: FitTableRequest): boolean {
  if (axis?.kind !== 'sameParent') return false;
  const own = tables[table] as PlanTable;
  const { references } = axis.via;
  return [axis.via.columns, axis.other].some((columns) => referenceAt(own, tables, { columns, references }) === at);
}

/** The heap of the children is in the order of the parents' heap. */
function ascendsWithParents(at: number, marginals: readonly Read[], { table, tables }: FitTableRequest): boolean {
  const own = tables[table] as PlanTable;
  return marginals.some(({ ascending, axes }) =>
    axes.some(
      (axis) =>
        axis.kind === 'heap' &&
        axis.via !== undefined &&
        referenceAt(own, tables, axis.via) === at &&
        (ascending ?? 0) >= IN_ORDER,
    ),
  );
}

/**
 * So strictly that nothing else need place them: children without a parent would stand in front. Where every row has a profile of its own
 * and a time that follows the parent's, the line stays free for lags.
 */
function areInHeapOrder(at: number, marginals: readonly Read[], request: FitTableRequest): boolean {
  return request.tables[request.table]?.references[at]?.nulls === 0 && ascendsWithParents(at, marginals, request);
}

function hasLag(at: number, marginals: readonly Read[], { table, tables }: FitTableRequest): boolean {
  const own = tables[table] as PlanTable;
  return marginals.some(({ axes }) => axes.some((axis) => axis.kind === 'lag' && referenceAt(own, tables, axis.via) === at));
}

function parentAxesOf(at: number, marginals: readonly Read[], table: PlanTable, tables: readonly PlanTable[]): PairAxis[] {
  const axes = marginals.flatMap(({ axes: own }) =>
    own.flatMap((axis) => {
      if (!('via' in axis) || axis.via === undefined || referenceAt(table, tables, axis.via) !== at) return [];
      return withoutVia(axis) ?? [];
    }),
  );
  const names = axes.map((axis) => JSON.stringify(axis));
  return axes.filter((_, index) => names.indexOf(names[index] ?? '') === index);
}

/** How strongly ordered classes of two variables go together. */
function tiesOf(
  marginals: readonly Read[],
  usable: readonly (PopulationMarginal | null)[],
  axes: readonly PopulationAxis[],
): Tie[] {
  return usable.flatMap((marginal, at): Tie[] => {
    const [first, second] = marginal?.axes ?? [];
    const isOrder = marginals[at]?.axes.every(isOrdered) === true;
    const [one, two] = [axes[first ?? -1], axes[second ?? -1]];
    if (marginal === null || marginal === undefined || !isOrder || one?.kind !== 'place' || two?.kind !== 'place') return [];
    const correlation = rankCorrelation({ cells: marginal.wanted, rows: one.classes, columns: two.classes });
    return [
      { variable: one.variable, with: two.variable, correlation },
      { variable: two.variable, with: one.variable, correlation },
    ].filter((tie) => tie.variable !== tie.with);
  });
}

function startsOf(draft: PopulationDraft, axes: readonly PopulationAxis[], size: number): Map<string, readonly number[]> {
  return new Map(
    draft.variables.map(({ name }, at) => {
      const own = axes.flatMap((axis) => (axis.kind === 'place' && axis.variable === at ? [axis.classOf] : []));
      return [name, classStarts(own, size)];
    }),
  );
}

function classesByProfile(draft: PopulationDraft, places: ReadonlyMap<string, Int32Array>, axis: PairAxis): Uint16Array | null {
  const made = draft.axis(axis);
  // An axis that no marginal asked for may have a variable only now: it has no places.
  const own = made === null ? undefined : places.get(draft.variables[made.variable]?.name ?? '');
  return made === null || own === undefined ? null : Uint16Array.from(own, (place) => made.classOf[place] as number);
}

function secondsByProfile(
  draft: PopulationDraft,
  places: ReadonlyMap<string, Int32Array>,
  name: string,
  size: number,
  rows: number,
): Float64Array | null {
  const column = draft.column(name);
  const variable = draft.columnVariable(name);
  const own = variable === null ? undefined : places.get(draft.variables[variable]?.name ?? '');
  const seconds = column === undefined || own === undefined ? null : secondsByPlace(column, size, rows);
  return seconds === null || own === undefined ? null : Float64Array.from(own, (place) => seconds[place] as number);
}

function shapeLag(
  { axis, joined, population, reference }: BuiltLag,
  draft: PopulationDraft,
  places: ReadonlyMap<string, Int32Array>,
  marginals: readonly Read[],
  { isFine, key }: { readonly isFine: boolean; readonly key: PlanKey },
): ShapeLag {
  const counts = lagCounts(axis, marginals);
  const own = places.get(draft.variables[population.variable]?.name ?? HEAP) as Int32Array;
  const since = places.get(draft.variables[population.since]?.name ?? HEAP) as Int32Array;
  const parents = draft.lines.get(reference)?.shape;
  const isFineParent = parents !== undefined && parents.size === parents.rows;
  const chosen = chooseLagClasses({ population, own, since, joined, counts, key, isFine: isFine && isFineParent });
  const negative = axis.cuts.filter((cut) => cut <= 0).length;
  const before = sumOf(counts.slice(FIRST_CLASS, FIRST_CLASS + negative));
  const isNeverBefore = before <= MOST_BEFORE * sumOf(counts.slice(FIRST_CLASS));
  return { column: axis.column, reference, since: axis.since, ...chosen, isNeverBefore };
}

/** Rows of each class of a lag, from the marginal over it alone, else from the one that has it beside another axis. */
function lagCounts(axis: PairAxis & { kind: 'lag' }, marginals: readonly Read[]): Float64Array {
  const name = JSON.stringify(axis);
  const sums = new Float64Array(classCount(axis));
  const best = [...marginals]
    .sort((left, right) => left.axes.length - right.axes.length)
    .find(({ axes }) => axes.some((each) => JSON.stringify(each) === name));
  if (best === undefined) return sums;
  const [first, second] = best.axes;
  const columns = second === undefined ? 1 : classCount(second);
  const isFirst = JSON.stringify(first) === name;
  for (const [at, count] of best.cells.entries()) {
    const value = isFirst ? Math.floor(at / columns) : at % columns;
    sums[value] = (sums[value] ?? 0) + count;
  }
  return sums;
}

function sumOf(counts: Float64Array): number {
  return counts.reduce((left, right) => left + right, 0);
}

function residualsOf(
  marginals: readonly Read[],
  usable: readonly (PopulationMarginal | null)[],
  residuals: readonly { readonly before: number; readonly after: number }[],
  why: (axes: readonly PairAxis[]) => string,
): ShapeResidual[] {
  let next = 0;
  return marginals.map(({ axes }, at) => {
    const names = axes.map(namePairAxis);
    if (usable[at] === null) return { axes: names, before: null, after: null, unused: why(axes) };
    const residual = residuals[next];
    next += 1;
    return { axes: names, before: residual?.before ?? null, after: residual?.after ?? null, unused: null };
  });
}
