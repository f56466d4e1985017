// The marker's own tables. Everything in the schema `shapecast` is made here, so teardown knows what it may drop.
// Rows in `tables` keep the oid: a table that was dropped and made again under the same name is not the one we filled.

/** The schema that marks a target as ours. */
export const MARKER_SCHEMA = 'shapecast';

/** Comment of the schema and of each table that we created. */
export const MARKER_COMMENT = 'made by shapecast';

/** Names of the tables in the marker's schema, in the order in which they are made. */
export const MARKER_TABLES = ['runs', 'chunks', 'tables', 'objects', 'definitions'] as const;

/** Makes the schema and its tables where they are missing; one statement each, in order. */
export const MARKER_STATEMENTS: readonly string[] = [
  `create schema if not exists shapecast`,
  `comment on schema shapecast is '${MARKER_COMMENT}'`,
  `create table if not exists shapecast.runs (
     run_id       text primary key,
     plan_id      text not null,
     seed         text not null,
     band         text not null,
     spec_name    text not null,
     tool_version text not null,
     spec_digest  text,
     size         text,
     status       text not null check (status in ('running', 'completed', 'failed')),
     started_at   timestamptz not null default now(),
     finished_at  timestamptz
   )`,
  `create table if not exists shapecast.chunks (
     plan_id       text not null,
     table_key     text not null,
     chunk         integer not null,
     rows          bigint not null,
     bytes         bigint not null,
     content_hash  text not null check (content_hash ~ '^[0-9a-f]{16}$'),
     block_digests bytea not null check (octet_length(block_digests) % 32 = 0),
     primary key (plan_id, table_key, chunk)
   )`,
  // structure: keys and indexes as the plan saw them, for the runs that meet the table without. unlogged: relations that we made so.
  `create table if not exists shapecast.tables (
     schema_name text not null,
     table_name  text not null,
     table_oid   oid not null,
     origin      text not null check (origin in ('created', 'found')),
     made_in     text,
     structure   jsonb,
     unlogged    oid[],
     primary key (schema_name, table_name)
   )`,
  // What a schema script made beside tables: types, functions, views, schemas, ... kind and identity as the server spells them.
  `create table if not exists shapecast.objects (
     class_oid  oid not null,
     object_oid oid not null,
     kind       text not null,
     identity   text not null,
     primary key (class_oid, object_oid)
   )`,
  // attach_schema, attach_index: the index of a partitioned table that this partition's index hangs on.
  // references_*: the table that a foreign key points at. made_in: where the oids hold (marker-home.ts).
  // key_*: the primary key or unique constraint that an index serves, if any; its name is the index's.
  `create table if not exists shapecast.definitions (
     id                bigint generated always as identity primary key,
     kind              text not null check (kind in ('index', 'foreignKey')),
     schema_name       text not null,
     table_name        text not null,
     object_name       text not null,
     definition        text not null,
     tablespace        text,
     description       text,
     attach_schema     text,
     attach_index      text,
     references_schema text,
     references_table  text,
     table_oid         oid,
     references_oid    oid,
     made_in           text,
     key_definition    text,
     key_description   text,
     is_clustered      boolean,
     unique (kind, schema_name, table_name, object_name)
   )`,
  // Markers of earlier versions.
  `alter table shapecast.runs add column if not exists spec_digest text, add column if not exists size text`,
  `alter table shapecast.tables
     add column if not exists made_in text,
     add column if not exists structure jsonb,
     add column if not exists unlogged oid[],
     add column if not exists hashed_columns text[],
     add column if not exists constants jsonb`,
  `alter table shapecast.definitions
     add column if not exists table_oid oid,
     add column if not exists references_oid oid,
     add column if not exists made_in text,
     add column if not exists key_definition text,
     add column if not exists key_description text,
     add column if not exists is_clustered boolean`,
];
