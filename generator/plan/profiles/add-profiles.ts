// The joint shape of the plan's tables: a population for each table that the spec has marginals of, parents first, written into the
// orders of ranks. Tables that no marginal speaks of stay as they are, to the byte.
import { packIntegers } from '../../../core/packed-integers.ts';
import type { PairAxis, Via } from '../../../spec/pair-axis.ts';
import type { PlanAfter, PlanColumn, PlanTable } from '../../../spec/plan.ts';
import type { Spec } from '../../../spec/spec.ts';
import type { FitStep } from '../../../stats/population/population.ts';
import { mapSteps, runToEnd, type Steps } from '../../../stats/steps.ts';
import { deriveKey } from '../../random/mixer.ts';
import { fitWithPairs } from './fit-pairs.ts';
import { MAX_PROFILES } from './fit-table.ts';
import { hoursOfTheRest } from './own-hours.ts';
import { referenceAt } from './reference-at.ts';
import { orderParentsFirst } from './table-order.ts';
import { columnVariable, type ShapeLag, type TableShape } from './table-shape.ts';
import { hasProfiledChildren } from './usable-columns.ts';
import { writeReference } from './write-reference.ts';

export interface ProfilesRequest {
  readonly tables: readonly PlanTable[];
  readonly spec: Spec;
  readonly seed: string;
  /** Profiles of a table at most; 65,536 where absent. */
  readonly mostProfiles?: number;
  /** Told before each table is fitted. */
  readonly onTable?: (table: string, done: number, of: number) => void;
}

/** How far the fit of a plan is. */
export interface ProfilesStep extends FitStep {
  readonly table: string;
  /** Tables fitted before, and in all. */
  readonly done: number;
  readonly of: number;
}

export interface Profiled {
  readonly tables: PlanTable[];
  readonly shapes: ReadonlyMap<number, TableShape>;
}

/** The tables with their profiles. Pure. */
export function addProfiles(request: ProfilesRequest): Profiled {
  return runToEnd(addProfilesInSteps(request));
}

/** The same with pauses. */
export function* addProfilesInSteps(request: ProfilesRequest): Steps<ProfilesStep, Profiled> {
  const { mostProfiles = MAX_PROFILES, seed, spec, tables } = request;
  const wanted = findWanted(tables, spec);
  const shapes = new Map<number, TableShape>();
  const childSpecs = new Map(
    tables.flatMap(({ name }, at) => (spec.tables[name] === undefined ? [] : [[at, spec.tables[name]] as const])),
  );
  const order = orderParentsFirst(tables).filter((at) => wanted.has(at) && (tables[at]?.rows ?? 0) > 0);
  for (const [done, at] of order.entries()) {
    const { columns, children } = wanted.get(at) ?? NOTHING;
    const name = tables[at]?.name ?? '';
    request.onTable?.(name, done, order.length);
    const key = deriveKey(seed, name, 'profiles');
    const steps = fitWithPairs({
      table: at,
      tables,
      spec: spec.tables[name] ?? NO_TABLE,
      shapes,
      childSpecs,
      columns,
      children,
      key,
      mostProfiles,
    });
    const tellTable = (step: FitStep): ProfilesStep => ({ ...step, table: name, done, of: order.length });
    shapes.set(at, yield* mapSteps(steps, tellTable));
  }
  return { tables: tables.map((_, at) => writeTable(tables, at, shapes, seed)), shapes };
}

interface Wanted {
  readonly columns: Set<string>;
  readonly children: { readonly child: number; readonly reference: number }[];
}

const NOTHING: Wanted = { columns: new Set(), children: [] };
const NO_TABLE: Spec['tables'][string] = { rows: { count: 0, growth: 'linear' }, references: {}, columns: {} };

/** The tables that need a population: those with marginals, and the parents that these speak of. */
function findWanted(tables: readonly PlanTable[], spec: Spec): Map<number, Wanted> {
  const wanted = new Map<number, Wanted>();
  const want = (at: number): Wanted => {
    const known = wanted.get(at) ?? { columns: new Set<string>(), children: [] };
    wanted.set(at, known);
    return known;
  };
  for (const [child, table] of tables.entries()) {
    const { axes = {}, marginals = [] } = spec.tables[table.name] ?? {};
    if (marginals.length === 0) continue;
    want(child);
    for (const { axis, via } of Object.values(axes).flatMap(waysOf)) {
      const at = referenceAt(table, tables, via);
      const reference = table.references[at];
      if (reference === undefined || !hasProfiledChildren(reference, at, child, tables)) continue;
      const parent = want(reference.table);
      if (!parent.children.some((each) => each.child === child && each.reference === at))
        parent.children.push({ child, reference: at });
      addAxis(parent, axis, reference.table, tables);
    }
  }
  return wanted;
}

/** The references that an axis of a child speaks of. */
function waysOf(axis: PairAxis): { axis: PairAxis; via: Via }[] {
  if (!('via' in axis) || axis.via === undefined) return [];
  const own = { axis, via: axis.via };
  return axis.kind === 'sameParent' ? [own, { axis, via: { ...axis.via, columns: axis.other } }] : [own];
}

