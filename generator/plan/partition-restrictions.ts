// What a table's partitions leave of its key columns: without a DEFAULT partition a value outside of all bounds has no place.
import type { CatalogColumn, CatalogTable } from '../../postgres/catalog/catalog.ts';
import { type BoundEdge, type PartitionBound, parsePartitionBound } from '../../postgres/catalog/partition-bound.ts';
import { isWholeKey, wholeBound } from './bound-value.ts';
import { type Interval, mergeIntervals, type Restriction, UNRESTRICTED } from './restriction.ts';

/** Restrictions by column; empty for a plain table, a hash-partitioned one, one with a DEFAULT partition. */
export function partitionRestrictions(table: CatalogTable): Map<string, Restriction> {
  const none = new Map<string, Restriction>();
  const { partitioning } = table;
  if (partitioning === null || partitioning.strategy === 'hash') return none;
  const bounds = partitioning.partitions.map((partition) => parsePartitionBound(partition.bound));
  if (bounds.some((bound) => bound === null || bound.kind === 'default')) return none;
  const known = bounds.filter((bound) => bound !== null);
  const columns = partitioning.columns.map((name) => table.columns.find((column) => column.name === name));
  return partitioning.strategy === 'list' ? listRestriction(columns[0], known) : rangeRestrictions(columns, known);
}

function listRestriction(column: CatalogColumn | undefined, bounds: readonly PartitionBound[]): Map<string, Restriction> {
  if (column === undefined) return new Map();
  const values = bounds.flatMap((bound) => (bound.kind === 'list' ? bound.values : []));
  // The server writes char(n) with its padding, which means nothing.
  const isPadded = column.baseType === 'bpchar';
  const texts = values.filter((value) => value !== null).map((text) => (isPadded ? text.replace(/ +$/, '') : text));
  const isNotNull = texts.length === values.length;
  const isBoolean = column.baseType === 'bool';
  const restriction: Restriction = {
    ...UNRESTRICTED,
    isNotNull,
    labels: isWholeKey(column.baseType) && !isBoolean ? null : texts,
    intervals: isWholeKey(column.baseType) ? listIntervals(column, texts) : null,
  };
  return new Map([[column.name, restriction]]);
}

function listIntervals(column: CatalogColumn, texts: readonly string[]): Interval[] | null {
  const decimals = decimalsOf(column);
  const values = texts.map((text) => wholeBound(text, column.baseType, decimals));
  if (values.some((value) => !Number.isFinite(value))) return null;
  return toColumnUnit(mergeIntervals(values.map((value) => ({ from: value, to: value + 1 }))), decimals);
}

/** Digits after the point in which bounds are compared; a numeric without a scale is given twelve, as many as a spec may ask for. */
function decimalsOf(column: CatalogColumn): number {
  return column.baseType === 'numeric' ? Math.max(0, column.scale ?? 12) : 0;
}

function toColumnUnit(intervals: readonly Interval[], decimals: number): Interval[] {
  const scale = 10 ** decimals;
  return intervals.map(({ from, to }) => ({ from: from / scale, to: to / scale }));
}

/**
 * The first column keeps what lies in some partition whatever the other columns are; none of them may be NULL. Partitions that follow on
 * each other are taken as one, so that only the outer edges are lost to the other columns.
 */
function rangeRestrictions(
  columns: readonly (CatalogColumn | undefined)[],
  bounds: readonly PartitionBound[],
): Map<string, Restriction> {
  const restrictions = new Map(
    columns.flatMap((column): [string, Restriction][] =>
      column === undefined ? [] : [[column.name, { ...UNRESTRICTED, isNotNull: true }]],
    ),
  );
  const [first] = columns;
  if (first === undefined || !isWholeKey(first.baseType)) return restrictions;
  const intervals = firstColumnIntervals(first, bounds);
  if (intervals !== null) restrictions.set(first.name, { ...UNRESTRICTED, isNotNull: true, intervals });
  return restrictions;
}

interface Span {
  readonly from: readonly BoundEdge[];
  readonly to: readonly BoundEdge[];
}

function firstColumnIntervals(column: CatalogColumn, bounds: readonly PartitionBound[]): Interval[] | null {
  const decimals = decimalsOf(column);
  const spans = joinSpans(bounds.flatMap((bound) => (bound.kind === 'range' ? [bound] : [])));
  const intervals = spans.map(({ from, to }) => {
    const start = edgeNumber(from[0], column, decimals);
    // Rows on the lower edge belong here for certain only where the other columns start at their lowest.
    const isWhole = !Number.isFinite(start) || from.slice(1).every((edge) => edge.kind === 'lowest');
    return { from: isWhole ? start : start + 1, to: edgeNumber(to[0], column, decimals) };
  });
  if (intervals.some(({ from, to }) => Number.isNaN(from) || Number.isNaN(to))) return null;
  return toColumnUnit(mergeIntervals(intervals), decimals);
}

/** Makes one span of those where one ends exactly where another starts. */
function joinSpans(spans: readonly Span[]): Span[] {
  const byStart = new Map(spans.map((span) => [JSON.stringify(span.from), span]));
  const ends = new Set(spans.map((span) => JSON.stringify(span.to)));
  return spans
    .filter((span) => !ends.has(JSON.stringify(span.from)))
    .map((start) => {
      let last = start;
      for (let next = byStart.get(JSON.stringify(last.to)); next !== undefined; next = byStart.get(JSON.stringify(last.to)))
        last = next;
      return { from: start.from, to: last.to };
    });
}

function edgeNumber(edge: BoundEdge | undefined, column: CatalogColumn, decimals: number): number {
  if (edge === undefined) return Number.NaN;
  if (edge.kind === 'lowest') return Number.NEGATIVE_INFINITY;
  if (edge.kind === 'highest') return Number.POSITIVE_INFINITY;
  return wholeBound(edge.text, column.baseType, decimals);
}
