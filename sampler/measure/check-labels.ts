// The labels that a CHECK lists for a text column (status in ('open', 'closed')): part of the schema, as an enum's are, so they are
// shown in clear. No statement holds them: the rows are searched as for public labels, and only what the list has is kept.
import type { CatalogColumn, CatalogTable } from '../../postgres/catalog/catalog.ts';
import { type Condition, parseCondition } from '../../postgres/catalog/condition.ts';
import { isTextLike } from './column-types.ts';

/** As long as a label in a pack may be, and as many as an axis may have. */
const MAX_LABEL_LENGTH = 100;
const MAX_LABELS = 10_000;

/** The labels in the order of the list, or null when no check lists them. Of several lists, what all have. Pure. */
export function checkLabels(column: CatalogColumn, table: CatalogTable): readonly string[] | null {
  if (!isTextLike(column)) return null;
  const types = new Map(table.columns.map(({ name, baseType }) => [name, baseType]));
  const lists = table.checks
    .filter((check) => check.columns.includes(column.name))
    .flatMap((check) => listsOf(parseCondition(check.expression, types), column.name));
  if (lists.length === 0) return null;
  const labels = [...new Set(lists.reduce((left, right) => left.filter((label) => right.includes(label))))];
  return labels.length <= MAX_LABELS && labels.every((label) => label.length <= MAX_LABEL_LENGTH) ? labels : null;
}

/** Every list that a value of the column must be in. */
function listsOf(condition: Condition, column: string): (readonly string[])[] {
  if (condition.kind === 'and') return condition.parts.flatMap((part) => listsOf(part, column));
  if (condition.kind === 'in') return condition.column === column && !condition.isNegated ? [condition.values] : [];
  if (condition.kind === 'compare') return condition.column === column && condition.operator === '=' ? [[condition.value]] : [];
  if (condition.kind !== 'or') return [];
  const isNullTest = (part: Condition) => part.kind === 'null' && part.column === column && !part.isNegated;
  const alternatives = condition.parts.filter((part) => !isNullTest(part)).map((part) => listsOf(part, column));
  if (alternatives.length === 0 || alternatives.some((lists) => lists.length !== 1)) return [];
  return [alternatives.flat(2)];
}
