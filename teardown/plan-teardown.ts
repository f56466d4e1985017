// What teardown would do, read from the marker and the catalog; changes nothing. The list that a person confirms, the
// refusals and the removal all work from this one value.
import type pg from 'pg';
import { z } from 'zod';
import { formatTableKey, type QualifiedName, quoteQualified } from '../core/identifiers.ts';
import { readMarker } from '../postgres/marker.ts';
import { locateTable } from '../postgres/marker-home.ts';
import { type DatabaseObject, listClaimedObjects } from '../postgres/marker-objects.ts';
import { MARKER_COMMENT, MARKER_SCHEMA, MARKER_TABLES } from '../postgres/marker-tables.ts';
import { runQuery } from '../postgres/query.ts';
import type { StoredDefinition } from '../postgres/stored-definitions.ts';
import { findDependents } from './find-dependents.ts';
import { findOutsideReferences, type OutsideReference } from './find-outside-references.ts';

export interface TeardownTable extends QualifiedName {
  readonly oid: number;
  readonly isPartitioned: boolean;
  /** The server's estimate; 0 when never analysed. */
  readonly estimatedRows: number;
  /** The name under which we filled it; the table's own unless it was renamed since. */
  readonly recordedAs: QualifiedName;
}

export interface TeardownPlan {
  /** Tables we created, to drop. */
  readonly drop: readonly TeardownTable[];
  /** Tables we found, to empty. */
  readonly empty: readonly TeardownTable[];
  /** What else a schema script of ours made: types, functions, views, schemas. */
  readonly objects: readonly DatabaseObject[];
  /** Tables that the marker lists and that are not there any more. */
  readonly gone: readonly QualifiedName[];
  /** Tables that bear a listed name and are not the ones that we filled. */
  readonly replaced: readonly QualifiedName[];
  /** What we dropped, all of it; what belongs to tables that go is not put back. */
  readonly definitions: readonly StoredDefinition[];
  readonly runs: number;
  /** Their ids, oldest first. */
  readonly runIds: readonly string[];
  /** Run ids still marked running. */
  readonly running: readonly string[];
  /** Objects of the user's that rest on what would be dropped. */
  readonly dependents: readonly string[];
  readonly outsideReferences: readonly OutsideReference[];
  /** Objects of the user's in our schema: they and the schema stay. */
  readonly kept: readonly string[];
  /** Marker tables that exist. */
  readonly markerTables: readonly string[];
}

/** The plan, or null when nothing of ours is there. Throws MARKER_FOREIGN. */
export async function planTeardown(client: pg.Client): Promise<TeardownPlan | null> {
  const marker = await readMarker(client);
  if (marker === null) return null;
  const markerTables = await listMarkerTables(client);
  const kept = await listKept(client);
  if (markerTables.length === 0 && kept.length > 0) return null;
  const tables = markerTables.some((table) => table.name === 'tables') ? await listTables(client) : [];
  const objects = markerTables.some((table) => table.name === 'objects') ? await listClaimedObjects(client) : [];
  const here = tables.filter((table) => table.state === 'here');
  const drop = here.filter((table) => table.origin === 'created');
  const empty = here.filter((table) => table.origin === 'found');
  const oids = here.map((table) => table.oid);
  const droppedOids = [...drop, ...markerTables].map((table) => table.oid);
  return {
    drop,
    empty,
    objects,
    gone: tables.filter((table) => table.state === 'gone'),
    replaced: tables.filter((table) => table.state === 'replaced'),
    definitions: marker.definitions,
    runs: marker.runs.length,
    runIds: marker.runs.map((run) => run.runId),
    running: marker.runs.filter((run) => run.status === 'running').map((run) => run.runId),
    dependents: await findDependents(client, droppedOids, objects),
    outsideReferences: (await findOutsideReferences(client, oids)).filter((key) => isListed(empty, key.to)),
    kept,
    markerTables: markerTables.map((table) => table.name),
  };
}

/** Definitions that the removal makes again: those of tables that stay and point at tables that stay. */
export function listPutBacks(plan: TeardownPlan): StoredDefinition[] {
  return plan.definitions.filter((definition) => {
    const target = { schema: definition.referencesSchema ?? '', name: definition.referencesTable ?? '' };
    const isDropped = isListed(plan.drop, { schema: definition.schema, name: definition.table }) || isListed(plan.drop, target);
    return !definition.isGone && !isDropped;
  });
}

