// CHECKs that compare two references of a row. Parents are drawn for each reference alone, so a few rows in a million would break
// them: two keys of one parent table are kept apart row by row, and what cannot be promised is refused at every size.
import type { CatalogCheck, CatalogTable } from '../../postgres/catalog/catalog.ts';
import { type Condition, parseCondition } from '../../postgres/catalog/condition.ts';
import type { PlanReference, PlanTable } from '../../spec/plan.ts';
import type { Problems } from './problems.ts';

type Comparing = Extract<Condition, { kind: 'columns' }>;
type Catalog = ReadonlyMap<string, CatalogTable>;

/** The tables with references that must differ told so (`otherThan`). Adds a problem for each comparison that nothing keeps. */
export function keepApart(tables: readonly PlanTable[], catalog: Catalog, problems: Problems): PlanTable[] {
  return tables.map((table) => {
    const target = catalog.get(table.name);
    return target === undefined || table.rows === 0 ? table : applyChecks(table, target, tables, catalog, problems);
  });
}

function applyChecks(
  table: PlanTable,
  target: CatalogTable,
  tables: readonly PlanTable[],
  catalog: Catalog,
  problems: Problems,
): PlanTable {
  const types = new Map(target.columns.map((column) => [column.name, column.baseType]));
  const comparisons = target.checks.flatMap((check) =>
    comparisonsOf(parseCondition(check.expression, types)).map((comparison) => ({ check, comparison })),
  );
  let kept = table;
  for (const { check, comparison } of comparisons) {
    const left = referenceOf(kept, comparison.left);
    const right = referenceOf(kept, comparison.right);
    if (left < 0 || right < 0 || left === right || isNeverBoth(kept, left, right)) continue;
    if (comparison.operator !== '<>') {
      if (comparison.operator !== '=') refuse(kept, check, comparison, problems);
      continue;
    }
    if (!isSameKey(kept, left, right) || isApart(kept, left, right)) continue;
    const [mover, other] = canMove(kept, right, left, tables, catalog) ? [right, left] : [left, right];
    if (canMove(kept, mover, other, tables, catalog)) kept = withOther(kept, mover, other);
    else refuse(kept, check, comparison, problems);
  }
  return kept;
}

/** Comparisons of two columns that each row must meet; those beside `column is null` of one of the two included. */
function comparisonsOf(condition: Condition): Comparing[] {
  if (condition.kind === 'columns') return [condition];
  if (condition.kind === 'and') return condition.parts.flatMap(comparisonsOf);
  if (condition.kind !== 'or') return [];
  const [first, ...more] = condition.parts.filter((part) => part.kind !== 'null' || part.isNegated);
  if (first?.kind !== 'columns' || more.length > 0) return [];
  const own = [first.left, first.right];
  return condition.parts.every((part) => part === first || (part.kind === 'null' && own.includes(part.column))) ? [first] : [];
}

function refuse(table: PlanTable, check: CatalogCheck, { left, operator, right }: Comparing, problems: Problems): void {
  problems.add(
    `tables.${table.name}.checks.${check.name}`,
    `compares two references (${left} ${operator} ${right}), whose parents are chosen each for itself: drop the check before loading, or set nullFraction of one of the two to 1`,
  );
}

/** The reference that fills the column; -1 for a column of another kind. */
function referenceOf(table: PlanTable, name: string): number {
  const builder = table.columns.find((column) => column.name === name)?.builder;
  return builder?.kind === 'reference' ? builder.reference : -1;
}

/** One of the two has no value in any row. */
function isNeverBoth(table: PlanTable, left: number, right: number): boolean {
  return [left, right].some((index) => table.references[index]?.nulls === table.rows && table.references[index]?.nullAs === null);
}

function isSameKey(table: PlanTable, left: number, right: number): boolean {
  const [first, second] = [table.references[left], table.references[right]];
  return first !== undefined && first.table === second?.table && first.to.join('\n') === second.to.join('\n');
}

/** A member of a group other than the one that the other reference names. */
function isApart({ references }: PlanTable, left: number, right: number): boolean {
  const isOtherThan = (one: number, two: number) => {
    const { membership, otherThan } = references[one] as PlanReference;
    return otherThan === two || (membership?.except?.length === 1 && membership.except[0] === two);
  };
  return isOtherThan(left, right) || isOtherThan(right, left);
}

/** Whether a row may take the next parent: nothing counts on how many children a parent has, or on which. */
function canMove(table: PlanTable, mover: number, other: number, tables: readonly PlanTable[], catalog: Catalog): boolean {
  const { curve, tree, columns, to, table: parent, otherThan } = table.references[mover] as PlanReference;
  const [column, ...more] = columns;
  const [key] = to;
  if (curve === null || curve.parents < 2 || tree !== null || column === undefined || key === undefined || more.length > 0)
    return false;
  const isFree = (table.references[other] as PlanReference).curve !== null && otherThan === undefined;
  const isShared = table.references.some(({ columns: taken }, index) => index !== mover && taken.includes(column));
  const isPaired = table.pairs.some((pair) => pair.runs === mover || pair.other === mover);
  const isFollowed = table.references.some((reference) => reference.otherThan === mover);
  return (
    isFree &&
    !isShared &&
    !isPaired &&
    !isFollowed &&
    !isInKey(catalog.get(table.name), column) &&
    isKey(catalog.get(tables[parent]?.name ?? ''), key) &&
    !isCounted(tables, table, mover)
  );
}

function isInKey(target: CatalogTable | undefined, column: string): boolean {
  if (target === undefined) return true;
  const indexes = target.indexes.filter(({ isUnique, isConstraint }) => isUnique || isConstraint);
  return [
    ...(target.primaryKey?.columns ?? []),
    ...target.uniques.flatMap(({ columns }) => columns),
    ...indexes.flatMap(({ columns, expressionColumns, predicateColumns }) => [
      ...columns,
      ...expressionColumns,
      ...predicateColumns,
    ]),
    ...(target.partitioning?.columns ?? []),
  ].includes(column);
}

/** Different rows have different values in the column. */
function isKey(parent: CatalogTable | undefined, column: string): boolean {
  if (parent === undefined) return false;
  const keys = [...(parent.primaryKey === null ? [] : [parent.primaryKey]), ...parent.uniques];
  const indexes = parent.indexes.filter(({ isUnique, isPartial }) => isUnique && !isPartial);
  return [...keys, ...indexes].some(({ columns }) => columns.length === 1 && columns[0] === column);
}

/** Somebody asks for the children of a parent by the curve of the reference. */
function isCounted(tables: readonly PlanTable[], table: PlanTable, index: number): boolean {
  const at = tables.findIndex(({ name }) => name === table.name);
  return tables.some(({ columns, references }, from) => {
    const inColumns = columns.some(
      ({ builder }) =>
        (builder.kind === 'ordinal' && from === at && builder.reference === index) ||
        (builder.kind === 'degreeClass' && builder.table === at && builder.reference === index),
    );
    const inReferences = references.some(
      ({ within, membership, table: parent }) =>
        (within !== null && parent === at && within.reference === index) ||
        (within !== null && from === at && within.distinctFor === index) ||
        (membership !== null && membership.table === at && membership.group === index),
    );
    return inColumns || inReferences;
  });
}

function withOther(table: PlanTable, mover: number, other: number): PlanTable {
  return {
    ...table,
    references: table.references.map((reference, index) => (index === mover ? { ...reference, otherThan: other } : reference)),
  };
}
