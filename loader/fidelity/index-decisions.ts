// Metric 6, decisions: would one keep each index? It is dropped in a transaction that is rolled back, and the workload's queries that
// read it are planned again, never run. An index helps when they cost more than 10 % more without it. The planner's cost decides, not
// the clock: it is the same every time, while near 10 % the time of a busy machine turns a verdict by chance.
//
// DROP INDEX locks its table against everybody until the transaction ends, so this is asked for by name.
import { ShapecastError } from '../../core/errors.ts';
import { formatTableKey, quoteQualified } from '../../core/identifiers.ts';
import type { Progress } from '../../core/progress.ts';
import { createBinder } from '../../postgres/bind-parameters.ts';
import { readRows, type Side, type SideOptions, withSide } from '../../postgres/read-side.ts';
import { type Binding, nameBinding, type WorkloadQuery } from '../../spec/workload.ts';
import { type IndexFacts, nameIndex, readIndexes } from './index-sizes.ts';
import type { Figure } from './metric.ts';
import { type Plan, readPlan } from './plan-tree.ts';
import { forbidWrites, orInterrupted, refuseAborted, takeBack, withTrialSession } from './rolled-back.ts';

/** One query under one binding with its plan on a side; null: it was not measured there. */
export interface PlannedQuery {
  readonly query: WorkloadQuery;
  readonly binding: Binding;
  readonly plan: Plan | null;
}

/** What dropping each index does to the queries that read it: costs without by costs with, by query. */
export interface IndexCosts {
  readonly indexes: readonly IndexFacts[];
  /** How many queries read each optional index, each way to bind one by itself. */
  readonly readers: ReadonlyMap<string, number>;
  /** By the name of the index, then by query and binding; without what could not be planned. */
  readonly costs: ReadonlyMap<string, ReadonlyMap<string, IndexCost>>;
}

/** The planner's costs of one query with an index and without it. */
export interface IndexCost {
  readonly weight: number;
  readonly before: number;
  readonly after: number;
}

/** How to measure. */
export interface IndexOptions extends SideOptions {
  readonly startProgress: (label: string, total: number, unit: string) => Progress;
}

const WHAT = 'the look at indexes';
const HELPS = 1.1;

/** Drops each optional index of the database that a plan reads, and puts it back. Throws QUERY_FAILED where it may not, and INTERRUPTED. */
export async function measureIndexCosts(
  url: string,
  planned: readonly PlannedQuery[],
  options: IndexOptions,
): Promise<IndexCosts> {
  const { signal, statementTimeoutMs } = options;
  const { indexes, bound } = await orInterrupted(signal, WHAT, () =>
    withSide(url, options, async (side) => ({ indexes: await readIndexes(side), bound: await bindAll(side, planned) })),
  );
  const readers = indexes
    .filter(({ isOptional }) => isOptional)
    .map((index) => ({ index, queries: bound.filter(({ plan }) => isRead(index, plan)) }));
  const costs = new Map<string, ReadonlyMap<string, IndexCost>>();
  const progress = options.startProgress('planning without each index', readers.length, 'indexes');
  const trial = { applicationName: 'shapecast compare', what: WHAT, signal, statementTimeoutMs };
  await withTrialSession(url, trial, async (side) => {
    for (const { index, queries } of readers) {
      refuseAborted(signal, WHAT);
      if (queries.length > 0) costs.set(nameIndex(index), await costsWithout(side, index, queries));
      progress.advance(1);
    }
  });
  progress.finish();
  return { indexes, readers: new Map(readers.map(({ index, queries }) => [nameIndex(index), queries.length])), costs };
}

/** Plans name the leaves of an index over partitions. */
function isRead({ leaves }: IndexFacts, plan: Plan): boolean {
  const read = new Set(plan.indexes.map(formatTableKey));
  return leaves.some((leaf) => read.has(formatTableKey(leaf)));
}

type Bound = PlannedQuery & { readonly plan: Plan; readonly values: readonly (string | null)[] };

