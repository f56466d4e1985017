// From one condition to what it leaves of one column.
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import type { Comparison, Condition } from '../../postgres/catalog/condition.ts';
import { EVERYTHING, intersect, unite } from './intervals.ts';
import { compareInterval, readLiteral, unitOf } from './restrict-value.ts';
import { intersectRestrictions, type Restriction, UNRESTRICTED } from './restriction.ts';
import { isTextType } from './value-types.ts';

/** A column whose value is below another's in the same row, or equal to it where not strict. */
export interface ColumnOrder {
  readonly lower: string;
  readonly upper: string;
  readonly isStrict: boolean;
}

/** What a condition says; not complete where a part of it is not understood. */
export interface Rules {
  readonly columns: readonly (readonly [string, Restriction])[];
  readonly orders: readonly ColumnOrder[];
  readonly isComplete: boolean;
}

export const EMPTY_RULES: Rules = { columns: [], orders: [], isComplete: true };

/** A column, with all labels of its enum. */
export type RuleColumn = Pick<CatalogColumn, 'baseType' | 'scale'> & { readonly labels: readonly string[] | null };

type Columns = ReadonlyMap<string, RuleColumn>;
type ColumnRules = readonly (readonly [string, Restriction])[];

/** The restriction that the condition makes, or null when it makes none that we know. */
export function columnRule(condition: Condition, columns: Columns): ColumnRules | null {
  switch (condition.kind) {
    case 'compare':
      return valueRule(condition.column, condition.operator, [condition.value], columns);
    case 'in':
      return valueRule(condition.column, condition.isNegated ? '<>' : '=', condition.values, columns);
    case 'null':
      return condition.isNegated ? [[condition.column, { ...UNRESTRICTED, isNotNull: true }]] : null;
    case 'length':
      return lengthRule(condition);
    case 'or':
      return eitherRule(condition.parts, columns);
    case 'and':
    case 'columns':
    case 'other':
      return null;
  }
}

function valueRule(name: string, operator: Comparison, values: readonly string[], columns: Columns): ColumnRules | null {
  const column = columns.get(name);
  if (column === undefined) return null;
  if (isTextType(column.baseType)) return textRule(name, operator, values, column.labels);
  const unit = unitOf(column);
  const literals = values.map((value) => readLiteral(column, value));
  if (unit === null || literals.includes(null)) return null;
  const sets = (literals as number[]).map((literal) => compareInterval(operator, literal, unit));
  // Different from each of the list, or equal to one of it.
  const intervals = operator === '<>' ? sets.reduce(intersect, [...EVERYTHING]) : unite(sets.flat());
  return [[name, { ...UNRESTRICTED, intervals }]];
}

function textRule(
  name: string,
  operator: Comparison,
  values: readonly string[],
  all: readonly string[] | null,
): ColumnRules | null {
  if (operator === '=') return [[name, { ...UNRESTRICTED, labels: [...new Set(values)] }]];
  if (operator === '<>' && all !== null) {
    return [[name, { ...UNRESTRICTED, labels: all.filter((label) => !values.includes(label)) }]];
  }
  const isNotEmpty = operator === '<>' && values.length === 1 && values[0] === '';
  return isNotEmpty ? [[name, { ...UNRESTRICTED, minLength: 1 }]] : null;
}

function lengthRule({ column, operator, value }: Condition & { kind: 'length' }): ColumnRules | null {
  if (operator === '<>') return value === 0 ? [[column, { ...UNRESTRICTED, minLength: 1 }]] : null;
  const [bounds] = compareInterval(operator, value, 1);
  const minLength = Math.max(0, bounds?.from ?? 0);
  return [[column, { ...UNRESTRICTED, minLength, maxLength: (bounds?.to ?? 0) - 1 }]];
}

/** Alternatives over one column: its values are in any of them. A value that may also be null is as good as without that. */
function eitherRule(parts: readonly Condition[], columns: Columns): ColumnRules | null {
  const rules = parts.flatMap((part) => (part.kind === 'null' && !part.isNegated ? [] : [alternative(part, columns)]));
  const [first] = rules;
  const name = first?.[0];
  if (name === undefined || rules.some((rule) => rule === null || rule[0] !== name)) return null;
  if (parts.some((part) => part.kind === 'null' && part.column !== name)) return null;
  const found = (rules as (readonly [string, Restriction])[]).map(([, restriction]) => restriction);
  if (found.length === 1) return [[name, found[0] as Restriction]];
  if (found.some((one) => one.isNotNull || one.minLength > 0 || one.maxLength < Number.POSITIVE_INFINITY)) return null;
  if (found.every((one) => one.intervals !== null))
    return [[name, { ...UNRESTRICTED, intervals: unite(found.flatMap((one) => one.intervals ?? [])) }]];
  if (found.every((one) => one.labels !== null))
    return [[name, { ...UNRESTRICTED, labels: [...new Set(found.flatMap((one) => one.labels ?? []))] }]];
  return null;
}

/** One alternative: a condition, or several together, over one column. */
function alternative(part: Condition, columns: Columns): readonly [string, Restriction] | null {
  const rules = part.kind === 'and' ? part.parts.map((one) => columnRule(one, columns)) : [columnRule(part, columns)];
  if (rules.length === 0 || rules.some((rule) => rule === null)) return null;
  const flat = (rules as ColumnRules[]).flat();
  const name = flat[0]?.[0];
  if (name === undefined || flat.some(([other]) => other !== name)) return null;
  return [name, flat.map(([, restriction]) => restriction).reduce(intersectRestrictions)];
}
