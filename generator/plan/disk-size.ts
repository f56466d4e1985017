// The bytes that a plan's tables and indexes will take on disk. Layout: PostgreSQL docs, "Database Page Layout": pages of 8192 bytes with a
// header of 24, a line pointer of 4 bytes per row, a tuple header of 23 bytes (and a bitmap where a value is NULL) brought to a multiple
// of 8; B-tree pages: "B-Tree Indexes", fillfactor 90 and deduplication. WAL and sort files come on top and go again.
import type { CatalogIndex, CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { PlanTable } from '../../spec/plan.ts';
import { countValues } from './count-values.ts';
import { type ValueWidth, valueWidth } from './value-width.ts';

const PAGE_BYTES = 8192;
const PAGE_HEADER_BYTES = 24;
const LINE_POINTER_BYTES = 4;
const TUPLE_HEADER_BYTES = 23;
/** Larger tuples are compressed or moved out of the row. */
const TOAST_THRESHOLD_BYTES = 2032;
/** The B-tree's own part of a page, and of an entry. */
const INDEX_SPECIAL_BYTES = 16;
const INDEX_HEADER_BYTES = 8;
const ROW_POINTER_BYTES = 6;
/** Share of a leaf page that is filled when keys come in order; random ones split pages in halves (ln 2 on average). */
const ORDERED_FILL = 0.9;
const RANDOM_FILL = 0.7;
/** Row pointers of one deduplicated entry: a tenth of a page. */
const POSTING_ROWS = 130;
/** Free space and visibility maps. */
const MAP_BYTES = 5 * PAGE_BYTES;

/** Heap, indexes and maps of one table, in bytes. Pure; an estimate. */
export function diskBytes(tables: readonly PlanTable[], table: PlanTable, catalog: CatalogTable): number {
  const widths = new Map(
    catalog.columns.map((found) => {
      const column = table.columns.find((candidate) => candidate.name === found.name) ?? null;
      return [found.name, valueWidth(tables, table, found, column)];
    }),
  );
  const indexes = catalog.indexes.reduce((sum, index) => sum + indexBytes(tables, table, index, widths), 0);
  const heap = heapBytes(table.rows, [...widths.values()]);
  return heap + indexes + (heap > 0 ? MAP_BYTES : 0);
}

function heapBytes(rows: number, widths: readonly ValueWidth[]): number {
  const hasNulls = widths.some(({ filledFraction }) => filledFraction < 1);
  const header = alignUp(TUPLE_HEADER_BYTES + (hasNulls ? Math.ceil(widths.length / 8) : 0), 8);
  const tuple = alignMean(header + rowWidth(widths), isFixed(widths) ? 0 : 8);
  if (tuple > TOAST_THRESHOLD_BYTES) return Math.ceil((rows * tuple * 1.05) / PAGE_BYTES) * PAGE_BYTES;
  const perPage = (PAGE_BYTES - PAGE_HEADER_BYTES) / (tuple + LINE_POINTER_BYTES);
  // A page ends with half a row's room, on average; rows of one width fill it exactly as often as they fit.
  const fits = isFixed(widths) ? Math.floor(perPage) : Math.max(1, perPage - 0.5);
  return Math.ceil(rows / Math.max(1, fits)) * PAGE_BYTES;
}

/**
 * Values one after the other, each where its alignment lets it begin. After a value whose width varies nobody knows where the next
 * one begins: it loses half of its alignment on average, and what follows is in step again.
 */
function rowWidth(widths: readonly ValueWidth[]): number {
  let at = 0;
  let isKnown = true;
  for (const { bytes, alignment, filledFraction } of widths) {
    if (filledFraction === 0) continue;
    const gap = isKnown ? alignUp(at, alignment) - at : (alignment - 1) / 2;
    at += filledFraction * (gap + bytes);
    if (!isFixedWidth(bytes, alignment) || filledFraction < 1) isKnown = false;
    else if (!isKnown && alignment > 1) {
      at = alignUp(Math.floor(at), alignment);
      isKnown = true;
    }
  }
  return at;
}

function indexBytes(
  tables: readonly PlanTable[],
  table: PlanTable,
  index: CatalogIndex,
  widths: ReadonlyMap<string, ValueWidth>,
): number {
  const empty = PAGE_BYTES;
  if (table.rows === 0) return empty;
  if (index.method === 'brin') return 3 * PAGE_BYTES;
  const parts = index.columns.map((name) => widths.get(name ?? '') ?? { bytes: 17, alignment: 1, filledFraction: 1 });
  const entry = INDEX_HEADER_BYTES + alignUp(Math.round(rowWidth(parts)), 8) + LINE_POINTER_BYTES;
  if (index.method === 'hash') return empty + Math.ceil((table.rows * 20) / (PAGE_BYTES * 0.75)) * PAGE_BYTES;
  const repeats = index.isUnique ? 1 : repeatsOf(tables, table, index);
  const perRow = repeats < 2 ? entry : entry / Math.min(repeats, POSTING_ROWS) + ROW_POINTER_BYTES;
  const room = (PAGE_BYTES - PAGE_HEADER_BYTES - INDEX_SPECIAL_BYTES) * fillOf(table, index);
  const leaves = Math.ceil((table.rows * perRow) / room);
  const upper = leaves > 1 ? Math.ceil((leaves * 1.01 * entry) / room) : 0;
  return empty + (leaves + upper) * PAGE_BYTES;
}

/** Rows per different key: only where the plan bounds the values. */
function repeatsOf(tables: readonly PlanTable[], table: PlanTable, index: CatalogIndex): number {
  const values = index.columns.map((name) => {
    const column = table.columns.find((candidate) => candidate.name === name);
    return column === undefined ? Number.POSITIVE_INFINITY : countValues(tables, table, column);
  });
  return (
    table.rows /
    Math.max(
      1,
      values.reduce((product, count) => product * count, 1),
    )
  );
}

/** Plain indexes are built at the end, from sorted keys; keys that stay in place take their entries in the order of the rows. */
function fillOf(table: PlanTable, index: CatalogIndex): number {
  if (!index.isUnique && !index.isPrimary) return ORDERED_FILL;
  const first = table.columns.find((column) => column.name === index.columns[0]);
  if (first === undefined) return RANDOM_FILL;
  switch (first.builder.kind) {
    case 'sequence':
      return ORDERED_FILL;
    case 'uuid':
      return first.builder.version === 7 ? ORDERED_FILL : RANDOM_FILL;
    default:
      return first.ranks?.order === 'row' ? ORDERED_FILL : RANDOM_FILL;
  }
}

function isFixed(widths: readonly ValueWidth[]): boolean {
  return widths.every(
    ({ bytes, alignment, filledFraction }) => filledFraction === 0 || (filledFraction === 1 && isFixedWidth(bytes, alignment)),
  );
}

/** Types of one width are aligned to more than a byte, but for boolean (1) and uuid (16). */
function isFixedWidth(bytes: number, alignment: number): boolean {
  return Number.isInteger(bytes) && (alignment > 1 || bytes === 1 || bytes === 16);
}

function alignUp(bytes: number, to: number): number {
  return Math.ceil(bytes / to) * to;
}

/** A tuple is brought to a multiple of 8: half of the step on average where its width varies. */
function alignMean(bytes: number, spread: number): number {
  return spread === 0 ? alignUp(bytes, 8) : bytes + (spread - 1) / 2;
}
