// Keys and indexes of a table as its plan saw them. While they are set aside the catalog lacks them, and a run that goes on must
// decide the same plan: it reads them here.
import type pg from 'pg';
import { z } from 'zod';
import { checkDocument } from '../spec/parse-document.ts';
import type { Catalog, CatalogTable } from './catalog/catalog.ts';
import { hasMarker } from './marker.ts';
import { MARKER_HOME } from './marker-home.ts';
import { runQuery } from './query.ts';

const name = z.strictObject({ schema: z.string(), name: z.string() });
const names = z.array(z.string());
const key = z.strictObject({ name: z.string(), columns: names, nullsNotDistinct: z.boolean() });
const structure = z.strictObject({
  primaryKey: key.nullable(),
  uniques: z.array(key),
  foreignKeys: z.array(
    z.strictObject({
      name: z.string(),
      columns: names,
      references: name,
      referencedColumns: names,
      isDeferrable: z.boolean(),
      definition: z.string(),
    }),
  ),
  indexes: z.array(
    z.strictObject({
      name: z.string(),
      columns: z.array(z.string().nullable()),
      method: z.string(),
      isUnique: z.boolean(),
      isPrimary: z.boolean(),
      isConstraint: z.boolean(),
      isPartial: z.boolean(),
      nullsNotDistinct: z.boolean(),
      parts: names,
      expressionColumns: names,
      predicate: z.string().nullable(),
      predicateColumns: names,
      definition: z.string(),
    }),
  ),
});
const recordedRow = z.strictObject({ oid: z.number(), structure });

type Structure = z.output<typeof structure>;

/** Writes down what the catalog says of tables that the marker lists; in the caller's transaction. */
export async function recordStructure(client: pg.Client, tables: readonly CatalogTable[]): Promise<void> {
  for (const table of tables) {
    const { primaryKey, uniques, foreignKeys, indexes } = table;
    // Only what the schema names: a record with a field more would not be read again.
    const text = JSON.stringify(structure.parse(picked({ primaryKey, uniques, foreignKeys, indexes })));
    const sql = 'update shapecast.tables set structure = $2::jsonb where table_oid = $1::oid';
    await runQuery(client, 'recording the structure', sql, [table.oid, text]);
  }
}

// Rows of the catalog's queries carry the table's oid along.
function picked({ primaryKey, uniques, foreignKeys, indexes }: Pick<CatalogTable, keyof Structure>) {
  const keyOf = (each: CatalogTable['uniques'][number]) => pick(each, key);
  return {
    primaryKey: primaryKey === null ? null : keyOf(primaryKey),
    uniques: uniques.map(keyOf),
    foreignKeys: foreignKeys.map((each) => pick(each, structure.shape.foreignKeys.element)),
    indexes: indexes.map((each) => pick(each, structure.shape.indexes.element)),
  };
}

function pick(value: object, { shape }: z.ZodObject): Record<string, unknown> {
  return Object.fromEntries(Object.keys(shape).map((field) => [field, Reflect.get(value, field)]));
}

/** The catalog with the keys and indexes of tables that have some set aside as their record says them. Throws MARKER_FOREIGN. */
export async function withRecordedStructure(client: pg.Client, catalog: Catalog): Promise<Catalog> {
  if (!(await hasMarker(client)) || !(await hasTables(client))) return catalog;
  const recorded = await readRecorded(client);
  if (recorded.size === 0) return catalog;
  return { ...catalog, tables: catalog.tables.map((table) => ({ ...table, ...recorded.get(table.oid) })) };
}

async function hasTables(client: pg.Client): Promise<boolean> {
  const sql = `select to_regclass('shapecast.tables') is not null and to_regclass('shapecast.definitions') is not null as there`;
  const [found] = await runQuery<{ there: boolean }>(client, 'looking for the marker', sql);
  return found?.there === true;
}

async function readRecorded(client: pg.Client): Promise<ReadonlyMap<number, Structure>> {
  // Through jsonb, because the marker of an earlier version lacks the column.
  const rows = await runQuery(
    client,
    'reading the recorded structure',
    `select t.table_oid::int8::float8 as oid, to_jsonb(t) -> 'structure' as structure
     from shapecast.tables t
     where jsonb_typeof(to_jsonb(t) -> 'structure') = 'object'
       and to_jsonb(t) ->> 'made_in' = ${MARKER_HOME}
       and exists (
         select
         from shapecast.definitions d
         where coalesce(pg_partition_root((to_jsonb(d) ->> 'table_oid')::oid), (to_jsonb(d) ->> 'table_oid')::oid) = t.table_oid
            or (to_jsonb(d) ->> 'references_oid')::oid = t.table_oid
       )`,
  );
  const checked = checkDocument(z.array(recordedRow), rows, 'marker', 'the schema shapecast of the target');
  return new Map(checked.map((row) => [row.oid, row.structure]));
}
