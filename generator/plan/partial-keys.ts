// A unique index over some rows only, where the key is a reference: one active row per user. Making the reference one-to-one would take away
// its fan-out, so the column of the condition gives the rows of the index to first children alone, one for each parent at most.
import type { CatalogIndex, CatalogTable } from '../../postgres/catalog/catalog.ts';
import { type Condition, parseCondition } from '../../postgres/catalog/condition.ts';
import type { PlanColumn, PlanFirst, PlanHistogram, PlanPairs, PlanReference } from '../../spec/plan.ts';
import { runningSums } from '../../stats/apportion.ts';
import { familiesOf } from '../keys/first-child-order.ts';

/** Which values of a column put a row into the index: those of its ranks at one end. */
type Inside = { readonly kind: 'nulls' | 'values' } | { readonly kind: 'bins'; readonly isInside: (bin: number) => boolean };

/** The columns, with those that decide over a partial unique index ordered by first children. */
export function applyPartialKeys(
  table: CatalogTable,
  columns: readonly PlanColumn[],
  references: readonly PlanReference[],
  pairs: readonly PlanPairs[],
  rows: number,
): readonly PlanColumn[] {
  const types = new Map(table.columns.map((column) => [column.name, column.baseType]));
  // The side of a pair that does not own the runs has no children one after the other.
  const families = references.filter(({ curve }, at) => curve !== null && !pairs.some(({ other }) => other === at));
  return table.indexes
    .filter((index) => index.isUnique && index.predicate !== null)
    .reduce<readonly PlanColumn[]>((made, index) => applyOne(index, made, families, types, rows), columns);
}

function applyOne(
  index: CatalogIndex,
  columns: readonly PlanColumn[],
  references: readonly PlanReference[],
  types: ReadonlyMap<string, string>,
  rows: number,
): readonly PlanColumn[] {
  const parts = [...index.columns.filter((name) => name !== null), ...index.expressionColumns];
  const family = references.find(({ curve, columns: own }) => curve !== null && own.every((name) => parts.includes(name)));
  if (family === undefined || family.curve === null) return columns;
  for (const part of conjuncts(parseCondition(index.predicate ?? '', types))) {
    const at = columns.findIndex((column) => column.name === columnOf(part));
    const column = columns[at];
    if (column === undefined || parts.includes(column.name) || column.ranks?.first !== undefined) continue;
    const ordered = orderByFirst(column, part, family, family.curve, rows);
    if (ordered !== null) return columns.with(at, ordered);
  }
  return columns;
}

function conjuncts(condition: Condition): readonly Condition[] {
  return condition.kind === 'and' ? condition.parts.flatMap(conjuncts) : [condition];
}

function columnOf(condition: Condition): string | null {
  return 'column' in condition ? condition.column : null;
}

/** The column with the rows of the index at the end of its ranks that first children have; null where it cannot be done. */
function orderByFirst(
  column: PlanColumn,
  condition: Condition,
  family: PlanReference,
  curve: PlanFirst['curve'],
  rows: number,
): PlanColumn | null {
  const { ranks } = column;
  const inside = insideOf(column, condition);
  if (ranks === null || inside === null) return null;
  const first: PlanFirst = {
    columns: family.columns,
    curve,
    order: family.ranks.order,
    key: family.ranks.key,
    nulls: family.nulls,
    fromEnd: inside.kind !== 'nulls',
  };
  const most = familiesOf(curve);
  if (inside.kind === 'bins') return limitBins({ ...column, ranks: { ...ranks, first } }, inside.isInside, most);
  const nulls = inside.kind === 'nulls' ? Math.min(ranks.nulls, most) : Math.max(ranks.nulls, rows - most);
  const builder = nulls === ranks.nulls ? column.builder : withTotal(column.builder, rows - nulls);
  return builder === null ? null : { ...column, builder, ranks: { ...ranks, nulls, first } };
}

function insideOf({ builder, baseType }: PlanColumn, condition: Condition): Inside | null {
  if (condition.kind === 'null') return { kind: condition.isNegated ? 'values' : 'nulls' };
  const wanted =
    condition.kind === 'compare' && condition.operator === '='
      ? [condition.value]
      : condition.kind === 'in' && !condition.isNegated
        ? condition.values
        : null;
  if (wanted === null) return null;
  if (builder.kind === 'labels' && builder.other === null)
    return { kind: 'bins', isInside: (bin) => wanted.includes(builder.labels[bin] ?? '') };
  if (builder.kind === 'number' && baseType === 'bool' && !builder.isUnique)
    return { kind: 'bins', isInside: (bin) => wanted.some((value) => Number(isTrue(value)) === builder.histogram.from[bin]) };
  return null;
}

function isTrue(value: string): boolean {
  return value === 't' || value === 'true';
}

/** Bins of the index last, with no more rows than there are families; what is over goes to the other bins. */
function limitBins(column: PlanColumn, isInside: (bin: number) => boolean, most: number): PlanColumn | null {
  const { builder } = column;
  const cumulative =
    builder.kind === 'labels' ? builder.cumulative : builder.kind === 'number' ? builder.histogram.cumulative : [];
  const bins = cumulative.slice(1).map((sum, bin) => ({ bin, count: sum - (cumulative[bin] ?? 0) }));
  // A column of labels has a last bin for other texts, which is empty here.
  const named = builder.kind === 'labels' ? bins.slice(0, builder.labels.length) : bins;
  const outside = named.filter(({ bin }) => !isInside(bin));
  const own = named.filter(({ bin }) => isInside(bin));
  const wanted = own.reduce((sum, { count }) => sum + count, 0);
  const over = Math.max(0, wanted - most);
  const target = outside[0];
  if (over > 0 && target === undefined) return null;
  const kept = takeAway(own, over);
  const ordered = [...outside.map((each) => (each === target ? { ...each, count: each.count + over } : each)), ...kept];
  const sums = runningSums(ordered.map(({ count }) => count));
  if (builder.kind === 'labels') {
    const labels = ordered.map(({ bin }) => builder.labels[bin] ?? '');
    return { ...column, builder: { ...builder, labels, cumulative: [...sums, sums.at(-1) ?? 0] } };
  }
  if (builder.kind !== 'number') return null;
  const from = ordered.map(({ bin }) => builder.histogram.from[bin] ?? 0);
  const width = ordered.map(({ bin }) => builder.histogram.width[bin] ?? 1);
  return { ...column, builder: { ...builder, histogram: { from, width, cumulative: sums } } };
}

function takeAway<Bin extends { readonly count: number }>(bins: readonly Bin[], over: number): Bin[] {
  let left = over;
  return bins.map((bin) => {
    const taken = Math.min(bin.count, left);
    left -= taken;
    return { ...bin, count: bin.count - taken };
  });
}

/** The builder for so many values: the counts of its bins in proportion. */
function withTotal(builder: PlanColumn['builder'], total: number): PlanColumn['builder'] | null {
  if (isEmpty(builder) && total > 0) return null;
  switch (builder.kind) {
    case 'number':
    case 'time':
    case 'delay':
      return { ...builder, histogram: scaled(builder.histogram, total) };
    case 'text':
      return { ...builder, lengths: scaled(builder.lengths, total) };
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