/** What the axis of a child asks of its parent: a column, or the reference that a degree counts. */
function addAxis({ columns, children }: Wanted, axis: PairAxis, parent: number, tables: readonly PlanTable[]): void {
  if ('column' in axis) columns.add(axis.kind === 'lag' ? axis.since : axis.column);
  if (axis.kind !== 'degree') return;
  const child = tables.findIndex(({ name }) => name === axis.child);
  const reference = (tables[child]?.references ?? []).findIndex(
    (each) => each.table === parent && String(each.columns) === String(axis.columns),
  );
  if (reference < 0 || children.some((each) => each.child === child && each.reference === reference)) return;
  children.push({ child, reference });
}

/** Of a table whose rows' times others are timed by: few, or a row would be days from where the fit has it. */
const TIMED_BY = 8;

/** Whether rows that have a profile each follow this table's times at some distance. */
function isTimedBy(at: number, tables: readonly PlanTable[], shapes: ReadonlyMap<number, TableShape>): boolean {
  return [...shapes.values()].some(
    ({ lags, rows, size, table }) =>
      size === rows && lags.some(({ reference }) => tables[table]?.references[reference]?.table === at),
  );
}

function writeTable(tables: readonly PlanTable[], at: number, shapes: ReadonlyMap<number, TableShape>, seed: string): PlanTable {
  const table = tables[at] as PlanTable;
  const shape = shapes.get(at);
  const references = table.references.map((reference, index) => writeReference({ reference, index, table: at, shape, shapes }));
  if (shape === undefined) return { ...table, references };
  // Pairs whose other side has places of its own: the plan has made them distinct, and no formula need.
  const pairs = table.pairs.filter(({ other }) => !shape.lines.has(other));
  const columns = table.columns.map((column) => writeColumn(column, shape, { tables, table, seed }));
  return {
    ...table,
    profiles: {
      count: shape.size,
      key: deriveKey(seed, table.name, 'profile rows'),
      ...([...shape.lines.values()].some(({ isClustered }) => isClustered) ? { isInRuns: true } : {}),
      ...(shape.size < shape.rows && isTimedBy(at, tables, shapes) ? { mixed: TIMED_BY } : {}),
    },
    references,
    pairs,
    columns,
  };
}

interface ColumnPlace {
  readonly tables: readonly PlanTable[];
  readonly table: PlanTable;
  readonly seed: string;
}

function writeColumn(column: PlanColumn, shape: TableShape, place: ColumnPlace): PlanColumn {
  const builder = timesAfter(column, shape, place);
  if (column.ranks === null) return column;
  if (shape.inHeapOrder.has(column.name)) return { ...column, builder, ranks: { ...column.ranks, order: 'row' } };
  const name = columnVariable(column.name);
  const places = shape.places.get(name);
  if (places === undefined) return { ...column, builder };
  const start = shape.starts.get(name) ?? [0];
  const isShuffled = start.map((): 0 | 1 => (shape.size === shape.rows ? 0 : 1));
  return {
    ...column,
    builder,
    ranks: { ...column.ranks, order: 'profile', profile: { places: packIntegers(places), start: [...start], isShuffled } },
  };
}

/** The builder of a time with what it follows; of all others as it is. */
function timesAfter(column: PlanColumn, shape: TableShape, { seed, table, tables }: ColumnPlace): PlanColumn['builder'] {
  const { builder } = column;
  const after = afterOf(column, shape, table, seed);
  if (builder.kind !== 'time' || after === null) return builder;
  const lag = bestLag(column, shape);
  if (after.lag === null || lag === null) return { ...builder, after };
  const parent = tables[table.references[lag.reference]?.table ?? -1];
  const since = parent?.columns.find(({ name }) => name === lag.since)?.builder;
  if (since?.kind !== 'time' || since.isUnique) return { ...builder, after };
  const shares = lag.parts.map((_, part) => lag.classes.reduce((sum, each) => sum + (each === part + 1 ? 1 : 0), 0) / shape.size);
  return { ...builder, after, profile: hoursOfTheRest({ own: builder, parent: since, lag: after.lag, shares }) };
}

const MICROSECONDS = 1_000_000;

/** The lag with most short profiles gives the times; all that are never negative bound them. */
function afterOf(column: PlanColumn, shape: TableShape, table: PlanTable, seed: string): PlanAfter | null {
  const { builder } = column;
  if (builder.kind !== 'time' || builder.isUnique) return null;
  const notBefore = shape.lags
    .filter((lag) => lag.column === column.name && lag.isNeverBefore)
    .map(({ reference, since }) => ({ reference, column: since }));
  const best = bestLag(column, shape);
  const lag =
    best === null
      ? null
      : {
          reference: best.reference,
          column: best.since,
          classes: packIntegers(best.classes),
          from: best.parts.map(({ from }) => from * MICROSECONDS),
          to: best.parts.map(({ to }) => to * MICROSECONDS),
          busy: builder.profile,
          key: deriveKey(seed, table.name, column.name, 'lag'),
        };
  return lag === null && notBefore.length === 0 ? null : { lag, notBefore };
}

function bestLag(column: PlanColumn, { lags }: TableShape): ShapeLag | null {
  const best = lags
    .filter((lag) => lag.column === column.name)
    .reduce<ShapeLag | null>((one, two) => (one === null || two.shortProfiles > one.shortProfiles ? two : one), null);
  return best === null || best.shortProfiles === 0 ? null : best;
}
