// How many bytes a column's values take in a row of the heap, and where they must begin. Sizes of types: PostgreSQL's pg_type.typlen and
// typalign; values of variable length have a header of 1 byte up to 126 bytes, else of 4 (docs, "TOAST").
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import type { PlanColumn, PlanHistogram, PlanTable } from '../../spec/plan.ts';
import { originOf } from './text-length.ts';

export interface ValueWidth {
  /** Mean bytes of a value, header included. */
  readonly bytes: number;
  /** 1, 2, 4 or 8. */
  readonly alignment: number;
  /** Part of the rows that have a value at all. */
  readonly filledFraction: number;
}

const FIXED: Readonly<Record<string, readonly [bytes: number, alignment: number]>> = {
  bool: [1, 1],
  char: [1, 1],
  int2: [2, 2],
  int4: [4, 4],
  oid: [4, 4],
  float4: [4, 4],
  date: [4, 4],
  enum: [4, 4],
  int8: [8, 8],
  float8: [8, 8],
  money: [8, 8],
  time: [8, 8],
  timestamp: [8, 8],
  timestamptz: [8, 8],
  timetz: [12, 8],
  interval: [16, 8],
  uuid: [16, 1],
  name: [64, 1],
};

/** Bytes that a short value's header spares, and from which length on there is none. */
const LONGEST_SHORT_VALUE = 126;
/** What is guessed for values that the server makes. */
const GUESSED_TEXT = 16;

/** The width of a column of the target; `column` is null where COPY leaves it to the server. */
export function valueWidth(
  tables: readonly PlanTable[],
  table: PlanTable,
  found: CatalogColumn,
  column: PlanColumn | null,
): ValueWidth {
  const filledFraction = column === null ? (isFilledByServer(found) ? 1 : 0) : 1 - nullFraction(table, column);
  const fixed = FIXED[found.kind === 'enum' ? 'enum' : found.baseType];
  if (fixed !== undefined) return { bytes: fixed[0], alignment: fixed[1], filledFraction };
  const content = column === null ? GUESSED_TEXT : contentBytes(tables, table, found, column);
  const isShort = content <= LONGEST_SHORT_VALUE;
  return { bytes: content + (isShort ? 1 : 4), alignment: isShort ? 1 : 4, filledFraction };
}

function isFilledByServer(column: CatalogColumn): boolean {
  return column.generated || column.hasDefault || column.identity !== 'none';
}

function nullFraction(table: PlanTable, column: PlanColumn): number {
  if (column.nullAs !== null) return 0;
  const { builder } = column;
  if (builder.kind === 'constant') return builder.text === null ? 1 : 0;
  const nulls = builder.kind === 'reference' ? (table.references[builder.reference]?.nulls ?? 0) : (column.ranks?.nulls ?? 0);
  return nulls / Math.max(1, table.rows);
}

/** Mean bytes of a value of variable length, without its header. Our texts are ASCII. */
function contentBytes(tables: readonly PlanTable[], table: PlanTable, found: CatalogColumn, column: PlanColumn): number {
  const origin = originOf(tables, table, column);
  if (origin === null) return GUESSED_TEXT;
  if (found.baseType === 'bpchar') return found.maxLength ?? 1;
  const { builder } = origin.column;
  const digits = String(Math.max(1, origin.table.rows)).length;
  switch (builder.kind) {
    case 'text':
      return meanOf(builder.lengths);
    case 'bytes':
      return meanOf(builder.lengths);
    case 'json':
      return meanOf(builder.bytes);
    case 'array':
      return 20 + 8 * meanOf(builder.lengths);
    case 'labels':
      return meanLabel(builder.labels, builder.cumulative, builder.other?.lengths ?? null);
    case 'degreeClass':
      return builder.labels.reduce((sum, label) => sum + label.length, 0) / Math.max(1, builder.labels.length);
    case 'template':
      return builder.before.length + builder.after.length + digits;
    case 'id':
      return builder.length;
    case 'uuid':
      return 36;
    case 'constant':
      return found.baseType === 'numeric' ? 6 : (builder.text?.length ?? 0);
    // numeric: two bytes of header, two for every four digits.
    case 'sequence':
      return found.baseType === 'numeric' ? 2 + 2 * Math.ceil(digits / 4) : digits;
    case 'number':
      return 2 + 2 * Math.ceil(String(Math.round(meanOf(builder.histogram))).length / 4 + column.shownDecimals / 8);
    default:
      return GUESSED_TEXT;
  }
}

function meanLabel(labels: readonly string[], cumulative: readonly number[], other: PlanHistogram | null): number {
  const total = cumulative.at(-1) ?? 0;
  if (total === 0) return 0;
  const known = labels.reduce((sum, label, at) => sum + label.length * ((cumulative[at + 1] ?? 0) - (cumulative[at] ?? 0)), 0);
  const rest = total - (cumulative[labels.length] ?? total);
  return (known + (other === null ? 0 : rest * meanOf(other))) / total;
}

/** Mean value of a histogram. */
export function meanOf({ from, width, cumulative }: PlanHistogram): number {
  const total = cumulative.at(-1) ?? 0;
  const sum = from.reduce(
    (running, start, bin) =>
      running + (start + ((width[bin] ?? 1) - 1) / 2) * ((cumulative[bin + 1] ?? 0) - (cumulative[bin] ?? 0)),
    0,
  );
  return total === 0 ? 0 : sum / total;
}
