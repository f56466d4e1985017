// The third stage: every text and document of the shadow past the detectors, streamed out of the shadow row by row. Columns whose form
// the second stage has proven, and whose form holds nothing of the source, are left out.
import type pg from 'pg';
import { quoteIdentifier } from '../../core/identifiers.ts';
import type { Progress } from '../../core/progress.ts';
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import { copyToStdout } from '../../postgres/copy-streams.ts';
import { decodeCopyField } from '../../postgres/copy-text.ts';
import { wrapQueryError } from '../../postgres/query.ts';
import type { UncheckedColumn, VerificationFinding } from '../../spec/shadow-verification.ts';
import type { ColumnRule, ReviewableFinding } from '../../spec/sync-rules.ts';
import type { PlannedTable } from '../planned-table.ts';
import { formOfColumn } from './forms/column-form.ts';
import { readLines } from './line-reader.ts';
import { fromSql } from './plan-shadow.ts';
import { detectInto, ownFormsOf, type ValueDetector } from './value-detectors.ts';
import { eachText, type TextShape } from './value-texts.ts';

export interface Detected extends VerificationFinding {
  readonly finds: ReviewableFinding;
}

interface ScannedColumn {
  readonly name: string;
  readonly rule: ColumnRule | null;
  readonly sql: string;
  readonly shape: TextShape;
  readonly maxLength: number | null;
  readonly own: readonly RegExp[];
  readonly rows: Map<ValueDetector, number>;
}

// Types that hold no free text; everything else is read as text, types of extensions too.
const WITHOUT_TEXT = new Set(
  'int2 int4 int8 numeric float4 float8 money bool date time timetz timestamp timestamptz interval uuid bytea enum oid point line lseg box path polygon circle macaddr macaddr8 bit varbit pg_lsn xid8'.split(
    ' ',
  ),
);

export interface ScannedTable {
  readonly table: PlannedTable;
  /** Columns with values that are not of their form, also where somebody has reviewed that. */
  readonly unproven: ReadonlySet<string>;
}

/** What the detectors find in a table, by column and detector. Memory: one piece of the stream and one row. */
export async function scanValues(client: pg.Client, scanned: ScannedTable, progress: Progress): Promise<Detected[]> {
  const { table } = scanned;
  const columns = columnsToScan(scanned);
  if (columns.length === 0) return [];
  const sql = `copy (select ${columns.map((column) => column.sql).join(', ')} from ${fromSql(table)}) to stdout`;
  const reader = readLines(copyToStdout(client, sql));
  try {
    for (;;) {
      const waiting = reader.next();
      const line = typeof waiting === 'string' ? waiting : await waiting;
      if (line === null) break;
      lookAtRow(line.split('\t'), columns);
      progress.advance(1, table.key);
    }
  } catch (error) {
    throw wrapQueryError(error, `reading ${table.key}`);
  }
  return columns.flatMap((column) => detectedIn(table.key, column));
}

const UNREAD_KINDS: ReadonlySet<string> = new Set(['keep', 'shuffle', 'sql']);

/** Columns of bytes that may be production's, which nobody looks into. */
export function listUnreadBytes({ key, columns }: PlannedTable): UncheckedColumn[] {
  return columns
    .filter(({ column, rule }) => (column.baseType === 'bytea' || column.elementType === 'bytea') && UNREAD_KINDS.has(rule.kind))
    .map(({ column, rule }) => ({
      stage: 'detectors',
      table: key,
      column: column.name,
      rule: rule.kind,
      why: 'bytes are not read as texts',
    }));
}

/** The columns of a table that the detectors look at. */
export function columnsToScan({ table, unproven }: ScannedTable): ScannedColumn[] {
  const planned = new Map(table.columns.map((one) => [one.column.name, one]));
  return table.catalog.columns.flatMap((column) => {
    const type = column.kind === 'array' || column.elementType !== null ? (column.elementType ?? '') : column.baseType;
    if (WITHOUT_TEXT.has(type) || column.kind === 'enum') return [];
    const own = planned.get(column.name);
    const form = own === undefined ? null : formOfColumn(table, own);
    if (form !== null && 'isWhole' in form && form.isWhole && !unproven.has(column.name)) return [];
    const rule = own?.rule ?? null;
    return [
      {
        name: column.name,
        rule,
        ...readingOf(column),
        own: ownFormsOf(rule, column.maxLength),
        maxLength: column.maxLength,
        rows: new Map<ValueDetector, number>(),
      },
    ];
  });
}

function readingOf({ name, baseType, elementType }: CatalogColumn): { readonly sql: string; readonly shape: TextShape } {
  const column = quoteIdentifier(name);
  if (elementType !== null) return { sql: `to_jsonb(${column})::text`, shape: 'quoted' };
  if (baseType === 'json') return { sql: `${column}::text`, shape: 'quoted' };
  return { sql: `${column}::text`, shape: baseType === 'jsonb' || baseType === 'hstore' ? 'quoted' : 'plain' };
}

function lookAtRow(fields: readonly string[], columns: readonly ScannedColumn[]): void {
  for (const [at, column] of columns.entries()) {
    const value = decodeCopyField(fields[at] ?? '\\N');
    if (value === null || value === '') continue;
    const found = new Set<ValueDetector>();
    eachText(value, column.shape, (text) => {
      if (!column.own.some((form) => form.test(text))) detectInto(found, text);
    });
    for (const one of found) column.rows.set(one, (column.rows.get(one) ?? 0) + 1);
  }
}

function detectedIn(table: string, { name, rule, rows }: ScannedColumn): Detected[] {
  return [...rows].map(([{ finds, detector }, count]) => ({
    stage: 'detectors',
    table,
    column: name,
    rule: rule?.kind ?? null,
    what: detector.what,
    count,
    finds,
  }));
}
