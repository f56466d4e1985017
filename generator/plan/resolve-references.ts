// References at plan time: the exact curve of children per parent, distinct pairs, and memberships.
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { PlanDomain, PlanMembership, PlanPairs, PlanReference } from '../../spec/plan.ts';
import type { ReferenceSpec, Spec, TableSpec } from '../../spec/spec.ts';
import { deriveKey } from '../random/mixer.ts';
import { flattenCurve, resolveCurve } from './curve.ts';
import { resolvePairs } from './pairs.ts';
import type { Problems } from './problems.ts';

/** What every step of the resolution reads. */
export interface PlanContext {
  readonly spec: Spec;
  readonly seed: string;
  readonly problems: Problems;
  /** Tables in plan order, by key. */
  readonly index: ReadonlyMap<string, number>;
  readonly rows: ReadonlyMap<string, number>;
  readonly catalog: ReadonlyMap<string, CatalogTable>;
}

/** The references of a table in the order of the spec. */
export function resolveReferences(key: string, table: TableSpec, context: PlanContext): PlanReference[] {
  return Object.entries(table.references).map(([name, reference]) => resolveReference(key, name, reference, table, context));
}

function resolveReference(
  key: string,
  name: string,
  reference: ReferenceSpec,
  table: TableSpec,
  context: PlanContext,
): PlanReference {
  const path = `tables.${key}.references.${name}`;
  const { problems, seed } = context;
  const rows = context.rows.get(key) ?? 0;
  const parentIndex = context.index.get(reference.table);
  if (parentIndex === undefined) problems.add(`${path}.table`, `the spec has no table ${reference.table}`);
  if (reference.columns.length !== reference.to.length) problems.add(path, 'columns and to have different lengths');
  const nulls = Math.round(rows * reference.nullFraction);
  checkNullable(key, reference, nulls, path, context);
  const isShuffled = pairsOf(table, name).length === 0;
  return {
    name,
    columns: reference.columns,
    table: parentIndex ?? 0,
    to: reference.to,
    isVirtual: reference.isVirtual,
    nulls,
    ranks: { order: isShuffled ? 'shuffled' : 'row', key: deriveKey(seed, key, name, 'ranks'), nulls },
    parentKey: deriveKey(seed, key, name, 'parents'),
    curve: reference.memberOf === undefined ? curveOfReference(key, name, reference, table, nulls, context) : null,
    membership: reference.memberOf === undefined ? null : resolveMembership(key, name, reference, path, context),
    eligible: null,
    within: null,
    through: null,
    tree: null,
    nullAs: reference.nullAs === undefined ? null : String(reference.nullAs),
  };
}

function checkNullable(key: string, reference: ReferenceSpec, nulls: number, path: string, context: PlanContext): void {
  if (nulls === 0 || reference.nullAs !== undefined) return;
  const columns = context.catalog.get(key)?.columns ?? [];
  const strict = columns.find((column) => reference.columns.includes(column.name) && !column.isNullable);
  if (strict !== undefined) context.problems.add(`${path}.nullFraction`, `column ${strict.name} is NOT NULL in the target`);
}

function curveOfReference(
  key: string,
  name: string,
  reference: ReferenceSpec,
  table: TableSpec,
  nulls: number,
  context: PlanContext,
) {
  const path = `tables.${key}.references.${name}`;
  const children = (context.rows.get(key) ?? 0) - nulls;
  const parents = context.rows.get(reference.table) ?? 0;
  if (reference.fanOut === undefined) {
    context.problems.add(`${path}.fanOut`, 'is missing: give a distribution of children per parent, or memberOf');
    return null;
  }
  const maxDegree = maxDegreeOf(key, name, reference, table, children, context);
  const { fanOut } = reference;
  const curve = withoutWeight(`${path}.fanOut`, context, () => resolveCurve(fanOut, { parents, children, maxDegree }));
  if (curve === null || curve.children !== children) {
    context.problems.add(
      `${path}.fanOut`,
      `${children} children cannot be given to ${parents} parents with at most ${maxDegree} each: lower the rows of ${key}, or raise those of ${reference.table}`,
    );
    return null;
  }
  return curve;
}

/** The result, or null after reporting a distribution that has no weight inside its bounds (stats throws RangeError for it). */
export function withoutWeight<Result>(path: string, context: PlanContext, resolve: () => Result): Result | null {
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    context.problems.add(path, 'the distribution has no weight inside its bounds');
    return null;
  }
}

/** One where the reference is itself a key; the other side's parents where pairs are distinct; else no limit. */
function maxDegreeOf(
  key: string,
  name: string,
  reference: ReferenceSpec,
  table: TableSpec,
  children: number,
  context: PlanContext,
): number {
  const catalog = context.catalog.get(key);
  const keys = [...(catalog?.primaryKey ? [catalog.primaryKey] : []), ...(catalog?.uniques ?? [])];
  if (keys.some((unique) => unique.columns.every((column) => reference.columns.includes(column)))) return 1;
  const partner = pairsOf(table, name)[0]?.find((other) => other !== name);
  const partnerTable = partner === undefined ? undefined : table.references[partner]?.table;
  if (partnerTable !== undefined) return context.rows.get(partnerTable) ?? 0;
  return Math.max(1, children);
}

