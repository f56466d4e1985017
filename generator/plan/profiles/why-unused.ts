// Why the plan has nothing that follows an axis, in words: for the reports. The order of the questions is that of usable-columns.ts.
import type { PairAxis, Via } from '../../../spec/pair-axis.ts';
import type { PlanReference, PlanTable } from '../../../spec/plan.ts';
import { referenceAt } from './reference-at.ts';
import { isProfiledTree } from './tree-variable.ts';
import { hasProfiledParents, isOtherSide, isProfiledColumn } from './usable-columns.ts';

export interface UnusedContext {
  readonly table: number;
  /** Before profiles were added. */
  readonly tables: readonly PlanTable[];
  /** Whether the table of that index was fitted before. */
  readonly isFitted: (table: number) => boolean;
  /** Whether rows follow the other side of their distinct pairs. */
  readonly followsOtherSide: boolean;
  /** Whether each profile of the table is one row. */
  readonly isFine: (table: number) => boolean;
}

/** Whom a row is paired with, when it is not free to choose. */
export const OTHER_SIDE = 'the other side of distinct pairs, dealt out so that no pair occurs twice';

/** Why a marginal is not used: what its first axis lacks that lacks something. */
export function whyUnused(axes: readonly PairAxis[], context: UnusedContext): string {
  for (const axis of axes) {
    const reason = whyNoAxis(axis, context);
    if (reason !== null) return reason;
  }
  return 'its classes do not follow from ranks';
}

function whyNoAxis(axis: PairAxis, context: UnusedContext): string | null {
  if ('ofChild' in axis && axis.ofChild !== undefined) return 'classes of children are told, not followed';
  if (axis.kind === 'sameAsPrevious') return 'which rows are neighbours of one parent is told, not followed';
  if ('via' in axis && axis.via !== undefined) return whyNoWay(axis, axis.via, context);
  if (axis.kind === 'degree') return whyNoDegree(axis, context);
  return 'column' in axis ? whyNoColumn(axis.column, axis.kind === 'presence', context) : null;
}

function whyNoWay(axis: PairAxis, via: Via, context: UnusedContext): string | null {
  const at = ownReference(via, context);
  const reason = whyNoLine(at, context);
  if (reason !== null) return reason;
  const parent = { ...context, table: context.tables[context.table]?.references[at]?.table ?? -1 };
  if (axis.kind === 'sameParent') {
    const other = whyNoLine(ownReference({ columns: axis.other, references: via.references }, context), context);
    return other ?? (context.isFine(parent.table) ? null : 'profiles of the parents have several rows');
  }
  if (axis.kind === 'lag') return whyNoColumn(axis.column, false, context) ?? whyNoColumn(axis.since, false, parent);
  if (axis.kind === 'degree') return whyNoDegree(axis, parent);
  return 'column' in axis ? whyNoColumn(axis.column, axis.kind === 'presence', parent) : null;
}

function ownReference(via: Via, { table, tables }: UnusedContext): number {
  const own = tables[table];
  return own === undefined ? -1 : referenceAt(own, tables, via);
}

/** Why children of a reference do not follow their parents' profiles; null where they may. */
export function whyNoLine(at: number, { followsOtherSide, isFitted, table, tables }: UnusedContext): string | null {
  const child = tables[table];
  const reference = child?.references[at];
  if (child === undefined || reference === undefined) return 'no such reference here';
  const parents = whyNoParents(reference);
  if (parents !== null) return parents;
  if (reference.table === table) return 'a reference of the table to itself';
  if (isOtherSide(child, at) && !followsOtherSide) return OTHER_SIDE;
  const isPaired = child.pairs.some(({ other, runs }) => runs === at || other === at);
  if (reference.ranks.order !== 'shuffled' && !isPaired) return 'rows stand in the order of the key';
  if (child.columns.some(({ ranks }) => String(ranks?.first?.columns) === String(reference.columns)))
    return 'first children have ranks of their own';
  return isFitted(reference.table) ? null : 'its parents have no profiles, or get them later (a circle)';
}

/** Why parents cannot be ordered by profiles. */
function whyNoParents(reference: PlanReference): string | null {
  if (hasProfiledParents(reference)) return null;
  if (reference.tree !== null) return 'a tree';
  if (reference.membership !== null) return 'parents by membership';
  if (reference.within !== null) return 'parents of the same group';
  if (reference.through !== null) return 'the parent follows from another reference';
  return reference.eligible === null ? 'no parents' : 'parents whose key may be NULL';
}

function whyNoDegree(axis: PairAxis & { kind: 'degree' }, { isFine, table, tables }: UnusedContext): string | null {
  const child = tables.find(({ name }) => name === axis.child);
  const reference = child?.references.find((each) => each.table === table && String(each.columns) === String(axis.columns));
  if (reference === undefined) return 'no such reference here';
  return isProfiledTree(reference, isFine(table)) ? null : whyNoParents(reference);
}

function whyNoColumn(name: string, isPresence: boolean, context: UnusedContext): string | null {
  const { table, tables } = context;
  const column = tables[table]?.columns.find((each) => each.name === name);
  if (column === undefined || tables[table] === undefined) return 'no such column here';
  if (column.builder.kind === 'reference') {
    if (!isPresence) return 'a key has the values of its parents';
    const at = tables[table].references.findIndex(({ columns }) => columns.includes(name));
    return isProfiledTree(tables[table].references[at], context.isFine(table)) ? null : whyNoLine(at, context);
  }
  if (column.ranks === null) return 'the column follows no ranks';
  if (column.ranks.first !== undefined) return 'first children have ranks of their own';
  if (column.builder.kind === 'delay') return 'a time that follows its parent already';
  if (column.builder.kind === 'domain') return 'distinct pairs';
  return isProfiledColumn(column, table, tables) ? null : 'a key that may be NULL and is asked for by its ranks';
}
