// Keys of two members: every pair of parents occurs once at most. A member is a reference, or a column of few values, whose values then stand
// as parents (a domain). One member owns runs of rows; several pairs of a table share that one.
import type { PlanColumn, PlanCurve, PlanDomain, PlanPairs, PlanReference } from '../../spec/plan.ts';
import type { TableSpec } from '../../spec/spec.ts';
import { deriveKey } from '../random/mixer.ts';
import { askedInVain, listRuns, type Member } from './choose-runs.ts';
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
    // A row in whose pair one is NULL would need a place among those of nobody.
    if ((references[member.side]?.nulls ?? 0) > 0) {
      context.problems.add(path, `${name} may be NULL, which no pair can be: set its nullFraction to 0`);
      return unpaired;
    }
    members.set(name, member);
  }
  const request = { key, wanted, members: [...members.values()], spec: context.spec };
  const candidates = listRuns(request).map((runs) => ({ runs, ...pairAll(key, wanted, runs, members, context) }));
  const best = withUsualCurves(candidates);
  if (best === null) {
    context.problems.add(path, 'several pairs must share one member: the one by which the rows are grouped');
    return unpaired;
  }
  for (const { name } of askedInVain(request, best.runs))
    context.problems.add(
      path,
      `the rows of ${name} are counted or chosen from (ordinal, degreeClass, memberOf, within), but ${best.runs.name} is the member by which the rows are grouped: leave out one of the two`,
    );
  for (const pair of best.missing)
    context.problems.add(
      path,
      `no set of distinct pairs (${pair.join(', ')}) has this fan-out: there are too few parents for the largest group, or more rows than pairs. Lower the rows of ${key}, raise those of its parents, or flatten the larger fan-out`,
    );
  const { curves, pairs } = best;
  return {
    references: references.map((reference, index) => ({ ...reference, curve: curves.get(index) ?? reference.curve })),
    domains: domains.map((domain, index) => ({ ...domain, curve: curves.get(references.length + index) ?? domain.curve })),
    columns: columns.map((column) => asDomain(column, domains)),
    pairs,
  };
}

/** The pairs with one member as the owner of the runs. */
interface Paired {
  readonly pairs: readonly PlanPairs[];
  /** By side. */
  readonly curves: ReadonlyMap<number, PlanCurve>;
  /** Wanted pairs that no fan-outs like these have. */
  readonly missing: readonly (readonly [string, string])[];
}

function pairAll(
  key: string,
  wanted: readonly (readonly [string, string])[],
  chosen: Member,
  members: ReadonlyMap<string, Member>,
  { seed }: PlanContext,
): Paired {
  // Nobody can be paired with more different partners than there are.
  const partners = [...members.values()].filter(({ name }) => name !== chosen.name).map(({ curve }) => curve.parents);
  const runs = { ...chosen, curve: capCurve(chosen.curve, Math.min(...partners)) ?? chosen.curve };
  const curves = new Map<number, PlanCurve>([[runs.side, runs.curve]]);
  const missing: (readonly [string, string])[] = [];
  const pairs = wanted.flatMap((pair, at): PlanPairs[] => {
    const other = members.get(pair.find((name) => name !== runs.name) ?? '');
    const pairKey = at === 0 ? deriveKey(seed, key, 'pairs') : deriveKey(seed, key, 'pairs', String(at));
    const found = other === undefined ? null : pairUp(runs, other, pairKey);
    if (other === undefined || found === null) {
      missing.push(pair);
      return [];
    }
    curves.set(other.side, found.curve);
    return [found.pairs];
  });
  return { pairs, curves, missing };
}

/** The first candidate with which all have the fan-outs that they have with the last one, the usual one; null without candidates. */
function withUsualCurves<T extends Paired>(candidates: readonly T[]): T | null {
  const usual = candidates.at(-1);
  if (usual === undefined) return null;
  const isUsual = ({ curves }: T) =>
    [...usual.curves].every(([side, curve]) => JSON.stringify(curves.get(side)) === JSON.stringify(curve));
  return candidates.find((each) => each.missing.length === 0 && isUsual(each)) ?? usual;
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
