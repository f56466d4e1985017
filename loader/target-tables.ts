// The report's tables paired with the target's catalog: everything that load looks at, in the report's order.

import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { formatTableKey, normaliseTableKey, parseTableKey } from '../core/identifiers.ts';
import type { Progress } from '../core/progress.ts';
import type { Catalog, CatalogTable } from '../postgres/catalog/catalog.ts';
import type { Report, ReportTable } from '../spec/report.ts';

export interface TargetTable {
  /** Table key, `public.users`. */
  readonly key: string;
  readonly expected: ReportTable;
  /** null: the target has no such table. */
  readonly found: CatalogTable | null;
}

/** What each question gets. */
export interface Verification {
  readonly client: pg.Client;
  readonly catalog: Catalog;
  readonly tables: readonly TargetTable[];
  readonly print: (line: string) => void;
  readonly startProgress: (label: string, total: number, unit: string) => Progress;
}

/** The report's tables of the schema (null: of all schemas). Throws OPTION_INVALID where it has none: nothing would be asked, and all would hold. */
export function pairTables(report: Report, catalog: Catalog, schema: string | null): TargetTable[] {
  const wanted = report.tables.filter((table) => schema === null || parseTableKey(table.name).schema === schema);
  if (schema !== null && wanted.length === 0)
    throw new ShapecastError('OPTION_INVALID', { option: '--schema', reason: `the report has no table in the schema ${schema}` });
  return wanted.map((expected) => {
    const key = normaliseTableKey(expected.name);
    return { key, expected, found: findTable(catalog, key) };
  });
}

/** The catalog's table of that key, or null. */
export function findTable(catalog: Catalog, key: string): CatalogTable | null {
  return catalog.tables.find((table) => formatTableKey(table) === key) ?? null;
}

/** Rows of all tables as the report has them: what a progress over scans counts. */
export function totalRows(tables: readonly TargetTable[]): number {
  return tables.reduce((sum, table) => sum + table.expected.rows, 0);
}
