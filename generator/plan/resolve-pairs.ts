// Keys of two members: every pair of parents occurs once at most. A member is a reference, or a column of few values, whose values then stand
// as parents (a domain). One member owns runs of rows; several pairs of a table share that one.
import type { PlanColumn, PlanCurve, PlanDomain, PlanPairs, PlanReference } from '../../spec/plan.ts';
import type { ColumnSpec, ReferenceSpec, Spec, TableSpec } from '../../spec/spec.ts';
import { deriveKey } from '../random/mixer.ts';
import { capCurve, flattenCurve } from './curve.ts';
import { extendDomain, resolveDomain } from './domain.ts';
import { resolvePairs } from './pairs.ts';
import type { PlanContext } from './resolve-references.ts';

/** What a table's pairs leave of its references and columns. */
export interface PairedTable {
  readonly references: readonly PlanReference[];
  readonly columns: readonly PlanColumn[];
  readonly domains: readonly PlanDomain[];
  readonly pairs: readonly PlanPairs[];
}

/** One side of a pair: a reference or a domain, by its place in the plan. */
interface Member {
  readonly name: string;
  readonly side: number;
  readonly curve: PlanCurve;
}

/** More values than are needed at least, so that fan-outs keep some of their shape. */
const ROOM = 1.25;
/** Steps by which the other side's degrees are drawn to their mean until pairs exist. */
const FLATTEN_STEPS = 16;

/**
 * References and columns of a table with the pairing of its distinct pairs. Where no set of pairs has both fan-outs (a group larger than the
 * other side's busiest parents allow, mostly at small sizes), the other side is flattened as little as is needed; equal degrees always
 * pair, as long as nobody needs more parents than there are.
 */
export function resolveTablePairs(
  key: string,
  table: TableSpec,
  references: readonly PlanReference[],
  columns: readonly PlanColumn[],
  context: PlanContext,
): PairedTable {
  const unpaired = { references, columns, domains: [], pairs: [] };
  const wanted = table.distinctPairs ?? [];
  if (wanted.length === 0 || (context.rows.get(key) ?? 0) === 0) return unpaired;
  const path = `tables.${key}.distinctPairs`;
  const domains = listDomains(key, table, columns, references, context);
  const members = new Map<string, Member>();
  for (const name of new Set(wanted.flat())) {
    const member = findMember(name, references, domains);
    if (member === null) {
      context.problems.add(path, `${name} is no reference with a fanOut and no column of few values`);
      return unpaired;
    }
    members.set(name, member);
  }
  const chosen = chooseRuns(key, wanted, [...members.values()], context);
  if (chosen === null) {
    context.problems.add(path, 'several pairs must share one member: the one by which the rows are grouped');
    return unpaired;
  }
  // Nobody can be paired with more different partners than there are.
  const partners = [...members.values()].filter(({ name }) => name !== chosen.name).map(({ curve }) => curve.parents);
  const runs = { ...chosen, curve: capCurve(chosen.curve, Math.min(...partners)) ?? chosen.curve };
  const curves = new Map<number, PlanCurve>([[runs.side, runs.curve]]);
  const pairs = wanted.flatMap((pair, at): PlanPairs[] => {
    const other = members.get(pair.find((name) => name !== runs.name) ?? '');
    const pairKey = at === 0 ? deriveKey(context.seed, key, 'pairs') : deriveKey(context.seed, key, 'pairs', String(at));
    const found = other === undefined ? null : pairUp(runs, other, pairKey);
    if (other === undefined || found === null) {
      context.problems.add(
        path,
        `no set of distinct pairs (${pair.join(', ')}) has this fan-out: there are too few parents for the largest group, or more rows than pairs. Lower the rows of ${key}, raise those of its parents, or flatten the larger fan-out`,
      );
      return [];
    }
    curves.set(other.side, found.curve);
    return [found.pairs];
  });
  return {
    references: references.map((reference, index) => ({ ...reference, curve: curves.get(index) ?? reference.curve })),
    domains: domains.map((domain, index) => ({ ...domain, curve: curves.get(references.length + index) ?? domain.curve })),
    columns: columns.map((column) => asDomain(column, domains)),
    pairs,
  };
}

