// A unique index over some rows only, where the key is a reference: one active row per user. Making the reference one-to-one would take away
// its fan-out, so the column of the condition gives the rows of the index to first children alone, one for each parent at most. Where the index
// has no key to speak of (one default row in all), the condition is given to a single row.
import type { CatalogIndex, CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { Condition } from '../../postgres/catalog/condition.ts';
import type { PlanColumn, PlanFirst, PlanHistogram, PlanPairs, PlanReference, PlanTable } from '../../spec/plan.ts';
import { apportion, runningSums } from '../../stats/apportion.ts';
import { familiesOf } from '../keys/first-child-order.ts';
import { conditionsByColumn, type Inside, insideOf, isOneValue, rowsInside, sumsOf } from './partial-condition.ts';
import { withoutRepeats } from './without-repeats.ts';

/** A column of the condition, and which of its values meet it. */
interface Candidate {
  readonly column: PlanColumn;
  readonly conditions: readonly Condition[];
  readonly inside: Inside;
  readonly count: number;
}

/** The columns, with those that decide over a partial unique index ordered by first children, or left to one row. */
export function applyPartialKeys(
  table: CatalogTable,
  columns: readonly PlanColumn[],
  references: readonly PlanReference[],
  pairs: readonly PlanPairs[],
  rows: number,
): readonly PlanColumn[] {
  // The side of a pair that does not own the runs has no children one after the other.
  const families = references.filter(({ curve }, at) => curve !== null && !pairs.some(({ other }) => other === at));
  return table.indexes
    .filter((index) => index.isUnique && index.predicate !== null)
    .reduce<readonly PlanColumn[]>((made, index) => applyOne(table, index, made, families, rows), columns);
}

/** Whether the condition of a unique index keeps its rows apart: one row meets it at most, or one child of each parent. */
export function keepsPartialKey(catalog: CatalogTable, index: CatalogIndex, { columns, rows }: PlanTable): boolean {
  const parts = partsOf(index);
  return listCandidates(catalog, index, columns, rows).some(({ column, inside, count }) => {
    if (count <= 1) return true;
    const first = column.ranks?.first;
    if (first === undefined || !first.columns.every((name) => parts.includes(name))) return false;
    return count <= familiesOf(first.curve) && isAtFirstChildren(column, inside, first);
  });
}

/** Whether the rows inside have the ranks that first children come to. */
function isAtFirstChildren({ builder }: PlanColumn, inside: Inside, { fromEnd }: PlanFirst): boolean {
  if (inside.kind !== 'bins') return fromEnd === (inside.kind === 'values');
  const sums = sumsOf(builder, 0);
  const filled = sums.slice(1).flatMap((upTo, bin) => (upTo > (sums[bin] ?? 0) ? [inside.isInside(bin)] : []));
  return fromEnd && !filled.slice(filled.indexOf(true)).includes(false);
}

function partsOf(index: CatalogIndex): readonly string[] {
  return [...index.columns.filter((name) => name !== null), ...index.expressionColumns];
}

/** Columns of the condition that the plan can tell about, those with the fewest rows inside first. */
function listCandidates(
  table: CatalogTable,
  index: CatalogIndex,
  columns: readonly PlanColumn[],
  rows: number,
): readonly Candidate[] {
  const types = new Map(table.columns.map((column) => [column.name, column.baseType]));
  return [...conditionsByColumn(index.predicate ?? '', types)]
    .flatMap(([name, conditions]): Candidate[] => {
      const column = columns.find((candidate) => candidate.name === name);
      const inside = column === undefined ? null : insideOf(column, conditions);
      if (column === undefined || inside === null) return [];
      return [{ column, conditions, inside, count: rowsInside(column, inside, rows) }];
    })
    .sort((left, right) => left.count - right.count);
}

function applyOne(
  table: CatalogTable,
  index: CatalogIndex,
  columns: readonly PlanColumn[],
  references: readonly PlanReference[],
  rows: number,
): readonly PlanColumn[] {
  const parts = partsOf(index);
  const candidates = listCandidates(table, index, columns, rows);
  if (candidates.some(({ count }) => count <= 1)) return columns;
  const family = references.find(({ curve, columns: own }) => curve !== null && own.every((name) => parts.includes(name)));
  for (const candidate of candidates) {
    const { column, conditions } = candidate;
    if (column.ranks === null || column.ranks.first !== undefined) continue;
    // NULLs of a key say which rows are parents of others: they stay as they are.
    if (candidate.inside.kind !== 'bins' && isInKey(table, column.name)) continue;
    const isSingle = parts.every((part) => part === column.name) && (parts.length === 0 || isOneValue(column, conditions));
    const made = isSingle
      ? limitInside(column, candidate.inside, 1, rows)
      : family !== undefined && !parts.includes(column.name)
        ? orderByFirst(column, candidate.inside, family, rows)
        : null;
    if (made !== null) return columns.map((each) => (each === column ? made : each));
  }
  return columns;
}

function isInKey({ primaryKey, uniques, indexes }: CatalogTable, name: string): boolean {
  const whole = indexes.filter((index) => index.isUnique && !index.isPartial);
  return [...(primaryKey === null ? [] : [primaryKey]), ...uniques, ...whole].some(({ columns }) => columns.includes(name));
}

/** The column with the rows of the index at the end of its ranks that first children have; null where it cannot be done. */
function orderByFirst(column: PlanColumn, inside: Inside, family: PlanReference, rows: number): PlanColumn | null {
  if (family.curve === null || column.ranks === null) return null;
  const first: PlanFirst = {
    columns: family.columns,
    curve: family.curve,
    order: family.ranks.order,
    key: family.ranks.key,
    nulls: family.nulls,
    fromEnd: inside.kind !== 'nulls',
  };
  return limitInside({ ...column, ranks: { ...column.ranks, first } }, inside, familiesOf(family.curve), rows);
}

/** The column with so many rows inside at most; null where the others have no other value to take. */
function limitInside(column: PlanColumn, inside: Inside, most: number, rows: number): PlanColumn | null {
  const { ranks } = column;
  if (ranks === null) return null;
  if (inside.kind === 'bins') return limitBins(column, inside.isInside, most);
  const nulls = inside.kind === 'nulls' ? Math.min(ranks.nulls, most) : Math.max(ranks.nulls, rows - most);
  const builder = nulls === ranks.nulls ? column.builder : withTotal(column.builder, rows - nulls);
  return builder === null ? null : { ...column, builder, ranks: { ...ranks, nulls } };
}

/** Bins of the index last, with no more rows than there are families; what is over goes to the other bins. */
function limitBins(column: PlanColumn, isInside: (bin: number) => boolean, most: number): PlanColumn | null {
  const { builder } = column;
  if (builder.kind !== 'labels' && builder.kind !== 'number') return null;
  const cumulative = sumsOf(builder, 0);
  const bins = cumulative.slice(1).map((sum, bin) => ({ bin, count: sum - (cumulative[bin] ?? 0) }));
  const outside = bins.filter(({ bin }) => !isInside(bin) && isNamed(builder, bin));
  const own = bins.filter(({ bin }) => isInside(bin));
  const wanted = own.reduce((sum, { count }) => sum + count, 0);
  const over = Math.max(0, wanted - most);
  const target = outside[0];
  if (over > 0 && target === undefined) return null;
  const counts = apportion(
    own.map(({ count }) => count),
    wanted - over,
  );
  const ordered = [
    ...outside.map((each) => (each === target ? { ...each, count: each.count + over } : each)),
    ...own.map((each, at) => ({ ...each, count: counts[at] ?? 0 })),
  ];
  if (builder.kind === 'labels') return { ...column, builder: withLabels(builder, ordered) };
  const from = ordered.map(({ bin }) => builder.histogram.from[bin] ?? 0);
  const width = ordered.map(({ bin }) => builder.histogram.width[bin] ?? 1);
  const sums = runningSums(ordered.map(({ count }) => count));
  return { ...column, builder: { ...builder, histogram: { from, width, cumulative: sums } } };
}

/** A column of labels has a last bin for other texts. */
function isNamed(builder: PlanColumn['builder'], bin: number): boolean {
  return builder.kind !== 'labels' || bin < builder.labels.length;
}

type Labels = PlanColumn['builder'] & { readonly kind: 'labels' };

/** The labels in this order; other texts stay behind them. */
function withLabels(builder: Labels, ordered: readonly { readonly bin: number; readonly count: number }[]): Labels {
  const named = ordered.filter(({ bin }) => isNamed(builder, bin));
  const others = ordered.find(({ bin }) => !isNamed(builder, bin))?.count ?? 0;
  const { other } = builder;
  return {
    ...builder,
    labels: named.map(({ bin }) => builder.labels[bin] ?? ''),
    cumulative: runningSums([...named.map(({ count }) => count), others]),
    other: other === null || others === 0 ? null : { ...other, lengths: scaled(other.lengths, others) },
  };
}

/** The builder for so many values: the counts of its bins in proportion. */
function withTotal(builder: PlanColumn['builder'], total: number): PlanColumn['builder'] | null {
  if (isEmpty(builder) && total > 0) return null;
  switch (builder.kind) {
    case 'number':
      return { ...withoutRepeats(builder), histogram: scaled(builder.histogram, total) };
    case 'time':
      return { ...withoutRepeats(builder), histogram: scaled(builder.histogram, total) };
    case 'delay':
      return { ...builder, histogram: scaled(builder.histogram, total) };
    case 'text':
      return { ...withoutRepeats(builder), lengths: scaled(builder.lengths, total) };
    case 'labels':
      return builder.other === null ? { ...builder, cumulative: scaledSums(builder.cumulative, total) } : null;
    case 'uuid':
    case 'template':
      return builder;
    default:
      return null;
  }
}

function isEmpty(builder: PlanColumn['builder']): boolean {
  const sums =
    'histogram' in builder
      ? builder.histogram.cumulative
      : 'cumulative' in builder
        ? builder.cumulative
        : builder.kind === 'text'
          ? builder.lengths.cumulative
          : [1];
  return (sums.at(-1) ?? 0) === 0;
}

function scaled(histogram: PlanHistogram, total: number): PlanHistogram {
  return { ...histogram, cumulative: scaledSums(histogram.cumulative, total) };
}

function scaledSums(cumulative: readonly number[], total: number): number[] {
  const sum = cumulative.at(-1) ?? 0;
  return cumulative.map((each) => (sum === 0 ? 0 : Math.round((each * total) / sum)));
}
