// Degrees: how many children each parent has, zero included, for every reference to one parent table in one statement.
// A count over another table cannot be cut into page ranges, so the statement reads everything at once.
import { quoteIdentifier } from '../../core/identifiers.ts';
import { asOwnType, equalsSql } from '../../postgres/equality.ts';
import { relationOf } from '../../postgres/relation.ts';
import type { Axis } from '../../spec/axis.ts';
import { COUNT_SUB_BITS } from '../../stats/binning.ts';
import { findColumn, type Reference, type Source } from '../introspect/source.ts';
import { bucketMap, wordsOfMap } from './child-units.ts';
import type { WireCode } from './codes.ts';
import { namedValue } from './column-value.ts';
import type { RowUnits } from './row-units.ts';
import type { KeepRule } from './window.ts';

export type DegreeAxis = Extract<Axis, { kind: 'degree' }>;

/** A degree axis and the reference that it counts. */
export interface DegreeRequest {
  readonly axis: DegreeAxis;
  readonly reference: Reference;
}

/** The largest int4 that is not the code of OTHER. */
const MAX_DEGREE = 0x7ffffffe;

/** Every reference to the table, sorted by child and columns. */
export function degreesOf(source: Source, parent: string): DegreeRequest[] {
  return source.tables
    .flatMap(({ references }) => references)
    .filter((reference) => reference.parent === parent)
    .map((reference) => ({
      reference,
      axis: { kind: 'degree', child: reference.child, columns: [...reference.columns], subBits: COUNT_SUB_BITS },
    }));
}

/** How the children of one reference are counted. */
export interface ChildCount {
  readonly reference: Reference;
  readonly keep: KeepRule;
  /** Who owns a child (row CHILD), where that is asked for. */
  readonly units: RowUnits | null;
}

/** The name of a child's row. */
export const CHILD = 'c';

/**
 * The join that counts the children of reference number `at`, and gives the map of their owners where units are given; children
 * with a null in the key have no parent.
 */
export function degreeJoin(source: Source, { reference, keep, units }: ChildCount, parent: string, at: number): string {
  const children = source.tables.find(({ key }) => key === reference.child);
  if (children === undefined) throw new RangeError('a reference comes from a table that is not there');
  const kept = keep(reference.child, CHILD);
  const keys = reference.columns.map((column, position) => ({
    value: asOwnType(findColumn(children, column), namedValue(children, column, CHILD)),
    name: `k${position}`,
  }));
  const where = [...keys.map(({ value }) => `${value} is not null`), ...(kept === null ? [] : [kept])];
  const parents = source.tables.find(({ key }) => key === reference.parent);
  const on = keys.map(({ name }, position) => {
    const to = reference.referencedColumns[position] ?? '';
    const column = parents === undefined ? undefined : findColumn(parents, to);
    return equalsSql(column, `${parent}.${quoteIdentifier(to)}`, `d${at}.${name}`);
  });
  const grouped = (also: readonly (readonly [value: string, name: string])[]) => `select ${[
    ...keys.map(({ value, name }) => `${value} as ${name}`),
    ...also.map(([value, name]) => `${value} as ${name}`),
    'count(*) as n',
  ].join(', ')}
  from ${[`${relationOf(children.table)} as ${CHILD}`, ...(units?.joins ?? [])].join('\n  ')}
  where ${where.join(' and ')}
  group by ${[...keys.map(({ value }) => value), ...also.map(([value]) => value)].join(', ')}`;
  const counted = units === null ? grouped([]) : perParent(keys, grouped([[units.bucket, 'b']]));
  return `left join (
  ${counted}
) as d${at} on ${on.join(' and ')}`;
}

/** Children by parent and owner joined to parents: how many, the map of the owners, and how many the owner with the most has. */
function perParent(keys: readonly { readonly name: string }[], byOwner: string): string {
  const names = keys.map(({ name }) => `o.${name}`).join(', ');
  return `select ${names}, sum(o.n)::int8 as n, ${bucketMap('o.b')} as m, max(o.n) as w
  from (
  ${byOwner}
  ) as o
  group by ${names}`;
}

/** SQL of the most children that one bucket of owners has; NULL without children. */
export function mostOfOneOwner(at: number): string {
  return `d${at}.w`;
}

/** SQL of the map of the owners of the children; NULL without children. */
export function childMapOf(at: number): string {
  return `d${at}.m`;
}

/** The words of that map as codes, one after the other; NULL without children, which the code of the degree shows as 0. */
export function childMapCodes(at: number): WireCode[] {
  return wordsOfMap(childMapOf(at)).map((scalar, word) => ({ id: `owners ${at} ${word}`, scalar, code: null }));
}

/** The most children of one bucket of owners as a code. */
export function mostOfOneCode(at: number): WireCode {
  return { id: `most ${at}`, scalar: `least(coalesce(${mostOfOneOwner(at)}, 0), ${MAX_DEGREE})::int4`, code: null };
}

/** The code: the plain number of children. */
export function degreeCode(at: number): WireCode {
  return { id: `degree ${at}`, scalar: `least(coalesce(d${at}.n, 0), ${MAX_DEGREE})::int4`, code: null };
}
