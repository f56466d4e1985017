// The passes that count children: one for all references that the parents alone stand behind, and one for each reference whose
// children belong to other people than its parents, because they must be enough people as well.

import { relationOf } from '../../postgres/relation.ts';
import type { Reference, Source, SourceTable } from '../introspect/source.ts';
import { copyGroups } from './child-units.ts';
import { CHILD, childMapOf, type DegreeRequest, degreeCode, degreeJoin, degreesOf, mostOfOneOwner } from './degrees.ts';
import { type MeasuringContext, type Protection, protectionOf } from './measuring-context.ts';
import { copyStatement, finishPass, type Pass, ROW, shareCodes } from './pass.ts';
import { type RowUnits, unitsOfRows } from './row-units.ts';

/** Each takes eight more fields of a row. */
const MAX_MAPPED_DEGREES = 3;

/** Who stands behind the degrees of one reference. */
interface DegreeProtection {
  readonly parents: Protection;
  /** Who owns a child; null where nobody does, or only the owners of the parent. */
  readonly children: RowUnits | null;
}

interface ProtectedDegrees extends DegreeProtection {
  readonly requests: readonly DegreeRequest[];
}

/** Every degree over the table's rows; empty where nothing refers to it. Pure. */
export function planDegrees(context: MeasuringContext, table: SourceTable): Pass[] {
  const wanted = wantedDegrees(context, table.key).map((request) => ({
    request,
    protection: degreeProtection(context, request.reference),
  }));
  const alone = wanted.filter(({ protection }) => protection.children === null);
  const ks = [...new Set(alone.map(({ protection }) => protection.parents.k))];
  const shared = ks.flatMap((k) => {
    const same = alone.filter(({ protection }) => protection.parents.k === k);
    const [first] = same;
    return first === undefined ? [] : [{ ...first.protection, requests: same.map(({ request }) => request) }];
  });
  const own = wanted
    .filter(({ protection }) => protection.children !== null)
    .map(({ request, protection }) => ({ ...protection, requests: [request] }));
  return [...shared, ...own].map((degrees) => planPass(context, table, degrees));
}

/** A degree that pairs are counted of. */
export interface PairDegree extends DegreeRequest {
  /** Who owns a child, where each cell of a pair needs enough of them too. */
  readonly children: RowUnits | null;
}

/**
 * The degrees of a parent behind which its own people alone stand: whoever counts pairs of these needs no more than the owners of the
 * parents.
 */
export function degreesForPairs(context: MeasuringContext, parent: string): PairDegree[] {
  return protectedDegrees(context, parent).filter(({ children }) => children === null);
}

/**
 * The degrees whose children belong to other people, who must be enough in each cell of a pair as well: those with the most children,
 * because a map of the owners crosses with each parent.
 */
export function mappedDegreesForPairs(context: MeasuringContext, parent: string): PairDegree[] {
  const estimate = ({ reference }: PairDegree) => tableOf(context.source, reference.child)?.estimatedRows ?? 0;
  return protectedDegrees(context, parent)
    .filter(({ children }) => children !== null)
    .sort((left, right) => estimate(right) - estimate(left))
    .slice(0, MAX_MAPPED_DEGREES);
}

function protectedDegrees(context: MeasuringContext, parent: string): PairDegree[] {
  return wantedDegrees(context, parent).map((request) => ({
    ...request,
    children: degreeProtection(context, request.reference).children,
  }));
}

/** Which parents' owners stand behind cells of these degrees together; at least one. */
export function protectionOfDegrees(context: MeasuringContext, requests: readonly DegreeRequest[]): Protection {
  const parents = requests.map(({ reference }) => degreeProtection(context, reference).parents);
  const [first] = parents;
  return { k: Math.max(1, ...parents.map(({ k }) => k)), units: first?.units ?? null };
}

function wantedDegrees({ shape, source }: MeasuringContext, parent: string): DegreeRequest[] {
  const all = degreesOf(source, parent);
  if (shape === null) return all;
  return shape.marginals
    .filter((marginal) => marginal.table === parent && marginal.axes.length === 1)
    .flatMap(({ axes: [axis] }) => {
      if (axis?.kind !== 'degree') return [];
      const found = all.find(({ axis: own }) => own.child === axis.child && isSameList(own.columns, axis.columns));
      return found === undefined ? [] : [{ axis, reference: found.reference }];
    });
}

/**
 * How many people a country has says something about people, so a public parent is no reason to publish, and one person may own
 * all children of several parents. The owners of the children count, and those of private parents. Not asked for are children that
 * are public, that nobody owns (then k parents are needed, even public ones: as many rows), or that get their owner from this very
 * parent.
 */
function degreeProtection(context: MeasuringContext, reference: Reference): DegreeProtection {
  const { attribution, hasThreshold, policy, seeds, source } = context;
  const parents = protectionOf(context, reference.parent);
  const child = attribution.owners.get(reference.child);
  if (!hasThreshold || child === undefined || child.unit === 'public') return { parents, children: null };
  const isPublicParent = attribution.owners.get(reference.parent)?.unit === 'public';
  if (child.unit === 'row') return { parents: isPublicParent ? { k: policy.k, units: null } : parents, children: null };
  const isInherited = child.path[0] === reference && !isPublicParent;
  return { parents, children: isInherited ? null : unitsOfRows(source, child, CHILD, seeds) };
}

function planPass(context: MeasuringContext, table: SourceTable, { parents, children, requests }: ProtectedDegrees): Pass {
  const { keep, policy, source } = context;
  const { k, units } = parents;
  const joins = requests.map(({ reference }, at) => degreeJoin(source, { reference, keep, units: children }, ROW, at));
  const kept = keep(table.key, ROW);
  const bucket = units?.bucket ?? null;
  const codes = shareCodes(requests.map(({ axis }, at) => ({ axis, code: degreeCode(at) })));
  const rows = {
    bucket,
    from: [`${relationOf(table.table)} as ${ROW}`, ...(units?.joins ?? []), ...joins].join('\n'),
    where: kept === null ? [] : [kept],
  };
  const sql =
    children === null
      ? copyStatement({ ...rows, codes: codes.codes })
      : copyGroups({ ...rows, degree: degreeCode(0).scalar, childMap: childMapOf(0), most: mostOfOneOwner(0) });
  const pages = requests.reduce((sum, { reference }) => sum + pagesOf(source, reference.child), table.table.pages);
  return finishPass({
    table: table.key,
    what: `counting the children of ${table.key}`,
    statements: [{ sql, pages }],
    hasBucket: bucket !== null,
    k,
    childK: children === null ? null : policy.k,
    ...codes,
  });
}

/** Heap pages of a table. */
export function pagesOf(source: Source, table: string): number {
  return tableOf(source, table)?.pages ?? 0;
}

function tableOf(source: Source, key: string): SourceTable['table'] | undefined {
  return source.tables.find((table) => table.key === key)?.table;
}

function isSameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, at) => item === right[at]);
}
