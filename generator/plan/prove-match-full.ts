// A foreign key over several columns that is declared MATCH FULL lets a row leave out all of its columns or none. Which rows
// leave a column out is known from the plan: those of its reference's NULLs, or of its own. The columns of the key have to agree.

import type { CatalogForeignKey, CatalogTable } from '../../postgres/catalog/catalog.ts';
import type { PlanTable } from '../../spec/plan.ts';
import type { Problems } from './problems.ts';

/** Which rows have a NULL; columns of equal `rows` have them in the same ones. */
interface Nulls {
  readonly rows: string;
  readonly text: string;
}

const NEVER: Nulls = { rows: 'never', text: 'is never NULL' };
const ALWAYS: Nulls = { rows: 'always', text: 'is always NULL' };

/** Adds a problem when rows of the plan would have some of the key's columns NULL and others not, and the key forbids it. */
export function proveMatchFull(table: PlanTable, catalog: CatalogTable, key: CatalogForeignKey, problems: Problems): void {
  if (key.columns.length < 2 || !isMatchFull(key)) return;
  const nulls = key.columns.map((name) => ({ name, ...nullsOf(table, catalog, name) }));
  if (nulls.every(({ rows }) => rows === nulls[0]?.rows)) return;
  const found = nulls.map(({ name, text }) => `${name} ${text}`).join(', ');
  problems.add(
    `tables.${table.name}.references`,
    `the foreign key ${key.name} is MATCH FULL, so (${key.columns.join(', ')}) must be NULL together or not at all, and ${found}: set nullFraction to 0, let one reference make all of these columns and allow NULL in each, or declare the key MATCH SIMPLE in the target`,
  );
}

// Quoted names may say anything.
function isMatchFull({ definition }: CatalogForeignKey): boolean {
  return / MATCH FULL\b/.test(definition.replace(/"(?:[^"]|"")*"/g, ''));
}

function nullsOf(table: PlanTable, catalog: CatalogTable, name: string): Nulls {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) return nullsOfServer(catalog, name);
  const { builder, ranks, nullAs } = column;
  if (builder.kind === 'constant' && builder.text === null) return ALWAYS;
  if (builder.kind !== 'reference') {
    const count = nullAs === null ? (ranks?.nulls ?? 0) : 0;
    return nullsIn(table, count, { rows: `column ${name}`, text: `is NULL in ${count} rows of its own` });
  }
  const reference = table.references[builder.reference];
  if (reference === undefined || reference.nullAs !== null || builder.isAlwaysSet === true) return NEVER;
  return nullsIn(table, reference.nulls, {
    rows: `reference ${reference.name}`,
    text: `is NULL where the reference ${reference.name} is (${reference.nulls} rows)`,
  });
}

function nullsIn(table: PlanTable, count: number, some: Nulls): Nulls {
  if (count === 0) return NEVER;
  return count >= table.rows ? ALWAYS : some;
}

/** A column that COPY does not name has its default, its identity or its expression, or else nothing. */
function nullsOfServer(catalog: CatalogTable, name: string): Nulls {
  const column = catalog.columns.find((candidate) => candidate.name === name);
  const isFilled = column !== undefined && (column.generated || column.hasDefault || column.identity !== 'none');
  return isFilled ? NEVER : ALWAYS;
}
