// Foreign keys, primary keys, unique constraints and indexes are dropped while rows go in and made again after: per row they cost
// more than the row. Their definitions go into the marker in the transaction that drops them, and leave it in the transaction that
// makes each again (put-back.ts). So a crash at any point loses nothing.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { quoteIdentifier, quoteQualified } from '../core/identifiers.ts';
import type { CatalogTable } from './catalog/catalog.ts';
import { LIST_FOREIGN_KEYS, LIST_INDEXES, type ListedDefinition } from './marker-definitions.ts';
import { MARKER_HOME } from './marker-home.ts';
import { inTransaction } from './marker-transaction.ts';
import { describeDefinition } from './put-back.ts';
import { runQuery } from './query.ts';
import { recordStructure } from './recorded-structure.ts';

/**
 * Records and drops, in one transaction, the keys and indexes of the tables that nothing else rests on, and the foreign keys that
 * planned tables have to them. Foreign keys of tables that are not planned stay, and what they rest on. With the keys the structure is
 * recorded that a plan reads (recorded-structure.ts). The marker must be there (ensureMarker).
 */
export async function setAside(
  client: pg.Client,
  tables: readonly CatalogTable[],
  planned: readonly CatalogTable[] = tables,
): Promise<void> {
  const oids = [tables.map((table) => table.oid), planned.map((table) => table.oid)];
  await inTransaction(client, async () => {
    const foreignKeys = await runQuery<ListedDefinition>(client, 'listing foreign keys', LIST_FOREIGN_KEYS, oids);
    const indexes = await runQuery<ListedDefinition>(client, 'listing indexes', LIST_INDEXES, oids);
    await recordStructure(client, planned);
    for (const definition of [...indexes, ...foreignKeys]) await record(client, definition);
    // The key and the index of a partition go with those that they hang on.
    for (const foreignKey of foreignKeys.filter((each) => each.attachIndex === null)) await dropConstraint(client, foreignKey);
    for (const index of indexes.filter((each) => each.attachIndex === null)) {
      await (index.keyDefinition === null ? dropIndex(client, index) : dropConstraint(client, index));
    }
  });
}

async function record(client: pg.Client, definition: ListedDefinition): Promise<void> {
  const [recorded] = await runQuery(
    client,
    `recording ${describeDefinition(definition)}`,
    `insert into shapecast.definitions as d (kind, schema_name, table_name, object_name, definition, tablespace, description,
                                        attach_schema, attach_index, references_schema, references_table,
                                        table_oid, references_oid, key_definition, key_description, is_clustered, made_in)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, ${MARKER_HOME})
     on conflict (kind, schema_name, table_name, object_name) do update
       set definition = excluded.definition, tablespace = excluded.tablespace, description = excluded.description,
           attach_schema = excluded.attach_schema, attach_index = excluded.attach_index,
           references_schema = excluded.references_schema, references_table = excluded.references_table,
           table_oid = excluded.table_oid, references_oid = excluded.references_oid, key_definition = excluded.key_definition,
           key_description = excluded.key_description, is_clustered = excluded.is_clustered, made_in = excluded.made_in
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
      definition.keyDefinition,
      definition.keyDescription,
      definition.isClustered,
    ],
  );
  if (recorded === undefined) throw new ShapecastError('PUT_BACK_UNSURE', { object: describeDefinition(definition) });
}

async function dropConstraint(client: pg.Client, constraint: ListedDefinition): Promise<void> {
  const table = quoteQualified({ schema: constraint.schema, name: constraint.table });
  await runQuery(
    client,
    `dropping ${describeDefinition(constraint)}`,
    `alter table ${table} drop constraint ${quoteIdentifier(constraint.name)}`,
  );
}

async function dropIndex(client: pg.Client, index: ListedDefinition): Promise<void> {
  await runQuery(client, `dropping ${describeDefinition(index)}`, `drop index ${quoteQualified(index)}`);
}