function listDomains(
  key: string,
  table: TableSpec,
  columns: readonly PlanColumn[],
  references: readonly PlanReference[],
  context: PlanContext,
): PlanDomain[] {
  const pairs = table.distinctPairs ?? [];
  const names = new Set(pairs.flat().filter((name) => table.references[name] === undefined));
  const rows = context.rows.get(key) ?? 0;
  const found = columns.flatMap((column) => {
    const domain = names.has(column.name) ? resolveDomain(column, rows) : null;
    return domain === null ? [] : [{ column, domain }];
  });
  const parentsOf = (name: string) =>
    references.find((reference) => reference.name === name)?.curve?.parents ??
    found.find(({ column }) => column.name === name)?.domain.values.length ??
    1;
  // Where there are more rows than pairs, the days and numbers go on.
  return found.map(({ column, domain }) => {
    const partners = pairs.flatMap((pair) => (pair.includes(column.name) ? pair.filter((name) => name !== column.name) : []));
    const fewest = Math.max(1, Math.min(...partners.map(parentsOf)));
    const isShort = fewest * domain.values.length < rows;
    return isShort ? extendDomain(domain, column, Math.ceil((rows / fewest) * ROOM)) : domain;
  });
}

function findMember(name: string, references: readonly PlanReference[], domains: readonly PlanDomain[]): Member | null {
  const reference = references.findIndex((candidate) => candidate.name === name);
  const curve = references[reference]?.curve;
  if (curve !== undefined && curve !== null) return { name, side: reference, curve };
  const domain = domains.findIndex((candidate) => candidate.column === name);
  const own = domains[domain]?.curve;
  return own === undefined ? null : { name, side: references.length + domain, curve: own };
}

/** The member that owns the runs: it must where somebody asks for its children; else the one with the largest parent. */
function chooseRuns(
  key: string,
  wanted: readonly (readonly [string, string])[],
  members: readonly Member[],
  context: PlanContext,
): Member | null {
  const asked = askedFor(key, context.spec);
  const shared = members.filter(({ name }) => wanted.every((pair) => pair.includes(name)));
  const needed = shared.filter(({ name }) => asked.has(name));
  const largest = ({ curve }: Member) => curve.degree.at(-1) ?? 0;
  return [...(needed.length > 0 ? needed : shared)].sort((left, right) => largest(right) - largest(left))[0] ?? null;
}

/** References of the table whose children are counted or chosen from: memberships, groups, line numbers, degree classes. */
function askedFor(key: string, spec: Spec): Set<string> {
  const own = spec.tables[key];
  const all = Object.values(spec.tables);
  return new Set([
    ...all.flatMap((table) => Object.values(table.references).flatMap((reference) => groupsAsked(key, reference))),
    ...all.flatMap((table) => Object.values(table.columns).flatMap((column) => classesAsked(key, column))),
    ...Object.values(own?.columns ?? {}).flatMap((column) => (column.kind === 'ordinal' ? [column.reference] : [])),
    ...Object.values(own?.references ?? {}).flatMap(({ within }) => within?.distinctFor ?? []),
  ]);
}

function groupsAsked(key: string, { memberOf, within, table }: ReferenceSpec): string[] {
  const member = memberOf?.junction === key ? [memberOf.group] : [];
  return within !== undefined && table === key ? [...member, within.reference] : member;
}

function classesAsked(key: string, column: ColumnSpec): string[] {
  return column.kind === 'degreeClass' && column.child === key ? [column.reference] : [];
}

function pairUp(runs: Member, other: Member, key: readonly [number, number]): { pairs: PlanPairs; curve: PlanCurve } | null {
  for (let flattened = 0; flattened <= FLATTEN_STEPS; flattened += 1) {
    const curve = flattenCurve(other.curve, flattened / FLATTEN_STEPS, runs.curve.parents);
    const pairs = curve === null ? null : resolvePairs(runs.curve, curve, key);
    if (curve !== null && pairs !== null) return { curve, pairs: { runs: runs.side, other: other.side, flattened, ...pairs } };
  }
  return null;
}

function asDomain(column: PlanColumn, domains: readonly PlanDomain[]): PlanColumn {
  const domain = domains.findIndex((candidate) => candidate.column === column.name);
  return domain < 0 ? column : { ...column, ranks: null, builder: { kind: 'domain', domain } };
}
