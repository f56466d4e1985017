// Foreign keys and plain indexes are dropped while rows go in and made again after: per row they cost more than the row.
// Their definitions go into the marker in the transaction that drops them, and leave it in the transaction that makes each
// again. So a crash at any point loses nothing: putBack, from any later session, goes on where it stopped.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { formatTableKey, quoteIdentifier, quoteQualified } from '../core/identifiers.ts';
import type { CatalogTable } from './catalog/catalog.ts';
import { readDefinition, readMarker } from './marker.ts';
import { LIST_FOREIGN_KEYS, LIST_INDEXES, type ListedDefinition } from './marker-definitions.ts';
import { MARKER_HOME } from './marker-home.ts';
import { inTransaction } from './marker-transaction.ts';
import { runQuery, wrapQueryError } from './query.ts';
import type { StoredDefinition } from './stored-definitions.ts';

/**
 * Records and drops, in one transaction, the foreign keys of the tables and those indexes that nothing rests on. Primary
 * keys, unique constraints and foreign keys of other tables stay. The marker must be there (ensureMarker).
 */
export async function setAside(client: pg.Client, tables: readonly CatalogTable[]): Promise<void> {
  const oids = [tables.map((table) => table.oid)];
  await inTransaction(client, async () => {
    const foreignKeys = await runQuery<ListedDefinition>(client, 'listing foreign keys', LIST_FOREIGN_KEYS, oids);
    const indexes = await runQuery<ListedDefinition>(client, 'listing indexes', LIST_INDEXES, oids);
    for (const definition of [...indexes, ...foreignKeys]) await record(client, definition);
    // The key and the index of a partition go with those that they hang on.
    for (const foreignKey of foreignKeys.filter((each) => each.attachIndex === null)) await dropForeignKey(client, foreignKey);
    for (const index of indexes.filter((each) => each.attachIndex === null)) await dropIndex(client, index);
  });
}

/**
 * Makes everything again that setAside recorded and that is not there, indexes first, each in a transaction of its own that
 * also removes its record. `onStep` hears the name before each. Nothing recorded, or no marker: does nothing.
 */
export async function putBack(client: pg.Client, onStep?: (name: string) => void): Promise<void> {
  const definitions = (await readMarker(client))?.definitions ?? [];
  for (const definition of definitions) {
    onStep?.(describeDefinition(definition));
    await inTransaction(client, () => putBackOne(client, definition));
  }
}

/** `public.messages."messages_idx"`-like name for progress and lists: the table, then the object. */
export function describeDefinition({ schema, table, name }: Pick<StoredDefinition, 'schema' | 'table' | 'name'>): string {
  return `${formatTableKey({ schema, name: table })}: ${name}`;
}

/**
 * Makes one recorded object where it is missing, and removes its record; the caller's transaction holds both. The record is read
 * again there: its table may have been renamed since. Throws PUT_BACK_UNSURE, and then the record stays.
 */
export async function putBackOne(client: pg.Client, { id }: StoredDefinition): Promise<void> {
  const definition = await readDefinition(client, id);
  if (definition === undefined) return;
  // A table that is gone took its keys and indexes along: nothing is left to put back.
  if (!definition.isGone) {
    if (definition.isUnsure) throw new ShapecastError('PUT_BACK_UNSURE', { object: describeDefinition(definition) });
    if (definition.kind === 'index') await makeIndex(client, definition);
    else await makeForeignKey(client, definition);
  }
  await runQuery(client, 'removing a record', 'delete from shapecast.definitions where id = $1', [id]);
}

async function record(client: pg.Client, definition: ListedDefinition): Promise<void> {
  const [recorded] = await runQuery(
    client,
    `recording ${describeDefinition(definition)}`,
    `insert into shapecast.definitions as d (kind, schema_name, table_name, object_name, definition, tablespace, description,
                                        attach_schema, attach_index, references_schema, references_table,
                                        table_oid, references_oid, made_in)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, ${MARKER_HOME})
     on conflict (kind, schema_name, table_name, object_name) do update
       set definition = excluded.definition, tablespace = excluded.tablespace, description = excluded.description,
           attach_schema = excluded.attach_schema, attach_index = excluded.attach_index,
           references_schema = excluded.references_schema, references_table = excluded.references_table,
           table_oid = excluded.table_oid, references_oid = excluded.references_oid, made_in = excluded.made_in
       -- not over the record of another table that bore this name, is there still and waits for its own
       where not coalesce(
         d.table_oid <> excluded.table_oid
         and d.made_in = excluded.made_in
         and exists (select from pg_class c where c.oid = d.table_oid and c.relkind in ('r', 'p')), false)
     returning d.id`,
    [
      definition.kind,
      definition.schema,
      definition.table,
      definition.name,
      definition.definition,
      definition.tablespace,
      definition.description,
      definition.attachSchema,
      definition.attachIndex,
      definition.referencesSchema,
      definition.referencesTable,
      definition.tableOid,
      definition.referencesOid,
    ],
  );
  if (recorded === undefined) throw new ShapecastError('PUT_BACK_UNSURE', { object: describeDefinition(definition) });
}

