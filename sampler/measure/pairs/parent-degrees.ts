// How many children the parent of a row has, by each reference to it: who writes a long answer has many badges. One sub-select
// for each reference, joined to the parent; a row without a parent has no such degree, one whose parent has no children has 0.
import type { Reference, SourceTable } from '../../introspect/source.ts';
import { namedValue } from '../column-value.ts';
import { type DegreeRequest, degreeCode, degreeJoin } from '../degrees.ts';
import type { MeasuringContext } from '../measuring-context.ts';
import { ROW } from '../pass.ts';
import { degreesForPairs } from '../plan-degrees.ts';
import { type PairSource, viaOf } from './pair-sources.ts';

/** Each one reads a whole table. */
const MAX_PER_REFERENCE = 4;
const MAX_PER_STATEMENT = 10;

export interface ParentDegrees {
  readonly joins: readonly string[];
  readonly sources: readonly PairSource[];
}

/** `alias`: the parent's row; `joined`: sub-selects of degrees that the statement already has. */
export function parentDegrees(
  context: MeasuringContext,
  table: SourceTable,
  reference: Reference,
  { alias, joined }: { readonly alias: string; readonly joined: number },
): ParentDegrees {
  const room = Math.max(0, Math.min(MAX_PER_REFERENCE, MAX_PER_STATEMENT - joined));
  const requests = degreesForPairs(context, reference.parent)
    // Where children have other owners each cell would need enough of them, whom no row of this table carries.
    .filter((request) => request.children === null && isCovered(context, request))
    .slice(0, room);
  return {
    joins: requests.map((request, step) =>
      degreeJoin(context.source, { reference: request.reference, keep: context.keep, units: null }, alias, joined + step),
    ),
    sources: requests.map((request, step) => sourceOf(table, reference, request, joined + step)),
  };
}

/**
 * Behind a cell stand the owners of its rows and of their parents. That covers the children of a parent whose owner is theirs
 * too; children of a public parent that nobody owns need k parents, which rows of a few parents are not.
 */
function isCovered({ attribution, hasThreshold }: MeasuringContext, { reference: { child, parent } }: DegreeRequest): boolean {
  const isPublic = (key: string) => attribution.owners.get(key)?.unit === 'public';
  return !hasThreshold || !isPublic(parent) || isPublic(child);
}

function sourceOf(table: SourceTable, reference: Reference, { axis, reference: counted }: DegreeRequest, at: number): PairSource {
  const { scalar } = degreeCode(at);
  const hasNoParent = reference.columns.map((name) => `${namedValue(table, name, ROW)} is null`).join(' or ');
  return {
    role: 'parentDegree',
    draft: { kind: 'degree', child: axis.child, columns: [...axis.columns], cuts: [], via: viaOf(reference) },
    fine: { table: counted.parent, axis },
    code: { id: `degree ${at}`, scalar: `case when ${hasNoParent} then null else ${scalar} end`, code: null },
    units: null,
    reference,
  };
}
