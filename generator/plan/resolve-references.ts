// References at plan time: the exact curve of children per parent, memberships, parents inside a group, and parents that follow.
import type { CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { PlanMembership, PlanRanks, PlanReference, PlanWithin } from '../../spec/plan.ts';
import type { ReferenceSpec, Spec, TableSpec } from '../../spec/spec.ts';
import { deriveKey } from '../random/mixer.ts';
import { resolveCurve } from './curve.ts';
import { type GroupNeed, needOf } from './group-needs.ts';
import { leadsThrough } from './leads-through.ts';
import type { Problems } from './problems.ts';
import { resolveTree } from './tree.ts';

/** What every step of the resolution reads. */
export interface PlanContext {
  readonly spec: Spec;
  readonly seed: string;
  readonly problems: Problems;
  /** Tables in plan order, by key. */
  readonly index: ReadonlyMap<string, number>;
  readonly rows: ReadonlyMap<string, number>;
  readonly catalog: ReadonlyMap<string, CatalogTable>;
  /** Fewest children that groups must have, because parents are chosen among them. */
  readonly needs: ReadonlyMap<string, GroupNeed>;
}

/** One reference to resolve, with where it stands. */
interface ReferenceRequest {
  readonly key: string;
  readonly name: string;
  readonly path: string;
  readonly reference: ReferenceSpec;
  readonly table: TableSpec;
  readonly context: PlanContext;
}

/** The references of a table in the order of the spec. */
export function resolveReferences(key: string, table: TableSpec, context: PlanContext): PlanReference[] {
  return Object.entries(table.references).map(([name, reference]) =>
    resolveReference({ key, name, path: `tables.${key}.references.${name}`, reference, table, context }),
  );
}

function resolveReference(request: ReferenceRequest): PlanReference {
  const { key, name, path, reference, table, context } = request;
  const { problems, seed } = context;
  const rows = context.rows.get(key) ?? 0;
  const parentIndex = context.index.get(reference.table);
  if (parentIndex === undefined) problems.add(`${path}.table`, `the spec has no table ${reference.table}`);
  if (reference.columns.length !== reference.to.length) problems.add(path, 'columns and to have different lengths');
  checkOneWay(request);
  const tree = treeOfReference(request);
  const nulls =
    tree === null ? Math.round(rows * reference.nullFraction) : tree.rootsPointAtThemselves ? 0 : (tree.start[1] ?? 0);
  checkNullable(request, nulls);
  const isShuffled = pairsOf(table, name).length === 0;
  const eligible = eligibleParents(request);
  return {
    name,
    columns: reference.columns,
    table: parentIndex ?? 0,
    to: reference.to,
    isVirtual: reference.isVirtual,
    nulls,
    ranks: { order: isShuffled ? 'shuffled' : 'row', key: deriveKey(seed, key, name, 'ranks'), nulls },
    parentKey: deriveKey(seed, key, name, 'parents'),
    eligible,
    curve:
      reference.fanOut === undefined || reference.table === key ? null : curveOfReference(request, nulls, eligible?.nulls ?? 0),
    membership: reference.memberOf === undefined ? null : resolveMembership(request),
    within: reference.within === undefined ? null : resolveWithin(request),
    through: reference.through === undefined ? null : resolveThrough(request),
    tree,
    nullAs: reference.nullAs === undefined ? null : String(reference.nullAs),
  };
}

/** The tree of a reference of the table to itself that has a fan-out; null for other references. */
function treeOfReference(request: ReferenceRequest) {
  const { key, path, reference, context } = request;
  const { fanOut, levels, nullFraction } = reference;
  if (reference.table !== key || fanOut === undefined) return null;
  const rows = context.rows.get(key) ?? 0;
  const maxDegree = maxDegreeOf(request, rows);
  const tree = withoutWeight(`${path}.fanOut`, context, () => resolveTree({ rows, levels, fanOut, nullFraction, maxDegree }));
  if (tree === undefined) return null;
  if (tree === null) context.problems.add(`${path}.fanOut`, `no tree of ${rows} rows has at most ${maxDegree} children for each`);
  return tree;
}

function checkOneWay({ reference, path, context }: ReferenceRequest): void {
  const ways = [reference.fanOut, reference.memberOf, reference.within, reference.through].filter((way) => way !== undefined);
  if (ways.length === 1) return;
  const text = 'give exactly one of fanOut (a distribution of children per parent), memberOf, within or through';
  context.problems.add(`${path}.fanOut`, ways.length === 0 ? `is missing: ${text}` : text);
}

/** A key is NULL where any of its columns is: one that may be NULL is enough, as long as no other key gives it. */
function checkNullable({ key, reference, path, context }: ReferenceRequest, nulls: number): void {
  if (nulls === 0 || reference.nullAs !== undefined) return;
  const columns = (context.catalog.get(key)?.columns ?? []).filter((column) => reference.columns.includes(column.name));
  if (columns.length === 0 || columns.some((column) => column.isNullable)) return;
  context.problems.add(`${path}.nullFraction`, `column ${columns[0]?.name} is NOT NULL in the target: set it to 0`);
}

/** The parent's nullable key column by its ranks; null where every parent has a key. */
function eligibleParents({ reference, path, context }: ReferenceRequest): PlanRanks | null {
  const rows = context.rows.get(reference.table) ?? 0;
  const columns = context.spec.tables[reference.table]?.columns ?? {};
  const withNulls = reference.to.filter((name) => nullsOf(columns[name], rows) > 0);
  const [name] = withNulls;
  if (name === undefined) return null;
  if (withNulls.length > 1)
    context.problems.add(path, `of the columns ${withNulls.join(', ')} of ${reference.table} one at most may have NULLs`);
  return { order: 'shuffled', key: deriveKey(context.seed, reference.table, name, 'ranks'), nulls: nullsOf(columns[name], rows) };
}

/** NULLs of a column: a share of the rows. */
export function nullsOf(column: object | undefined, rows: number): number {
  const fraction = column !== undefined && 'nullFraction' in column ? Number(column.nullFraction) : 0;
  return Math.round(rows * fraction);
}

function curveOfReference(request: ReferenceRequest, nulls: number, parentsWithoutKey: number) {
  const { key, name, path, reference, context } = request;
  const children = (context.rows.get(key) ?? 0) - nulls;
  const parents = Math.max(0, (context.rows.get(reference.table) ?? 0) - parentsWithoutKey);
  const { fanOut } = reference;
  if (fanOut === undefined) return null;
  const maxDegree = maxDegreeOf(request, children);
  const need = needOf(context.needs, key, name);
  const minDegree = Math.min(need?.atLeast ?? 0, maxDegree);
  if (need !== undefined && children < parents * minDegree) {
    context.problems.add(
      `${path}.fanOut`,
      `${need.by} chooses among the rows of ${key} that share a parent in ${reference.table}, so each of its ${parents} rows needs ${minDegree} at least: raise the rows of ${key} (${children}), or lower those of ${reference.table}`,
    );
    return null;
  }
  const curve = withoutWeight(`${path}.fanOut`, context, () => resolveCurve(fanOut, { parents, children, maxDegree, minDegree }));
  if (curve === undefined) return null;
  if (curve === null || curve.children !== children) {
    context.problems.add(
      `${path}.fanOut`,
      `${children} children cannot be given to ${parents} parents with at most ${maxDegree} each: lower the rows of ${key}, or raise those of ${reference.table}`,
    );
    return null;
  }
  return curve;
}

/** The result, or undefined after reporting a distribution that has no weight inside its bounds (stats throws RangeError for it). */
export function withoutWeight<Result>(
  path: string,
  context: Pick<PlanContext, 'problems'>,
  resolve: () => Result,
): Result | undefined {
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    context.problems.add(path, 'the distribution has no weight inside its bounds');
    return undefined;
  }
}