async function dropForeignKey(client: pg.Client, foreignKey: ListedDefinition): Promise<void> {
  const table = quoteQualified({ schema: foreignKey.schema, name: foreignKey.table });
  await runQuery(
    client,
    `dropping ${describeDefinition(foreignKey)}`,
    `alter table ${table} drop constraint ${quoteIdentifier(foreignKey.name)}`,
  );
}

async function dropIndex(client: pg.Client, index: ListedDefinition): Promise<void> {
  await runQuery(client, `dropping ${describeDefinition(index)}`, `drop index ${quoteQualified(index)}`);
}

async function makeForeignKey(client: pg.Client, foreignKey: StoredDefinition): Promise<void> {
  const table = quoteQualified({ schema: foreignKey.schema, name: foreignKey.table });
  const name = quoteIdentifier(foreignKey.name);
  if (await hasForeignKey(client, foreignKey)) return;
  await runDefinition(client, foreignKey, `alter table ${table} add constraint ${name} ${foreignKey.definition}`);
  await comment(client, foreignKey, `constraint ${name} on ${table}`);
}

async function makeIndex(client: pg.Client, index: StoredDefinition): Promise<void> {
  const state = await readIndexState(client, index);
  // The parent's index was made by hand, and the server gave this partition one of another name.
  if (state.isCovered) return;
  if (!state.isThere) {
    // pg_get_indexdef does not say the tablespace; the empty name is the database's own.
    const tablespace = [index.tablespace ?? ''];
    await runQuery(client, 'choosing the tablespace', `select set_config('default_tablespace', $1, true)`, tablespace);
    await runDefinition(client, index, index.definition);
    await comment(client, index, `index ${quoteQualified(index)}`);
  }
  if (index.attachSchema === null || index.attachIndex === null) return;
  const parent = quoteQualified({ schema: index.attachSchema, name: index.attachIndex });
  await runQuery(
    client,
    `attaching ${describeDefinition(index)}`,
    `alter index ${parent} attach partition ${quoteQualified(index)}`,
  );
}

/** The extended protocol takes one statement only, so a record cannot smuggle in a second one. */
async function runDefinition(client: pg.Client, definition: StoredDefinition, text: string): Promise<void> {
  // queryMode is documented by pg and missing from its types.
  const oneStatement = { text, queryMode: 'extended' };
  try {
    await client.query(oneStatement);
  } catch (error) {
    throw wrapQueryError(error, `putting back ${describeDefinition(definition)}`);
  }
}

/** COMMENT takes no parameters: the server quotes the text for us. */
async function comment(client: pg.Client, definition: StoredDefinition, object: string): Promise<void> {
  if (definition.description === null) return;
  const [quoted] = await runQuery<{ literal: string }>(client, 'quoting a comment', 'select quote_literal($1) as literal', [
    definition.description,
  ]);
  const what = `commenting on ${describeDefinition(definition)}`;
  await runQuery(client, what, `comment on ${object} is ${quoted?.literal ?? 'null'}`);
}

async function hasForeignKey(client: pg.Client, foreignKey: StoredDefinition): Promise<boolean> {
  const [found] = await runQuery<{ there: boolean }>(
    client,
    'looking for a foreign key',
    `select exists (select from pg_constraint where conrelid = to_regclass($1) and conname = $2) as there`,
    [quoteQualified({ schema: foreignKey.schema, name: foreignKey.table }), foreignKey.name],
  );
  return found?.there === true;
}

/** isThere: the table has an index of this name. isCovered: it has one attached to the wanted parent index already. */
async function readIndexState(client: pg.Client, index: StoredDefinition): Promise<{ isThere: boolean; isCovered: boolean }> {
  const attach = index.attachSchema === null || index.attachIndex === null ? null : [index.attachSchema, index.attachIndex];
  const [state] = await runQuery<{ isThere: boolean; isCovered: boolean }>(
    client,
    'looking for an index',
    `select exists (select from pg_index where indrelid = to_regclass($1) and indexrelid = to_regclass($2)) as "isThere",
            exists (
              select
              from pg_index i
              join pg_inherits h on h.inhrelid = i.indexrelid
              where i.indrelid = to_regclass($1)
                and h.inhparent = to_regclass($3)
            ) as "isCovered"`,
    [
      quoteQualified({ schema: index.schema, name: index.table }),
      quoteQualified(index),
      attach === null ? null : quoteQualified({ schema: attach[0] ?? '', name: attach[1] ?? '' }),
    ],
  );
  return state ?? { isThere: false, isCovered: false };
}
