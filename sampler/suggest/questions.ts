// Asking the source: one statement at a time on one connection, and how much of a large table a statement reads.
import type pg from 'pg';
import { quoteIdentifier } from '../../core/identifiers.ts';
import type { Progress } from '../../core/progress.ts';
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';
import { runQuery } from '../../postgres/query.ts';
import { relationOf } from '../../postgres/relation.ts';
import type { SourceTable } from '../introspect/source.ts';

/** A connection to the snapshot, and what tells a person that it works. */
export interface Questions {
  readonly client: pg.Client;
  readonly progress: Progress;
}

/** The one row of a statement whose columns are numbers or null. */
export async function askNumbers(
  questions: Questions,
  what: string,
  sql: string,
): Promise<Readonly<Record<string, number | null>>> {
  const [row] = await runQuery<Record<string, number | null>>(questions.client, what, sql);
  return row ?? {};
}

/** Larger tables (about 160 MB) are read by a sample of their pages. */
export const MAX_PAGES = 20_000;

export function isSampled({ table }: SourceTable): boolean {
  return table.pages > MAX_PAGES;
}

/** The table as a FROM item called `alias`; of a large one about MAX_PAGES pages, the same ones every time. */
export function sampledFrom(table: SourceTable, alias: string): string {
  const from = `${relationOf(table.table)} as ${alias}`;
  if (!isSampled(table)) return from;
  const percent = Math.max(0.01, (100 * MAX_PAGES) / table.table.pages).toFixed(4);
  return `${from} tablesample system (${percent}) repeatable (1)`;
}

/** Types whose values can be compared as keys. */
export type KeyFamily = 'integer' | 'uuid' | 'text' | 'caseless';

const FAMILIES: Readonly<Record<string, KeyFamily>> = {
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  uuid: 'uuid',
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
  citext: 'caseless',
};

/** The family of the column's type; null for a type that no key has. */
export function keyFamilyOf(column: CatalogColumn): KeyFamily | null {
  if (column.kind !== 'base' && column.kind !== 'domain') return null;
  if (column.baseType === 'numeric') return column.scale === 0 ? 'integer' : null;
  return FAMILIES[column.baseType] ?? null;
}

/** SQL of the column's value such that values of one family compare by `=` in pg_catalog. */
export function keyExpression(column: CatalogColumn, alias: string): string {
  const value = `${alias}.${quoteIdentifier(column.name)}`;
  const family = keyFamilyOf(column);
  if (family === 'caseless') return `lower(${value}::text)`;
  return family === 'text' ? `${value}::text` : value;
}
