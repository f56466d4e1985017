// What a column's rule leaves in every row, as a condition over the row that is true where it does not; or why there is none.
import { quoteIdentifier } from '../../../core/identifiers.ts';
import type { ColumnRule } from '../../../spec/sync-rules.ts';
import { columnSql, quoteLiteral } from '../../column-sql.ts';
import type { PlannedColumn, PlannedTable } from '../../planned-table.ts';
import { fromSql } from '../plan-shadow.ts';
import { fakeForm } from './fake-form.ts';
import { jsonFaultSql } from './json-form.ts';
import { keepLastForm, matchesPattern, type TextForm, templateForm, tokenForm, uuidTokenForm } from './text-form.ts';

export interface ColumnForm {
  /** SQL over the table's columns, never NULL: the row cannot be the rule's. */
  readonly fault: string;
  /** What such values are: `values that are not tokens`. */
  readonly what: string;
  /** Nothing of the source can be in a value of the form. */
  readonly isWhole: boolean;
}

export type FormAnswer = ColumnForm | { readonly unchecked: string };

/** The form of a column of the table under its rule. Pure. */
export function formOfColumn(table: PlannedTable, planned: PlannedColumn): FormAnswer {
  const { rule, column } = planned;
  const name = quoteIdentifier(column.name);
  switch (rule.kind) {
    case 'null':
      return { fault: `${name} is not null`, what: 'values that are not NULL', isWhole: true };
    case 'empty':
      return fixedForm(planned, 'values that are not empty');
    case 'constant':
      return fixedForm(planned, 'values that are not the constant');
    case 'template': {
      // A char(n) shows no blanks at its end.
      const text = column.baseType === 'bpchar' ? rule.text.trimEnd() : rule.text;
      const { matches } = templateForm(text, `(select count(*) from ${fromSql(table)})`);
      const fault = `not coalesce(${matches(`${name}::text`)}, false)`;
      return { fault, what: 'values that are not of the template', isWhole: true };
    }
    case 'json':
      return {
        fault: `coalesce(${jsonFaultSql(rule, `${name}::jsonb`)}, false)`,
        what: 'documents with members that the rule drops, or whose members are not as it masks them',
        isWhole: false,
      };
    case 'replace':
      return replaceForm(rule, `${name}::text`);
    default: {
      const form = textFormOf(planned);
      if (form === null) return { unchecked: UNCHECKED[rule.kind] ?? 'its rule has no form' };
      const fault = `not coalesce(${form.matches(`${name}::text`)}, true)`;
      return { fault, what: `values that are not ${form.name}`, isWhole: form.isWhole };
    }
  }
}

const UNCHECKED: Partial<Record<ColumnRule['kind'], string>> = {
  keep: 'keep leaves every value as it is; the detectors look at its texts',
  token: 'a whole number does not show that it is a token',
  jitter: 'a moved time looks like any other, and times meet by chance',
  shuffle: 'shuffle keeps every value, in other rows',
  sql: "the expression is the team's own, and its results have no form that is known here",
};

/** The form of the texts that the column's mask makes; null for rules whose values have none. */
export function textFormOf({ rule, column, isDistinct }: PlannedColumn): TextForm | null {
  switch (rule.kind) {
    case 'token':
      if (column.baseType === 'uuid') return uuidTokenForm;
      return /^int/.test(column.baseType) ? null : tokenForm(column.maxLength ?? undefined);
    case 'fake':
      return fakeForm(rule.of, { isDistinct: isDistinct || rule.distinct, maxLength: column.maxLength });
    case 'keepLast':
      return keepLastForm(rule.length, rule.mark);
    default:
      return null;
  }
}

const NUMBERS = ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'];

/** The one value that the rule gives every row; numbers are compared as numbers, because a scale adds digits. */
function fixedForm(planned: PlannedColumn, what: string): ColumnForm {
  const name = quoteIdentifier(planned.column.name);
  const wanted = columnSql(planned);
  const isNumber = NUMBERS.includes(planned.column.baseType);
  const fault = isNumber ? `${name} is distinct from (${wanted})` : `${name}::text is distinct from (${wanted})::text`;
  return { fault, what, isWhole: true };
}

/**
 * Sound only where a match cannot come back: the replacement joins nothing (it is not empty), is no copy of what was matched, and does not
 * match itself, which the server says in the same statement.
 */
function replaceForm({ pattern, with: replacement }: Extract<ColumnRule, { kind: 'replace' }>, value: string): FormAnswer {
  if (replacement === '' || replacement.includes('\\'))
    return { unchecked: 'what is left after a replacement may match its pattern again' };
  const isCertain = `not (${matchesPattern(`${quoteLiteral(replacement)}::text`, pattern)}) and not (${matchesPattern("''::text", pattern)})`;
  return {
    fault: `(${isCertain} and coalesce(${matchesPattern(value, pattern)}, false))`,
    what: 'values that the pattern of its rule still matches',
    isWhole: false,
  };
}
