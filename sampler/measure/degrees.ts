// Degrees: how many children each parent has, zero included, for every reference to one parent table in one statement.
// A count over another table cannot be cut into page ranges, so the statement reads everything at once.
import { quoteIdentifier } from '../../core/identifiers.ts';
import { asOwnType, equalsSql } from '../../postgres/equality.ts';
import { relationOf } from '../../postgres/relation.ts';
import type { Axis } from '../../spec/axis.ts';
import { COUNT_SUB_BITS } from '../../stats/binning.ts';
import { findColumn, type Reference, type Source } from '../introspect/source.ts';
import type { WireCode } from './codes.ts';
import { namedValue } from './column-value.ts';
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

/** The join that counts the children of reference number `at`; children with a null in the key have no parent. */
export function degreeJoin(source: Source, reference: Reference, parent: string, at: number, keep: KeepRule): string {
  const children = source.tables.find(({ key }) => key === reference.child);
  if (children === undefined) throw new RangeError('a reference comes from a table that is not there');
  const kept = keep(reference.child, 'c');
  const keys = reference.columns.map((column, position) => ({
    value: asOwnType(findColumn(children, column), namedValue(children, column, 'c')),
    name: `k${position}`,
  }));
  const where = [...keys.map(({ value }) => `${value} is not null`), ...(kept === null ? [] : [kept])];
  const parents = source.tables.find(({ key }) => key === reference.parent);
  const on = keys.map(({ name }, position) => {
    const to = reference.referencedColumns[position] ?? '';
    const column = parents === undefined ? undefined : findColumn(parents, to);
    return equalsSql(column, `${parent}.${quoteIdentifier(to)}`, `d${at}.${name}`);
  });
  return `left join (
  select ${keys.map(({ value, name }) => `${value} as ${name}`).join(', ')}, count(*) as n
  from ${relationOf(children.table)} as c
  where ${where.join(' and ')}
  group by ${keys.map(({ value }) => value).join(', ')}
) as d${at} on ${on.join(' and ')}`;
}

/** The code: the plain number of children. */
export function degreeCode(at: number): WireCode {
  return { id: `degree ${at}`, scalar: `least(coalesce(d${at}.n, 0), ${MAX_DEGREE})::int4`, code: null };
}
