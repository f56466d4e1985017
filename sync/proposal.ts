// A proposed rule, and what kinds of columns proposals tell apart.
import { formatTableKey, type QualifiedName } from '../core/identifiers.ts';
import type { CatalogColumn } from '../postgres/catalog/catalog.ts';

/** A rule as YAML's flow form, and why, for a person to judge. */
export interface Proposal {
  /** null: none fits, so a person has to decide before anything is copied. */
  readonly rule: string | null;
  readonly why: string;
  /** Under a unique key or a reference, where values must stay different and the same. */
  readonly isKey?: true;
}

/** The column's key in a map of findings. */
export function columnKey(table: QualifiedName, column: CatalogColumn): string {
  return `${formatTableKey(table)}\n${column.name}`;
}

const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar', 'citext']);

/** Whether the column stores text as such. */
export function isText({ baseType }: Pick<CatalogColumn, 'baseType'>): boolean {
  return TEXTS.has(baseType);
}

/** Whether the column stores JSON. */
export function isJson({ baseType }: Pick<CatalogColumn, 'baseType'>): boolean {
  return baseType === 'json' || baseType === 'jsonb';
}
