// The records of what setAside dropped, read as they apply now: a table that was renamed or moved since has its present name, in
// the text too. What cannot be told for sure is said (isUnsure), never guessed.
import { z } from 'zod';
import { followRename } from './follow-rename.ts';
import { locateTable } from './marker-home.ts';

const definitionRow = z
  .strictObject({
    id: z.number(),
    kind: z.enum(['index', 'foreignKey']),
    /** Present names; those of the record where the table is gone. */
    schema: z.string(),
    table: z.string(),
    name: z.string(),
    definition: z.string(),
    tablespace: z.string().nullable(),
    description: z.string().nullable(),
    keyDefinition: z.string().nullable(),
    keyDescription: z.string().nullable(),
    isClustered: z.boolean(),
    /** The table is cut into partitions. */
    isPartitioned: z.boolean(),
    /** The table, or the one that it is a partition of, at the top. */
    rootSchema: z.string(),
    rootTable: z.string(),
    attachSchema: z.string().nullable(),
    attachIndex: z.string().nullable(),
    referencesSchema: z.string().nullable(),
    referencesTable: z.string().nullable(),
    /** The table, or the one that a foreign key points at, is gone, and its keys and indexes with it. */
    isGone: z.boolean(),
    spelledName: z.string(),
    tableWas: z.string(),
    tableIs: z.string(),
    referencesWas: z.string().nullable(),
    referencesIs: z.string().nullable(),
  })
  .refine((row) => row.keyDefinition === null || /^(PRIMARY KEY|UNIQUE) [^;]*$/.test(row.keyDefinition), {
    path: ['keyDefinition'],
    message: 'not the definition of a primary key or a unique constraint',
  })
  // The text is run as SQL when it is put back: nothing but what the server itself spells for these two kinds.
  .refine((row) => (row.kind === 'index' ? /^CREATE (UNIQUE )?INDEX / : /^FOREIGN KEY \(/).test(row.definition), {
    path: ['definition'],
    message: 'not the definition of an index or a foreign key',
  });

/** A row of SELECT_DEFINITIONS, with the text for the present names. */
export const storedDefinition = definitionRow.transform(
  ({ spelledName, tableWas, tableIs, referencesWas, referencesIs, ...row }) => {
    const references = referencesWas === null || referencesIs === null ? null : { from: referencesWas, to: referencesIs };
    const table = { from: tableWas, to: tableIs };
    const text = followRename({ kind: row.kind, definition: row.definition, name: spelledName, table, references });
    // isUnsure: a table was renamed, and the text does not say its old name where it should.
    return { ...row, definition: text ?? row.definition, isUnsure: text === null };
  },
);

export type StoredDefinition = z.output<typeof storedDefinition>;

// Read through jsonb, because the marker of an earlier version lacks these columns.
const added = (column: string) => `(to_jsonb(d) ->> '${column}')`;
const home = added('made_in');
const TABLE = locateTable({ schema: 'd.schema_name', name: 'd.table_name', oid: `${added('table_oid')}::oid`, home });
const REFERENCES = locateTable({
  schema: 'd.references_schema',
  name: 'd.references_table',
  oid: `${added('references_oid')}::oid`,
  home,
});

/**
 * Records (all, or that of the id $1 where it is not null), in the order in which they are put back: indexes before foreign keys, which rest on them; an index of a
 * partitioned table before those of its partitions (by id). A partition's index hangs on one in its parent's schema.
 */
export const SELECT_DEFINITIONS = `
  select d.id::float8 as id, d.kind, coalesce(t.schema, d.schema_name) as schema, coalesce(t.name, d.table_name) as "table",
         d.object_name as name, d.definition, d.tablespace, d.description,
         ${added('key_definition')} as "keyDefinition", ${added('key_description')} as "keyDescription",
         coalesce(${added('is_clustered')}::boolean, false) as "isClustered", coalesce(o.relkind = 'p', false) as "isPartitioned",
         coalesce(rootn.nspname, t.schema, d.schema_name) as "rootSchema",
         coalesce(root.relname, t.name, d.table_name) as "rootTable",
         case when d.attach_schema is not null then coalesce(p.schema, d.attach_schema) end as "attachSchema",
         d.attach_index as "attachIndex",
         coalesce(r.schema, d.references_schema) as "referencesSchema",
         coalesce(r.name, d.references_table) as "referencesTable",
         t.oid is null or (d.references_table is not null and r.oid is null) as "isGone",
         format('%I', d.object_name) as "spelledName",
         format('%I.%I', d.schema_name, d.table_name) as "tableWas",
         coalesce(t.spelled, format('%I.%I', d.schema_name, d.table_name)) as "tableIs",
         case when d.references_table is not null then format('%I.%I', d.references_schema, d.references_table) end as "referencesWas",
         case when d.references_table is not null
              then coalesce(r.spelled, format('%I.%I', d.references_schema, d.references_table)) end as "referencesIs"
  from shapecast.definitions d
  left join lateral ${TABLE} as t on true
  left join pg_class o on o.oid = t.oid
  left join pg_class root on root.oid = pg_partition_root(t.oid)
  left join pg_namespace rootn on rootn.oid = root.relnamespace
  left join lateral ${REFERENCES} as r on true
  left join lateral (
    select n.nspname as schema
    from pg_inherits h
    join pg_class c on c.oid = h.inhparent and c.relkind = 'p'
    join pg_namespace n on n.oid = c.relnamespace
    where h.inhrelid = t.oid
  ) as p on true
  where $1::bigint is null or d.id = $1
  order by d.kind = 'foreignKey', d.id`;
