// What the CHECKs of a table leave of its columns: a restriction for each column, and columns that must not be above others, with
// bounds carried along that order. Checks that are not wholly understood are listed: they are tried on sample rows.
import { formatTableKey } from '../../core/identifiers.ts';
import type { CatalogCheck, CatalogEnum, CatalogTable } from '../../postgres/catalog/catalog.ts';
import { type Condition, parseCondition } from '../../postgres/catalog/condition.ts';
import { type ColumnOrder, columnRule, EMPTY_RULES, type RuleColumn, type Rules } from './restrict-rules.ts';
import { unitOf } from './restrict-value.ts';
import { type Interval, intersectRestrictions, type Restriction, UNRESTRICTED } from './restriction.ts';

export interface TableRestrictions {
  /** Only columns that a check says something about. */
  readonly columns: ReadonlyMap<string, Restriction>;
  readonly orders: readonly ColumnOrder[];
  readonly notUnderstood: readonly CatalogCheck[];
  /** Checks that leave no value to a column, together with those before them. */
  readonly contradictions: readonly { readonly check: string; readonly column: string }[];
}

/** Reads all checks of the table; `enums` are those of its catalog. Pure; never throws. */
export function restrictTable(table: CatalogTable, enums: readonly CatalogEnum[]): TableRestrictions {
  const types = new Map(table.columns.map((column) => [column.name, column.baseType]));
  const labelsOf = new Map(enums.map((one) => [formatTableKey(one), one.labels]));
  const columns = new Map(
    table.columns.map((column): [string, RuleColumn] => {
      const labels = column.enumType === null ? null : (labelsOf.get(formatTableKey(column.enumType)) ?? null);
      return [column.name, { ...column, labels: column.baseType === 'enum' ? labels : null }];
    }),
  );
  const found = new Map<string, Restriction>();
  const orders: (ColumnOrder & { readonly check: string })[] = [];
  const notUnderstood: CatalogCheck[] = [];
  const contradictions: { check: string; column: string }[] = [];
  for (const check of table.checks) {
    const rules = rulesOf(parseCondition(check.expression, types), columns);
    if (!rules.isComplete) notUnderstood.push(check);
    orders.push(...rules.orders.map((order) => ({ ...order, check: check.name })));
    for (const [name, restriction] of rules.columns) {
      const before = found.get(name) ?? UNRESTRICTED;
      const after = intersectRestrictions(before, restriction);
      found.set(name, after);
      if (isEmpty(after) && !isEmpty(before)) contradictions.push({ check: check.name, column: name });
    }
  }
  const carried = carryBounds(found, orders, columns);
  return { columns: found, orders, notUnderstood, contradictions: [...contradictions, ...carried] };
}

/** Whether no value at all is allowed. */
export function isEmpty(restriction: Restriction): boolean {
  return restriction.intervals?.length === 0 || restriction.labels?.length === 0 || restriction.minLength > restriction.maxLength;
}

function rulesOf(condition: Condition, columns: ReadonlyMap<string, RuleColumn>): Rules {
  if (condition.kind === 'and') {
    return condition.parts
      .map((part) => rulesOf(part, columns))
      .reduce(
        (sum, one) => ({
          columns: [...sum.columns, ...one.columns],
          orders: [...sum.orders, ...one.orders],
          isComplete: sum.isComplete && one.isComplete,
        }),
        EMPTY_RULES,
      );
  }
  const order = orderOf(condition);
  if (order !== null) return orderRule(order, columns);
  const rule = columnRule(condition, columns);
  return rule === null ? { ...EMPTY_RULES, isComplete: false } : { ...EMPTY_RULES, columns: rule };
}

/** An order of two columns. One of them IS NULL says nothing more beside it: a check holds where its condition is NULL. */
function orderOf(condition: Condition): (Condition & { kind: 'columns' }) | null {
  if (condition.kind === 'columns') return condition;
  if (condition.kind !== 'or') return null;
  const orders = condition.parts.filter((part) => part.kind === 'columns');
  const [order] = orders;
  if (order === undefined || orders.length !== 1) return null;
  const isEmptyTest = (part: Condition) =>
    part.kind === 'null' && !part.isNegated && (part.column === order.left || part.column === order.right);
  return condition.parts.every((part) => part === order || isEmptyTest(part)) ? order : null;
}

function orderRule(condition: Condition & { kind: 'columns' }, columns: ReadonlyMap<string, RuleColumn>): Rules {
  const { left, right, operator } = condition;
  const [one, other] = [columns.get(left), columns.get(right)];
  const isSameKind = one !== undefined && other !== undefined && one.baseType === other.baseType && unitOf(one) === unitOf(other);
  if (!isSameKind || left === right || operator === '=' || operator === '<>' || unitOf(one) === null)
    return { ...EMPTY_RULES, isComplete: false };
  const isStrict = operator === '<' || operator === '>';
  const [lower, upper] = operator.startsWith('<') ? [left, right] : [right, left];
  return { ...EMPTY_RULES, orders: [{ lower, upper, isStrict }] };
}

/** Lower bounds go up and upper bounds come down along the order, until nothing moves. Returns the checks that left no value. */
function carryBounds(
  found: Map<string, Restriction>,
  orders: readonly (ColumnOrder & { readonly check: string })[],
  columns: ReadonlyMap<string, RuleColumn>,
): { check: string; column: string }[] {
  const contradictions: { check: string; column: string }[] = [];
  // Each round carries bounds one step further; a circle of strict orders would move for ever.
  for (let round = 0; round <= orders.length; round += 1) {
    for (const { lower, upper, isStrict, check } of orders) {
      const column = columns.get(upper);
      const step = isStrict && column !== undefined ? (unitOf(column) ?? 0) : 0;
      const bounds = {
        from: (found.get(lower)?.intervals?.[0]?.from ?? Number.NEGATIVE_INFINITY) + step,
        to: (found.get(upper)?.intervals?.at(-1)?.to ?? Number.POSITIVE_INFINITY) - step,
      };
      for (const [name, bound] of [
        [lower, { from: Number.NEGATIVE_INFINITY, to: bounds.to }],
        [upper, { from: bounds.from, to: Number.POSITIVE_INFINITY }],
      ] as const) {
        if (narrow(found, name, bound)) contradictions.push({ check, column: name });
      }
    }
  }
  return contradictions;
}

/** Adds a bound; true when it takes the last value away. */
function narrow(found: Map<string, Restriction>, name: string, bound: Interval): boolean {
  if (bound.from === Number.NEGATIVE_INFINITY && bound.to === Number.POSITIVE_INFINITY) return false;
  const before = found.get(name) ?? UNRESTRICTED;
  if (isEmpty(before)) return false;
  const after = intersectRestrictions(before, { ...UNRESTRICTED, intervals: [bound] });
  found.set(name, after);
  return isEmpty(after);
}