/** Rows of each table by key, counted; a scan of each. ONLY: rows of a table that inherits from ours are the user's. */
export async function countRows(client: pg.Client, tables: readonly TeardownTable[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const table of tables) {
    const [row] = await runQuery<{ rows: number }>(
      client,
      `counting ${formatTableKey(table)}`,
      `select count(*)::float8 as rows from ${onlyTable(table)}`,
    );
    counts.set(formatTableKey(table), row?.rows ?? 0);
  }
  return counts;
}

/** `only "s"."t"`; a partitioned table takes no ONLY, its rows are in its partitions. */
export function onlyTable(table: TeardownTable): string {
  return table.isPartitioned ? quoteQualified(table) : `only ${quoteQualified(table)}`;
}

function isSame(left: QualifiedName, right: QualifiedName): boolean {
  return left.schema === right.schema && left.name === right.name;
}

function isListed(tables: readonly QualifiedName[], table: QualifiedName): boolean {
  return tables.some((each) => isSame(each, table));
}

// A table of ours that was renamed is found by its oid. A created table may have come here with a dump of the whole database,
// under a new oid: its comment then proves it ours. A found table has no such proof.
const LOCATED = locateTable({
  schema: 't.schema_name',
  name: 't.table_name',
  oid: 't.table_oid',
  home: `(to_jsonb(t) ->> 'made_in')`,
});
const LIST_TABLES = `
  select coalesce(l.schema, t.schema_name) as schema, coalesce(l.name, t.table_name) as name, t.origin,
         t.schema_name as "recordedSchema", t.table_name as "recordedName",
         coalesce(c.oid, 0)::int8::float8 as oid,
         coalesce(c.relkind = 'p', false) as "isPartitioned",
         coalesce(
           (select sum(greatest(l.reltuples, 0)) from pg_partition_tree(c.oid) p join pg_class l on l.oid = p.relid where p.isleaf),
           greatest(c.reltuples, 0), 0)::float8 as "estimatedRows",
         case
           when c.oid is null then 'gone'
           when c.oid = t.table_oid then 'here'
           when t.origin = 'created' and obj_description(c.oid, 'pg_class') = $1 then 'here'
           else 'replaced'
         end as state
  from shapecast.tables t
  left join lateral ${LOCATED} as l on true
  left join pg_class c on c.oid = l.oid
  order by coalesce(l.schema, t.schema_name) collate "C", coalesce(l.name, t.table_name) collate "C"`;

const tableRow = z
  .strictObject({
    schema: z.string(),
    name: z.string(),
    recordedSchema: z.string(),
    recordedName: z.string(),
    origin: z.enum(['created', 'found']),
    oid: z.number(),
    isPartitioned: z.boolean(),
    estimatedRows: z.number(),
    state: z.enum(['here', 'gone', 'replaced']),
  })
  .transform(({ recordedSchema, recordedName, ...row }) => ({
    ...row,
    recordedAs: { schema: recordedSchema, name: recordedName },
  }));

async function listTables(client: pg.Client): Promise<z.output<typeof tableRow>[]> {
  return z.array(tableRow).parse(await runQuery(client, 'listing our tables', LIST_TABLES, [MARKER_COMMENT]));
}

async function listMarkerTables(client: pg.Client): Promise<{ name: string; oid: number }[]> {
  return runQuery<{ name: string; oid: number }>(
    client,
    'listing the tables of the marker',
    `select c.relname as name, c.oid::int8::float8 as oid
     from pg_class c
     where c.relnamespace = (select oid from pg_namespace where nspname = $1)
       and c.relkind = 'r'
       and c.relname = any ($2)
     order by c.relname collate "C"`,
    [MARKER_SCHEMA, MARKER_TABLES],
  );
}

/** Whatever holds the schema in place and is neither a marker table nor part of one. */
async function listKept(client: pg.Client): Promise<string[]> {
  const rows = await runQuery<{ kept: string }>(
    client,
    'listing what else is in the schema',
    `select pg_describe_object(d.classid, d.objid, d.objsubid) as kept
     from pg_depend d
     left join pg_class c on d.classid = 'pg_class'::regclass and c.oid = d.objid
     where d.refclassid = 'pg_namespace'::regclass
       and d.refobjid = (select oid from pg_namespace where nspname = $1)
       and d.deptype = 'n'
       and not coalesce(c.relkind = 'r' and c.relname = any ($2), false)
       -- the sequence of the identity column of our own table
       and not exists (
         select
         from pg_depend o
         join pg_class t on t.oid = o.refobjid
         where o.classid = d.classid
           and o.objid = d.objid
           and o.refclassid = 'pg_class'::regclass
           and o.deptype = 'i'
           and t.relnamespace = d.refobjid
           and t.relname = any ($2))
     order by 1`,
    [MARKER_SCHEMA, MARKER_TABLES],
  );
  return rows.map((row) => row.kept);
}
