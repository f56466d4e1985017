// One table's population from the marginals of the spec: which of them can be met, the fit, and what children and the plan read from it.

import { classCount, FIRST_CLASS, isOrdered, namePairAxis, type PairAxis, type Via } from '../../../spec/pair-axis.ts';
import type { PlanKey, PlanTable } from '../../../spec/plan.ts';
import type { TableSpec } from '../../../spec/spec.ts';
import { fitPopulationInSteps } from '../../../stats/population/fit-population.ts';
import type { FitStep, LagAxis, PopulationAxis, PopulationMarginal, Tie } from '../../../stats/population/population.ts';
import type { Steps } from '../../../stats/steps.ts';
import { orderGamma, rankCorrelation } from './follows-heap.ts';
import { joinCells } from './join-cells.ts';
import { chooseLagClasses } from './lag-classes.ts';
import { degreesByPlace, parentCounts } from './parent-counts.ts';
import { classStarts, type RankRun } from './place-classes.ts';
import { PopulationDraft, withoutVia } from './population-draft.ts';
import { type Read, readMarginals } from './read-marginals.ts';
import { siblingCounts } from './same-parents.ts';
import { secondsByPlace } from './seconds-by-place.ts';
import { type JoinedLags, joinShortLags, shortestLag } from './short-lags.ts';
import { spreadOther } from './spread-other.ts';
import { HEAP, lineVariable, type ShapeLag, type ShapeResidual, type TableShape } from './table-shape.ts';
import { type UnusedContext, whyUnused } from './why-unused.ts';

/** More profiles than this make a plan too large to carry around. */
export const MAX_PROFILES = 131_072;
/** Of a table with more rows than that. */
const COARSE_PROFILES = 65_536;
const MOST_SWAPS = 24_000_000;
const SWAPS_PER_PLACE = 30;
/** A column whose classes ascend with the heap so strictly is taken to be in that order. */
const IN_ORDER = 0.995;
/** Neighbours on a line that are sorted by other things than their time. */
const MIXED_PLACES = 8;
/** Share of rows that have the parent of the row before them, from which on children stand side by side. */
const CLUSTERED = 0.3;
/** So few children before their parents are mistakes in the data, that no copy needs. */
const MOST_BEFORE = 0.002;

export interface FitTableRequest {
  readonly table: number;
  readonly tables: readonly PlanTable[];
  readonly spec: TableSpec;
  readonly shapes: ReadonlyMap<number, TableShape>;
  /** By index of the table. */
  readonly childSpecs: ReadonlyMap<number, TableSpec>;
  /** What children speak of: columns, and references to this table by child and index. */
  readonly columns: ReadonlySet<string>;
  readonly children: readonly ChildOfTable[];
  readonly key: PlanKey;
  readonly mostProfiles: number;
}

/** A reference whose children follow this table's profiles. */
export interface ChildOfTable {
  readonly child: number;
  readonly reference: number;
}

/** The table's shape. Pure, with pauses. */
export function* fitTable(request: FitTableRequest): Steps<FitStep, TableShape> {
  const table = request.tables[request.table] as PlanTable;
  // A row each, or else so many that a profile's rows are few.
  const size = table.rows <= request.mostProfiles ? table.rows : Math.min(COARSE_PROFILES, request.mostProfiles);
  const marginals = readMarginals(request.spec);
  const draft = new PopulationDraft({
    ...request,
    size,
    inHeapOrder: columnsInHeapOrder(table, marginals),
    heapRuns: (ranges) => heapRuns(ranges, marginals, table.rows),
    startsInOrder: (reference) => isClustered(reference, marginals, request) || hasLag(reference, marginals, request),
    parentAxes: (reference) => parentAxesOf(reference, marginals, table, request.tables),
  });
  for (const column of request.columns) draft.columnVariable(column);
  const build = new MarginalBuilder(draft, table, size);
  const usable = marginals.map((marginal) => build.add(marginal));
  const byChildren = request.children.flatMap((child) => build.addChildren(child, request));
  const siblings = request.children.flatMap((child) => build.addSiblings(child, request, marginals));
  const population = yield* fitPopulationInSteps({
    size,
    variables: draft.variables,
    axes: build.axes,
    marginals: [...usable.flatMap((each) => each ?? []), ...byChildren, ...siblings.map(({ marginal }) => marginal)],
    key: request.key,
    ties: [...tiesOf(marginals, usable, build.axes), ...siblings.flatMap(({ ties }) => ties)],
    maxSwaps: Math.min(
      size < table.rows ? MOST_SWAPS / 2 : MOST_SWAPS,
      SWAPS_PER_PLACE * size * Math.max(1, draft.variables.length - 1),
    ),
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
    residuals: residualsOf(marginals, usable, population.residuals, (axes) => whyUnused(axes, contextOf(request, size))),
    lines: new Map(
      [...draft.lines].map(([reference, { line }]) => [
        reference,
        { line, isClustered: isClustered(reference, marginals, request) },
      ]),
    ),
  };
}

function contextOf({ shapes, table, tables }: FitTableRequest, size: number): UnusedContext {
  const sizeOf = (at: number) => (at === table ? size : shapes.get(at)?.size);
  return { table, tables, isFitted: (at) => shapes.has(at), isFine: (at) => sizeOf(at) === tables[at]?.rows };
}

/** The heap's counts beside another axis, as a matrix with the heap first. */
function besideHeap({
  axes,
  cells,
}: Read): { other: PairAxis; matrix: { cells: Float64Array; rows: number; columns: number } } | null {
  const [first, second] = axes;
  if (first === undefined || second === undefined) return null;
  const isHeap = (axis: PairAxis) => axis.kind === 'heap' && axis.via === undefined;
  if (isHeap(first)) return { other: second, matrix: { cells, rows: classCount(first), columns: classCount(second) } };
  if (!isHeap(second)) return null;
  const [rows, columns] = [classCount(second), classCount(first)];
  const turned = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) turned[row * columns + column] = cells[column * rows + row] ?? 0;
  }
  return { other: first, matrix: { cells: turned, rows, columns } };
}