/**
 * One where the reference is itself a key; the other side's parents where pairs are distinct; the smallest group where rows of one
 * parent get different members of a group; else no limit.
 */
function maxDegreeOf(request: ReferenceRequest, children: number): number {
  const { key, name, reference, table, context } = request;
  const catalog = context.catalog.get(key);
  const keys = [...(catalog?.primaryKey ? [catalog.primaryKey] : []), ...(catalog?.uniques ?? [])];
  if (keys.some((unique) => unique.columns.every((column) => reference.columns.includes(column)))) return 1;
  const partners = pairsOf(table, name).flatMap((pair) => pair.filter((other) => other !== name));
  const limits = [
    ...partners.flatMap((partner) => {
      const partnerTable = table.references[partner]?.table;
      return partnerTable === undefined ? [] : [context.rows.get(partnerTable) ?? 0];
    }),
    ...Object.values(table.references).flatMap(({ table: parent, within }) =>
      within?.distinctFor === name ? [needOf(context.needs, parent, within.reference)?.atLeast ?? 1] : [],
    ),
  ];
  return Math.max(1, Math.min(children, ...limits));
}

function resolveMembership(request: ReferenceRequest): PlanMembership | null {
  const { key, name, reference, path, context } = request;
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
  const given = followPath(request, member.given, `${path}.memberOf.given`);
  const except = member.except === undefined ? null : followPath(request, member.except, `${path}.memberOf.except`);
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

function resolveWithin(request: ReferenceRequest): PlanWithin | null {
  const { key, name, reference, table, path, context } = request;
  const { within } = reference;
  const parent = context.spec.tables[reference.table];
  if (within === undefined || parent === undefined) return null;
  const group = parent.references[within.reference];
  const by = Object.keys(parent.references).indexOf(within.reference);
  if (group?.fanOut === undefined) {
    context.problems.add(`${path}.within.reference`, `${reference.table} has no reference ${within.reference} with a fanOut`);
    return null;
  }
  const given = followPath(request, within.given, `${path}.within.given`);
  if (given.table !== group.table) context.problems.add(`${path}.within.given`, `does not lead to ${group.table}`);
  const names = Object.keys(table.references);
  const distinctFor = within.distinctFor === undefined ? null : names.indexOf(within.distinctFor);
  if (distinctFor !== null && table.references[within.distinctFor ?? '']?.fanOut === undefined)
    context.problems.add(`${path}.within.distinctFor`, 'is not a reference with a fanOut of this table');
  return {
    reference: by,
    given: given.steps,
    distinctFor,
    isSelf: reference.table === key,
    key: deriveKey(context.seed, key, name, 'within'),
  };
}

function resolveThrough(request: ReferenceRequest): readonly number[] {
  const { reference, path, context } = request;
  const way = followPath(request, reference.through ?? [], `${path}.through`);
  if (way.table !== reference.table) context.problems.add(`${path}.through`, `does not lead to ${reference.table}`);
  return way.steps;
}

function followPath(
  { key, name: own, context }: ReferenceRequest,
  names: readonly string[],
  path: string,
): { steps: number[]; table: string } {
  let table = key;
  const steps = names.map((name) => {
    const references = context.spec.tables[table]?.references ?? {};
    const step = Object.keys(references).indexOf(name);
    if (step < 0) context.problems.add(path, `${table} has no reference ${name}`);
    table = references[name]?.table ?? table;
    return Math.max(0, step);
  });
  if (leadsThrough(context.spec, { table: key, names }, { table: key, name: own }))
    context.problems.add(path, `leads through ${own} of ${key} itself, whose parent it is to tell: name other references`);
  return { steps, table };
}

/** The pairs that a reference or column takes part in. */
export function pairsOf(table: TableSpec, name: string): readonly (readonly [string, string])[] {
  return (table.distinctPairs ?? []).filter((pair) => pair.includes(name));
}
