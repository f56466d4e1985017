// Depths: how many steps each row of a tree is below its root, for every one-column reference of a table to itself. The trees are
// walked down from their roots, so that rows in a circle (or below a missing parent) are never reached and count as OTHER.
import { quoteIdentifier } from '../../core/identifiers.ts';
import { equalsSql } from '../../postgres/equality.ts';
import { relationOf } from '../../postgres/relation.ts';
import type { Axis } from '../../spec/axis.ts';
import type { Marginal } from '../../spec/pack.ts';
import { COUNT_SUB_BITS } from '../../stats/binning.ts';
import { findColumn, type Reference, type SourceTable } from '../introspect/source.ts';
import { OTHER_CODE, type WireCode } from './codes.ts';
import type { KeepRule } from './window.ts';

type DepthAxis = Extract<Axis, { kind: 'depth' }>;

/** A depth axis and the reference that makes the tree. */
export interface DepthRequest {
  readonly axis: DepthAxis;
  readonly reference: Reference;
}

/** A chain is followed so far; what lies deeper counts as OTHER. */
const MAX_DEPTH = 10_000;

/** The trees of a table: every reference of one column to the table itself, in the table's order. */
export function depthsOf({ key, references }: SourceTable): DepthRequest[] {
  return references
    .filter((reference) => reference.parent === key && reference.columns.length === 1)
    .map((reference) => ({
      reference,
      axis: { kind: 'depth', column: reference.columns[0] ?? '', subBits: COUNT_SUB_BITS },
    }));
}

/** The same with the bins of another pack, as far as that has them. */
export function depthsOfShape(table: SourceTable, marginals: readonly Marginal[]): DepthRequest[] {
  const all = depthsOf(table);
  return marginals
    .filter((marginal) => marginal.table === table.key && marginal.axes.length === 1)
    .flatMap(({ axes: [axis] }) => {
      if (axis?.kind !== 'depth') return [];
      const found = all.find(({ axis: own }) => own.column === axis.column);
      return found === undefined ? [] : [{ axis, reference: found.reference }];
    });
}

/** A tree as it is walked. */
export interface DepthWalk {
  readonly table: SourceTable;
  readonly reference: Reference;
  /** Rows outside are not walked through. */
  readonly keep: KeepRule;
  /** The value that stands for NULL in the key's column, if one does. */
  readonly sentinel: string | number | null;
}

/** The join that finds the depth of the row called `row` in tree number `at`. Roots have no key, or point at themselves. */
export function depthJoin({ table, reference, keep, sentinel }: DepthWalk, row: string, at: number): string {
  const relation = relationOf(table.table);
  const key = quoteIdentifier(reference.columns[0] ?? '');
  const to = quoteIdentifier(reference.referencedColumns[0] ?? '');
  const parentColumn = findColumn(table, reference.referencedColumns[0] ?? '');
  const standsForNull = sentinel === null ? '' : ` or r.${key}::text = '${sentinel}'`;
  const kept = (alias: string) => {
    const condition = keep(table.key, alias);
    return condition === null ? '' : `\n      and ${condition}`;
  };
  const isUnique = isUniqueColumn(table, reference.referencedColumns[0] ?? '');
  // Where several rows may have one key, a row is reached by several ways: the shortest counts, and each is walked once.
  const [union, depth, group] = isUnique ? ['union all', 'depth', ''] : ['union', 'min(depth) as depth', '\n  group by node'];
  return `left join (
  with recursive tree as (
    select r.${to} as node, 0 as depth
    from ${relation} as r
    where (r.${key} is null or ${equalsSql(parentColumn, `r.${to}`, `r.${key}`)}${standsForNull})${kept('r')}
    ${union}
    select c.${to}, p.depth + 1
    from tree as p
    join ${relation} as c on ${equalsSql(parentColumn, 'p.node', `c.${key}`)}
    where p.depth < ${MAX_DEPTH}
      and not ${equalsSql(parentColumn, `c.${to}`, `c.${key}`)}${kept('c')}
  )
  select node, ${depth}
  from tree${group}
) as p${at} on ${equalsSql(parentColumn, `p${at}.node`, `${row}.${to}`)}`;
}

/** The code: the plain number of steps. */
export function depthCode(at: number): WireCode {
  return { id: `depth ${at}`, scalar: `coalesce(p${at}.depth, ${OTHER_CODE})::int4`, code: null };
}

function isUniqueColumn({ table }: SourceTable, column: string): boolean {
  const keys = [...(table.primaryKey === null ? [] : [table.primaryKey]), ...table.uniques];
  const indexes = table.indexes.filter((index) => index.isUnique && !index.isPartial);
  return [...keys, ...indexes].some(({ columns }) => columns.length === 1 && columns[0] === column);
}