/** Columns whose values ascend with the row number. Where the heap was not measured the spec says so itself. */
function columnsInHeapOrder(table: PlanTable, marginals: readonly Read[]): Set<string> {
  const measured = new Map<string, number>();
  for (const marginal of marginals) {
    const beside = besideHeap(marginal);
    if (beside === null || !('column' in beside.other) || beside.other.kind === 'lag' || beside.other.kind === 'presence')
      continue;
    if ('via' in beside.other && beside.other.via !== undefined) continue;
    measured.set(beside.other.column, marginal.ascending ?? orderGamma(beside.matrix));
  }
  const inOrder = table.columns.filter(({ name, ranks }) => {
    const share = measured.get(name);
    return share === undefined ? ranks?.order === 'row' : share >= IN_ORDER && ranks?.nulls === 0;
  });
  return new Set(inOrder.map(({ name }) => name));
}

function referenceAt(
  table: PlanTable,
  tables: readonly PlanTable[],
  via: { columns: readonly string[]; references: string },
): number {
  return table.references.findIndex(
    ({ columns, table: parent }) => String(columns) === String(via.columns) && tables[parent]?.name === via.references,
  );
}

/** Children of one parent side by side: as the flag says, or where it was not measured a strict order of both heaps. */
function isClustered(at: number, marginals: readonly Read[], { table, tables }: FitTableRequest): boolean {
  const own = tables[table] as PlanTable;
  const flag = marginals.find(({ axes: [axis] }) => axis?.kind === 'sameAsPrevious' && referenceAt(own, tables, axis.via) === at);
  if (flag !== undefined) {
    const same = flag.cells[FIRST_CLASS + 1] ?? 0;
    return same >= CLUSTERED * (same + (flag.cells[FIRST_CLASS] ?? 0));
  }
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

/** Where the ranges of the heap begin, as the counts say: pages are not equally full. */
function heapRuns(ranges: number, marginals: readonly Read[], rows: number): RankRun[] {
  const sums = new Float64Array(ranges).fill(0);
  const found = marginals.map(besideHeap).find((beside) => beside !== null && beside.matrix.rows === FIRST_CLASS + ranges);
  if (found !== null && found !== undefined) {
    const { cells, columns } = found.matrix;
    for (let range = 0; range < ranges; range += 1) {
      for (let column = 0; column < columns; column += 1) {
        sums[range] = (sums[range] ?? 0) + (cells[(FIRST_CLASS + range) * columns + column] ?? 0);
      }
    }
  }
  const total = sums.reduce((left, right) => left + right, 0);
  let before = 0;
  return Array.from(sums, (sum, range) => {
    before += total > 0 ? sum / total : 1 / ranges;
    return { upTo: range === ranges - 1 ? rows : Math.round(before * rows), classOf: FIRST_CLASS + range };
  });
}

/** A lag axis of the fit, with what it joined. */
interface BuiltLag {
  readonly axis: PairAxis & { kind: 'lag' };
  readonly reference: number;
  readonly population: LagAxis;
  readonly joined: JoinedLags;
}

class MarginalBuilder {
  readonly axes: PopulationAxis[] = [];
  readonly lags: BuiltLag[] = [];
  private readonly known = new Map<string, number>();
  private readonly draft: PopulationDraft;
  private readonly table: PlanTable;
  private readonly size: number;

  constructor(draft: PopulationDraft, table: PlanTable, size: number) {
    this.draft = draft;
    this.table = table;
    this.size = size;
  }

  /** The marginal over axes of the population; null for one that nothing here follows. */
  add({ axes, blocks, cells, other }: Read): PopulationMarginal | null {
    const at = axes.map((axis) => this.indexOf(axis));
    const [first, second] = at;
    if (first === undefined || at.some((each) => each === null)) return null;
    const joined = this.joinLags(axes, cells, blocks);
    const spread = axes.map((axis, position) => ({
      place: this.axes[at[position] ?? 0] as PopulationAxis,
      isOrdered: isOrdered(axis),
    }));
    const wanted = spreadOther(joined.cells, other, spread);
    if (second === undefined || second === null) return { axes: [first ?? 0], wanted, blocks: joined.blocks };
    // Cells that nobody counted are one more block: the rows of `other` are somewhere in it.
    const rest = joined.blocks.reduce((most, block) => Math.max(most, block), 0) + 1;
    const all = joined.blocks.map((block, at) => (block === 0 && (joined.cells[at] ?? 0) === 0 ? rest : block));
    return { axes: [first ?? 0, second], wanted, blocks: all };
  }

  /**
   * What the children's marginals say about their parents, counted by children: who has many of them cannot be left to chance, or
   * there would be too few children of such parents.
   */
  addChildren({ child, reference }: ChildOfTable, { tables, childSpecs }: FitTableRequest): PopulationMarginal[] {
    const variable = this.draft.degreeVariable(child, reference);
    const children = tables[child] as PlanTable;
    const own = children.references[reference];
    const curve = own?.curve;
    const spec = childSpecs.get(child);
    if (variable === null || curve === null || curve === undefined || spec === undefined) return [];
    const of = degreesByPlace(curve, this.size, this.table.rows);
    const isOwn = (via: Via) => referenceAt(children, tables, via) === reference;
    const nullShare = children.rows > 0 ? (own?.nulls ?? 0) / children.rows : 0;
    return parentCounts(readMarginals(spec), isOwn, nullShare).flatMap(({ axis, counts, other }) => {
      const at = this.indexOf(axis);
      const place = at === null ? null : (this.axes[at] as PopulationAxis);
      // The curve fixes how many children have a parent of each degree under the same reference.
      if (at === null || place === null || place.variable === variable) return [];
      return [
        {
          axes: [at] as const,
          wanted: spreadOther(counts, other, [{ place, isOrdered: isOrdered(axis) }]),
          weight: { variable, of },
        },
      ];
    });
  }

  /**
   * What the share of children with the same parent under two references says about the numbers of children under both, where these
   * were not counted together: the child's first reference says it for both.
   */
  addSiblings(
    { child, reference }: ChildOfTable,
    { tables, childSpecs }: FitTableRequest,
    own: readonly Read[],
  ): { readonly marginal: PopulationMarginal; readonly ties: readonly Tie[] }[] {
    const children = tables[child] as PlanTable;
    const spec = childSpecs.get(child);
    return (spec === undefined ? [] : readMarginals(spec)).flatMap(({ axes, cells, other }) => {
      const [axis] = axes;
      if (axes.length !== 1 || axis?.kind !== 'sameParent' || referenceAt(children, tables, axis.via) !== reference) return [];
      const second = referenceAt(children, tables, { columns: axis.other, references: axis.via.references });
      const degrees = [reference, second].map((at) => this.degreesOf(child, at));
      const [one, two] = degrees;
      if (one === null || one === undefined || two === null || two === undefined) return [];
      if (areCountedTogether(own, children, [reference, second])) return [];
      const rows = cells.reduce((left, right) => left + right, other);
      const same = ((cells[FIRST_CLASS + 1] ?? 0) * children.rows) / Math.max(1, rows) / this.table.rows;
      const counts = siblingCounts({ first: one.of, second: two.of, same });
      if (counts === null) return [];
      const { classes, firstClasses, secondClasses, strength, wanted } = counts;
      const first = this.axes.push({ kind: 'place', variable: one.variable, classes, classOf: firstClasses }) - 1;
      const last = this.axes.push({ kind: 'place', variable: two.variable, classes, classOf: secondClasses }) - 1;
      const ties = [
        { variable: one.variable, with: two.variable, correlation: strength },
        { variable: two.variable, with: one.variable, correlation: strength },
      ];
      return [{ marginal: { axes: [first, last] as const, wanted }, ties }];
    });
  }

  private degreesOf(child: number, reference: number): { readonly variable: number; readonly of: Float64Array } | null {
    const variable = reference < 0 ? null : this.draft.degreeVariable(child, reference);
    const curve = this.draft.curve(child, reference);
    return variable === null || curve === null ? null : { variable, of: degreesByPlace(curve, this.size, this.table.rows) };
  }

  private indexOf(axis: PairAxis): number | null {
    const name = JSON.stringify(axis);
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const made =
      axis.kind === 'lag' ? this.lagAxis(axis) : axis.kind === 'sameParent' ? this.sameAxis(axis) : this.draft.axis(axis);
    if (made === null) return null;
    const at = this.axes.push(made) - 1;
    this.known.set(name, at);
    return at;
  }

  /** Whether two keys lead to one row: a difference of parents' profiles, so only where profiles are single rows. */
  private sameAxis({ via, other }: PairAxis & { kind: 'sameParent' }): LagAxis | null {
    const first = this.draft.referenceOf(via);
    const second = this.draft.referenceOf({ columns: other, references: via.references });
    const [one, two] = [first < 0 ? null : this.draft.line(first), second < 0 ? null : this.draft.line(second)];
    if (one === null || two === null || this.size !== this.table.rows || one.shape.size !== one.shape.rows) return null;
    const parents = (line: Int32Array) => Float64Array.from(line, (parent) => (parent < 0 ? Number.NaN : parent));
    return {
      kind: 'lag',
      variable: this.draft.find(lineVariable(second)) ?? 0,
      since: this.draft.find(lineVariable(first)) ?? 0,
      classes: FIRST_CLASS + 2,
      valueOf: parents(two.parents),
      sinceOf: parents(one.parents),
      cuts: Float64Array.of(-0.5, 0.5),
      classOf: [FIRST_CLASS, FIRST_CLASS + 1, FIRST_CLASS],
    };
  }

  private lagAxis(axis: PairAxis & { kind: 'lag' }): LagAxis | null {
    const reference = this.draft.referenceOf(axis.via);
    const column = this.draft.column(axis.column);
    const variable = this.draft.columnVariable(axis.column);
    const line = reference < 0 ? null : this.draft.line(reference);
    const sinceOfParents = line?.shape.secondsOf(axis.since) ?? null;
    if (column === undefined || variable === null || line === null || sinceOfParents === null) return null;
    const values = secondsByPlace(column, this.size, this.table.rows);
    if (values === null) return null;
    const sinceOf = Float64Array.from(line.parents, (parent) => (parent < 0 ? Number.NaN : (sinceOfParents[parent] as number)));
    const joined = joinShortLags(axis, shortestLag(values, sinceOf, this.size === this.table.rows ? 1 : MIXED_PLACES));
    const population: LagAxis = {
      kind: 'lag',
      variable,
      since: this.draft.find(lineVariable(reference)) ?? 0,
      classes: FIRST_CLASS + joined.cuts.length + 1,
      valueOf: values,
      sinceOf,
      cuts: joined.cuts,
      classOf: Array.from({ length: joined.cuts.length + 1 }, (_, at) => FIRST_CLASS + at),
    };
    this.lags.push({ axis, reference, population, joined });
    return population;
  }

  /** Counts over the joined classes of lags. */
  private joinLags(
    axes: readonly PairAxis[],
    cells: Float64Array,
    blocks: Int32Array,
  ): { cells: Float64Array; blocks: Int32Array } {
    const maps = axes.map((axis) => {
      const lag = this.lags.find((each) => JSON.stringify(each.axis) === JSON.stringify(axis));
      return lag?.joined.joinedOf ?? Array.from({ length: classCount(axis) }, (_, at) => at);
    });
    return joinCells(maps, cells, blocks);
  }
}

/** Whether most parents were counted by their numbers of children under both references. */
function areCountedTogether(marginals: readonly Read[], child: PlanTable, references: readonly number[]): boolean {
  const names = references.map((at) => String(child.references[at]?.columns));
  const isOf = (axis: PairAxis, name: string | undefined) =>
    axis.kind === 'degree' && axis.via === undefined && axis.child === child.name && String(axis.columns) === name;
  return marginals.some(({ axes, blocks, cells, other }) => {
    if (axes.length !== 2 || !names.every((name) => axes.some((axis) => isOf(axis, name)))) return false;
    const total = cells.reduce((left, right) => left + right, other);
    const alone = cells.reduce((sum, count, at) => sum + ((blocks[at] ?? 0) === 0 ? count : 0), 0);
    return 2 * alone > total;
  });
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
