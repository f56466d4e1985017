// The tables that are looked at: what is there, what should be, and the columns by which the two are compared.
import type pg from 'pg';
import { ShapecastError } from '../../core/errors.ts';
import { formatTableKey, parseTableKey } from '../../core/identifiers.ts';
import type { Catalog } from '../../postgres/catalog/catalog.ts';
import { readConstantColumns } from '../../postgres/constant-columns.ts';
import { MARKER_SCHEMA } from '../../postgres/marker-tables.ts';
import type { Expected, ExpectedTable } from './expected-tables.ts';
import type { StoredTable } from './stored-hashes.ts';

/** A table that is looked at, and what is known of it. */
export interface Subject {
  readonly key: string;
  readonly expected: ExpectedTable | null;
  /** null: it, or a column of the hash, is not there. */
  readonly stored: StoredTable | null;
  readonly notHashed: readonly string[];
}

/** What is asked for. */
export interface Choice {
  /** Only tables of this schema; null: all. */
  readonly schema: string | null;
  /** Only these tables, by key; empty: all. */
  readonly only: readonly string[];
}

/** The tables that should be there, or all that are where nothing is known. Throws FINGERPRINT_NO_TABLE. */
export async function listSubjects(client: pg.Client, catalog: Catalog, expected: Expected, choice: Choice): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const key of listKeys(catalog, expected, choice)) subjects.push(await subjectOf(client, key, catalog, expected));
  return subjects;
}

function listKeys(catalog: Catalog, expected: Expected, { schema, only }: Choice): string[] {
  const there = catalog.tables.filter((table) => table.schema !== MARKER_SCHEMA).map(formatTableKey);
  const known = expected.kind === 'nothing' ? there : [...expected.tables.keys()];
  const unknown = only.find((key) => !known.includes(key));
  if (unknown !== undefined) throw new ShapecastError('FINGERPRINT_NO_TABLE', { table: unknown });
  return known
    .filter((key) => only.length === 0 || only.includes(key))
    .filter((key) => schema === null || parseTableKey(key).schema === schema);
}

async function subjectOf(client: pg.Client, key: string, catalog: Catalog, { tables }: Expected): Promise<Subject> {
  const table = catalog.tables.find((one) => formatTableKey(one) === key) ?? null;
  const expected = tables.get(key) ?? null;
  if (table === null) return { key, expected, stored: null, notHashed: [] };
  const { columns: names, constants: texts } = expected?.hashed ?? {
    columns: table.columns.filter((column) => !column.generated).map(({ name }) => name),
    constants: {},
  };
  const columns = names.flatMap((name) => table.columns.filter((column) => column.name === name));
  const constants = await readConstantColumns(client, table, texts);
  const isWhole = columns.length === names.length && constants.length === Object.keys(texts).length;
  return {
    key,
    expected,
    stored: isWhole ? { table, columns, constants } : null,
    notHashed: table.columns.map(({ name }) => name).filter((name) => !names.includes(name) && !Object.hasOwn(texts, name)),
  };
}
