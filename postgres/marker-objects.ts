// What a schema script makes beside tables: enums, domains, functions, views, sequences, schemas, extensions. Recorded by
// comparing what is there before and after, because no reading of SQL text is as sure as the catalog; without the record a
// second `--create` after teardown would meet its own types.
import type pg from 'pg';
import type { QualifiedName } from '../core/identifiers.ts';
import { runQuery } from './query.ts';

/** An object of the user's that is no table, index or part of one. */
export interface DatabaseObject {
  readonly classOid: number;
  readonly oid: number;
  /** As in DROP: `type`, `view`, `function`, `schema`, ... */
  readonly kind: string;
  /** As in DROP, quoted and with its schema: `public.kind`, `public.f(integer)`. */
  readonly identity: string;
}

// 16384: the first oid that is not the server's own. Members of an extension go with it; what belongs to another object (an
// array type, the sequence of an identity column, a multirange) goes with that.
const LIST_OBJECTS = `
  with candidates as (
    select 'pg_namespace'::regclass as class, oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'shapecast'
    union all select 'pg_extension'::regclass, oid from pg_extension
    union all select 'pg_class'::regclass, oid from pg_class where relkind in ('v', 'm', 'f', 'S') and relpersistence <> 't'
    union all select 'pg_type'::regclass, t.oid
              from pg_type t left join pg_class c on c.oid = t.typrelid
              where t.typtype in ('e', 'd', 'r') or (t.typtype = 'c' and c.relkind = 'c')
    union all select 'pg_proc'::regclass, oid from pg_proc
    union all select 'pg_collation'::regclass, oid from pg_collation
    union all select 'pg_operator'::regclass, oid from pg_operator
    union all select 'pg_cast'::regclass, oid from pg_cast
  )
  select c.class::oid::int8::float8 as "classOid", c.oid::int8::float8 as oid, i.type as kind, i.identity
  from candidates c
  cross join pg_identify_object(c.class, c.oid, 0) as i
  where c.oid >= 16384
    and i.schema is distinct from 'shapecast'
    and not exists (
      select
      from pg_depend d
      where d.classid = c.class
        and d.objid = c.oid
        and d.deptype in ('e', 'i', 'a')
        and d.refclassid <> 'pg_namespace'::regclass
    )
  order by i.type collate "C", i.identity collate "C"`;

// Extended statistics belong to their table, and go with it. Only those that we make for a table that stays are recorded.
const STATISTICS = 'statistics';
const LIST_STATISTICS = `
  select 'pg_statistic_ext'::regclass::oid::int8::float8 as "classOid", s.oid::int8::float8 as oid, '${STATISTICS}' as kind, i.identity
  from pg_statistic_ext s
  cross join pg_identify_object('pg_statistic_ext'::regclass, s.oid, 0) as i
  order by i.identity collate "C"`;

/** All such objects of the database, and its extended statistics. */
export async function listObjects(client: pg.ClientBase): Promise<DatabaseObject[]> {
  const objects = await runQuery<DatabaseObject>(client, 'listing objects', LIST_OBJECTS);
  return [...objects, ...(await runQuery<DatabaseObject>(client, 'listing statistics', LIST_STATISTICS))];
}

/**
 * Records as ours every object that is there now and was not in `before`. Opens no transaction: inside the one that makes the
 * objects, both are there or neither.
 */
export async function claimObjects(client: pg.ClientBase, before: readonly DatabaseObject[]): Promise<void> {
  const old = new Set(before.map(addressOf));
  const made = (await listObjects(client)).filter((object) => object.kind !== STATISTICS && !old.has(addressOf(object)));
  await runQuery(
    client,
    'recording objects',
    `insert into shapecast.objects (class_oid, object_oid, kind, identity)
     select * from unnest($1::oid[], $2::oid[], $3::text[], $4::text[])
     on conflict (class_oid, object_oid) do update set kind = excluded.kind, identity = excluded.identity`,
    [
      made.map((object) => object.classOid),
      made.map((object) => object.oid),
      made.map((object) => object.kind),
      made.map((object) => object.identity),
    ],
  );
}

/** Records extended statistics as ours; in the transaction that makes them, on a table that stays after teardown. */
export async function claimStatistics(client: pg.ClientBase, { name, schema }: QualifiedName): Promise<void> {
  await runQuery(
    client,
    'recording statistics',
    `insert into shapecast.objects (class_oid, object_oid, kind, identity)
     select 'pg_statistic_ext'::regclass, s.oid, '${STATISTICS}', i.identity
     from pg_statistic_ext s
     join pg_namespace n on n.oid = s.stxnamespace
     cross join pg_identify_object('pg_statistic_ext'::regclass, s.oid, 0) as i
     where n.nspname = $1
       and s.stxname = $2
     on conflict (class_oid, object_oid) do update set kind = excluded.kind, identity = excluded.identity`,
    [schema, name],
  );
}

/** The recorded objects that are still the same ones; one that was renamed or made again is not ours to drop. */
export async function listClaimedObjects(client: pg.ClientBase): Promise<DatabaseObject[]> {
  const claimed = await runQuery<DatabaseObject>(
    client,
    'reading recorded objects',
    `select class_oid::int8::float8 as "classOid", object_oid::int8::float8 as oid, kind, identity from shapecast.objects`,
  );
  const known = new Set(claimed.map((object) => `${addressOf(object)} ${object.kind} ${object.identity}`));
  return (await listObjects(client)).filter((object) => known.has(`${addressOf(object)} ${object.kind} ${object.identity}`));
}

/** `type public.kind`, as in DROP. */
export function describeObject({ kind, identity }: DatabaseObject): string {
  return `${kind} ${identity}`;
}

function addressOf(object: DatabaseObject): string {
  return `${object.classOid}/${object.oid}`;
}
