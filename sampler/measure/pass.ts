// A pass: what one table (or the degrees over one parent table) is asked for, and the COPY statements that ask it. Each row
// crosses as int4 codes; a large table is cut into page ranges, which several readers share and which show progress.
import type { QualifiedName } from '../../core/identifiers.ts';
import { relationOf } from '../../postgres/relation.ts';
import type { Axis } from '../../spec/axis.ts';
import type { SourceTable } from '../introspect/source.ts';
import type { WireCode } from './codes.ts';

/** A marginal to be: an axis, and the code column that it is read from. */
export interface PlannedMarginal {
  readonly axis: Axis;
  /** Position in the pass's `codes`. */
  readonly code: number;
}

export interface PassStatement {
  readonly sql: string;
  /** Heap pages that the statement reads, for the progress. */
  readonly pages: number;
}

export interface Pass {
  /** The table whose rows are counted. */
  readonly table: string;
  /** Completes "The server refused ...". */
  readonly what: string;
  /** COPY ... TO STDOUT (FORMAT binary): the bucket if there is one, then the codes. Together they give each row once. */
  readonly statements: readonly PassStatement[];
  readonly hasBucket: boolean;
  readonly codes: readonly WireCode[];
  /** Tuples of code positions that are counted together; pairs come with two-axis marginals. */
  readonly groups: readonly (readonly [number])[];
  readonly marginals: readonly PlannedMarginal[];
  /** Fewest units behind a published count. */
  readonly k: number;
  /** Fewest owners of children behind a published degree; null where the children's owners are not asked for. */
  readonly childK: number | null;
}

/** What is read for one row. */
export interface RowSelection {
  readonly bucket: string | null;
  readonly codes: readonly WireCode[];
  /** FROM item and joins. */
  readonly from: string;
  /** Conditions, joined by AND. */
  readonly where: readonly string[];
}

/** The name of the measured row in every statement. */
export const ROW = 't';

/** Smaller tables are read by one statement. */
const MIN_PAGES_FOR_RANGES = 256;
const MAX_RANGES = 64;

/** The COPY statement. Codes that use their value more than once get it from a sub-select, computed once a row. */
export function copyStatement({ bucket, codes, from, where }: RowSelection): string {
  const scalars = [...new Set(codes.map(({ scalar }) => scalar))];
  const nameOf = (code: WireCode) => `c${scalars.indexOf(code.scalar)}`;
  const inner = [
    'select',
    indent([...(bucket === null ? [] : [`${bucket} as b`]), ...scalars.map((scalar, at) => `${scalar} as c${at}`)].join(',\n')),
    `from ${from}`,
    ...(where.length === 0 ? [] : [`where ${where.join('\n  and ')}`]),
  ];
  if (codes.every(({ code }) => code === null)) return copyOf(inner);
  const outer = codes.map((code) => (code.code === null ? `s.${nameOf(code)}` : code.code(`s.${nameOf(code)}`)));
  const columns = indent([...(bucket === null ? [] : ['s.b']), ...outer].join(',\n'));
  // offset 0 keeps the planner from merging the layers again.
  return copyOf(['select', columns, 'from (', indent([...inner, 'offset 0'].join('\n')), ') as s']);
}

function copyOf(query: readonly string[]): string {
  return `copy (\n${indent(query.join('\n'))}\n) to stdout (format binary)`;
}

/** One part of a table's rows: a FROM item, a condition, and the pages behind it. */
export interface TablePart {
  readonly from: string;
  readonly where: readonly string[];
  readonly pages: number;
}

export interface RangeOptions {
  /** At most so many ranges. */
  readonly maxRanges?: number;
  readonly minPages?: number;
}

/** The parts of a table: its leaves, or page ranges of its heap. The last range is open, so no row can fall behind it. */
export function partsOfTable({ table }: SourceTable, options: RangeOptions = {}): TablePart[] {
  if (table.isPartitioned) return leafParts(table.leaves, table.pages);
  const from = `${relationOf(table)} as ${ROW}`;
  const minPages = options.minPages ?? MIN_PAGES_FOR_RANGES;
  const ranges = table.pages > minPages ? Math.min(options.maxRanges ?? MAX_RANGES, MAX_RANGES, table.pages) : 1;
  if (ranges <= 1) return [{ from, where: [], pages: table.pages }];
  const width = Math.ceil(table.pages / ranges);
  const starts = Array.from({ length: Math.ceil(table.pages / width) }, (_, at) => at * width);
  return starts.map((start, at) => {
    const end = starts[at + 1];
    const lower = `${ROW}.ctid >= '(${start},0)'::tid`;
    const where = end === undefined ? [lower] : [lower, `${ROW}.ctid < '(${end},0)'::tid`];
    return { from, where, pages: Math.min(width, table.pages - start) };
  });
}

function leafParts(leaves: readonly QualifiedName[], pages: number): TablePart[] {
  return leaves.map((leaf) => ({
    from: `${relationOf({ ...leaf, isPartitioned: false })} as ${ROW}`,
    where: [],
    pages: Math.floor(pages / Math.max(1, leaves.length)),
  }));
}

/** The pass whose codes are each counted alone. */
export function finishPass(pass: Omit<Pass, 'groups'>): Pass {
  return { ...pass, groups: pass.codes.map((_, code) => [code] as const) };
}

/** Drops repeated codes; returns them with each marginal's position among them. */
export function shareCodes(wanted: readonly { readonly axis: Axis; readonly code: WireCode }[]): {
  codes: WireCode[];
  marginals: PlannedMarginal[];
} {
  const codes: WireCode[] = [];
  const marginals = wanted.map(({ axis, code }) => {
    const known = codes.findIndex(({ id }) => id === code.id);
    return { axis, code: known >= 0 ? known : codes.push(code) - 1 };
  });
  return { codes, marginals };
}

/** Two spaces before each line; a line break inside a quoted name or text is part of it. */
function indent(text: string): string {
  return `  ${text.replace(/"[^"]*"|'[^']*'|\n/g, (part) => (part === '\n' ? '\n  ' : part))}`;
}