function resolveMembership(
  key: string,
  name: string,
  reference: ReferenceSpec,
  path: string,
  context: PlanContext,
): PlanMembership | null {
  const member = reference.memberOf;
  const junction = member === undefined ? undefined : context.spec.tables[member.junction];
  if (member === undefined || junction === undefined) {
    context.problems.add(`${path}.memberOf.junction`, 'is not a table of the spec');
    return null;
  }
  const names = Object.keys(junction.references);
  const group = names.indexOf(member.group);
  const picked = names.indexOf(member.member);
  if (group < 0 || picked < 0 || pairsOf(junction, member.group).length === 0) {
    context.problems.add(`${path}.memberOf`, `${member.junction} needs both references, as distinctPairs`);
    return null;
  }
  const given = followPath(key, member.given, `${path}.memberOf.given`, context);
  const except = member.except === undefined ? null : followPath(key, member.except, `${path}.memberOf.except`, context);
  if (given.table !== junction.references[member.group]?.table) {
    context.problems.add(`${path}.memberOf.given`, `does not lead to ${junction.references[member.group]?.table ?? 'the group'}`);
  }
  return {
    table: context.index.get(member.junction) ?? 0,
    group,
    member: picked,
    given: given.steps,
    except: except?.steps ?? null,
    key: deriveKey(context.seed, key, name, 'member'),
  };
}

function followPath(
  key: string,
  names: readonly string[],
  path: string,
  context: PlanContext,
): { steps: number[]; table: string } {
  let table = key;
  const steps = names.map((name) => {
    const references = context.spec.tables[table]?.references ?? {};
    const step = Object.keys(references).indexOf(name);
    if (step < 0) context.problems.add(path, `${table} has no reference ${name}`);
    table = references[name]?.table ?? table;
    return Math.max(0, step);
  });
  return { steps, table };
}

/** Steps by which the other side's degrees are drawn to their mean until pairs exist. */
const FLATTEN_STEPS = 16;

/**
 * References of a table whose two references make a key, with their pairing. Where no set of pairs has both fan-outs (a group
 * larger than the other table's busiest parents allow, mostly at small sizes), the other side is flattened as little as is
 * needed; equal degrees always pair, as long as nobody needs more parents than there are.
 */
export function resolveTablePairs(
  key: string,
  table: TableSpec,
  references: readonly PlanReference[],
  context: PlanContext,
): { references: readonly PlanReference[]; domains: readonly PlanDomain[]; pairs: readonly PlanPairs[] } {
  const unpaired = { references, domains: [], pairs: [] };
  const [pair] = table.distinctPairs ?? [];
  if (pair === undefined) return unpaired;
  const path = `tables.${key}.distinctPairs`;
  const [first, second] = pair.map((name) => references.findIndex((reference) => reference.name === name));
  const firstCurve = references[first ?? -1]?.curve;
  const secondCurve = references[second ?? -1]?.curve;
  if (first === undefined || second === undefined || !firstCurve || !secondCurve) {
    context.problems.add(path, 'needs two references with a fanOut');
    return unpaired;
  }
  const runsIsFirst = chooseRuns(key, pair, firstCurve.degree.at(-1) ?? 0, secondCurve.degree.at(-1) ?? 0, context);
  const [runs, other] = runsIsFirst ? [first, second] : [second, first];
  const [runsCurve, otherCurve] = runsIsFirst ? [firstCurve, secondCurve] : [secondCurve, firstCurve];
  const pairKey = deriveKey(context.seed, key, 'pairs');
  for (let flattened = 0; flattened <= FLATTEN_STEPS; flattened += 1) {
    const curve = flattenCurve(otherCurve, flattened / FLATTEN_STEPS, runsCurve.parents);
    const pairs = curve === null ? null : resolvePairs(runsCurve, curve, pairKey);
    if (curve === null || pairs === null) continue;
    const changed = references.map((reference, index) => (index === other ? { ...reference, curve } : reference));
    return { references: changed, domains: [], pairs: [{ runs, other, flattened, ...pairs }] };
  }
  context.problems.add(
    path,
    'no set of distinct pairs has this fan-out: there are too few parents for the largest group, or more rows than pairs',
  );
  return unpaired;
}

/** Whether the first reference owns the runs: it must when a membership looks members up by it; else the heavier side does. */
function chooseRuns(
  key: string,
  pair: readonly [string, string],
  firstMax: number,
  secondMax: number,
  context: PlanContext,
): boolean {
  const groups = Object.values(context.spec.tables).flatMap((table) =>
    Object.values(table.references).flatMap((reference) =>
      reference.memberOf?.junction === key ? [reference.memberOf.group] : [],
    ),
  );
  if (groups.length > 0) return groups[0] === pair[0];
  return firstMax >= secondMax;
}

/** The pairs that a reference or column takes part in. */
function pairsOf(table: TableSpec, name: string): readonly (readonly [string, string])[] {
  return (table.distinctPairs ?? []).filter((pair) => pair.includes(name));
}