async function bindAll(side: Side, planned: readonly PlannedQuery[]): Promise<Bound[]> {
  const binder = createBinder(side);
  const bound: Bound[] = [];
  for (const { query, binding, plan } of planned) {
    if (plan === null || plan.indexes.length === 0) continue;
    bound.push({ query, binding, plan, values: await binder.bind(query.parameters, binding) });
  }
  return bound;
}

async function costsWithout(side: Side, index: IndexFacts, queries: readonly Bound[]): Promise<Map<string, IndexCost>> {
  return takeBack(side.client, async () => {
    await readRows(side, 'dropping an index for a moment', `drop index ${quoteQualified(index)}`);
    await forbidWrites(side.client);
    const costs = new Map<string, IndexCost>();
    for (const { query, binding, plan, values } of queries) {
      const after = await readCost(side, query.sql, values);
      if (after !== null) costs.set(nameQuery(query, binding), { weight: query.weight, before: plan.cost, after });
    }
    return costs;
  });
}

/** null: the server could not plan it in time. */
async function readCost(side: Side, sql: string, values: readonly unknown[]): Promise<number | null> {
  try {
    const [row] = await readRows<Record<string, unknown>>(
      side,
      'planning a query',
      `explain (verbose, format json) ${sql}`,
      values,
    );
    return readPlan(row?.['QUERY PLAN']).cost;
  } catch (error) {
    if (error instanceof ShapecastError && error.code === 'QUERY_FAILED') return null;
    throw error;
  }
}

/** Agreement of the verdicts index by index, and query by query at those that either side reads. */
export function indexFigures(source: IndexCosts, target: IndexCosts): Figure[] {
  const others = new Set(target.indexes.map(nameIndex));
  const shared = source.indexes.filter((index) => index.isOptional && others.has(nameIndex(index))).map(nameIndex);
  const byIndex = shared.map((name) => ({
    place: name,
    value: helps([...costsOf(source, name).values()]) === helps([...costsOf(target, name).values()]) ? 1 : 0,
  }));
  const byQuery = shared.flatMap((name) => {
    const [left, right] = [costsOf(source, name), costsOf(target, name)];
    return [...new Set([...left.keys(), ...right.keys()])].map((query) => ({
      place: `${name}: ${query}`,
      value: helps(listOne(left.get(query))) === helps(listOne(right.get(query))) ? 1 : 0,
    }));
  });
  const helping = shared.filter((name) => helps([...costsOf(source, name).values()])).length;
  return [
    agreement('index decisions', byIndex, 0.95, `${helping} of ${shared.length} help on production: more than 10 % of the cost`),
    agreement('index decisions by query', byQuery, null, 'share of the index and query pairs that either side reads'),
  ];
}

/** An index that nothing reads does not help. */
export function helps(costs: readonly IndexCost[]): boolean {
  const sum = (take: (cost: IndexCost) => number) => costs.reduce((all, cost) => all + take(cost) * cost.weight, 0);
  return costs.length > 0 && sum(({ after }) => after) > HELPS * sum(({ before }) => before);
}

function costsOf({ costs }: IndexCosts, name: string): ReadonlyMap<string, IndexCost> {
  return costs.get(name) ?? new Map<string, IndexCost>();
}

function listOne(cost: IndexCost | undefined): IndexCost[] {
  return cost === undefined ? [] : [cost];
}

function nameQuery(query: WorkloadQuery, binding: Binding): string {
  const ranks = nameBinding(query, binding);
  return ranks === '' ? query.name : `${query.name} (${ranks})`;
}

function agreement(name: string, places: Figure['places'], target: number | null, remark: string): Figure {
  return {
    number: 6,
    name,
    value: places.length === 0 ? null : places.reduce((sum, { value }) => sum + value, 0) / places.length,
    target,
    direction: 'atLeast',
    samples: places.length,
    remark: places.length === 0 ? 'no index to decide about' : remark,
    places,
  };
}
