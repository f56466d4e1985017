// The two catalog questions behind setAside: which foreign keys and which indexes of the given tables may be dropped for
// loading, with all that is needed to make each again exactly as it was.
// pg_get_indexdef leaves out the tablespace, spells an index of a partitioned table with ON ONLY, and so needs its
// partitions' indexes made and attached one by one (as pg_dump does); that is why each of them has a row of its own.

/** An index or foreign key that is there, with all that its record needs. */
export interface ListedDefinition {
  readonly kind: 'index' | 'foreignKey';
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly definition: string;
  readonly tablespace: string | null;
  readonly description: string | null;
  readonly attachSchema: string | null;
  readonly attachIndex: string | null;
  readonly referencesSchema: string | null;
  readonly referencesTable: string | null;
  readonly tableOid: number;
  readonly referencesOid: number | null;
  /** Of an index: the primary key or unique constraint that it serves, which bears its name. */
  readonly keyDefinition: string | null;
  readonly keyDescription: string | null;
  readonly isClustered: boolean;
}

/** `wanted`: the tables $1 (oids) and every partition below them. `planned`: those of $2, which may lose a foreign key to a wanted one. */
const WANTED = `
  wanted as (
    select t.oid from unnest($1::oid[]) as t(oid)
    union
    select p.relid from unnest($1::oid[]) as t(oid), pg_partition_tree(t.oid) as p
  ),
  planned as (
    select t.oid from unnest($2::oid[]) as t(oid)
    union
    select p.relid from unnest($2::oid[]) as t(oid), pg_partition_tree(t.oid) as p
  )`;

/**
 * Foreign keys of the wanted tables and of planned ones to them, and those that a partition has from its parent under another name
 * (attachIndex names the parent's). The latter come first, deepest first: the parent's takes a key that is there for its own, instead
 * of making one with a name of the server's choice. A partition's keys of its own come last, so that no parent's takes them.
 */
export const LIST_FOREIGN_KEYS = `
  with ${WANTED}
  select 'foreignKey' as kind, n.nspname as schema, c.relname as "table", k.conname as name,
         pg_get_constraintdef(k.oid) as definition, null::text as tablespace,
         obj_description(k.oid, 'pg_constraint') as description, pn.nspname as "attachSchema", p.conname as "attachIndex",
         rn.nspname as "referencesSchema", r.relname as "referencesTable", c.oid::int8::float8 as "tableOid",
         r.oid::int8::float8 as "referencesOid", null::text as "keyDefinition", null::text as "keyDescription",
         false as "isClustered"
  from pg_constraint k
  join pg_class c on c.oid = k.conrelid
  join pg_namespace n on n.oid = c.relnamespace
  join pg_class r on r.oid = k.confrelid
  join pg_namespace rn on rn.oid = r.relnamespace
  left join pg_constraint p on p.oid = k.conparentid
  left join pg_namespace pn on pn.oid = p.connamespace
  cross join lateral (select count(*) as level from pg_partition_ancestors(c.oid)) as depth
  where k.contype = 'f'
    and (
      k.conrelid in (select oid from wanted)
      or k.conrelid in (select oid from planned) and k.confrelid in (select oid from wanted)
    )
    and (k.conparentid = 0 or (k.conname <> p.conname and k.conrelid <> p.conrelid and k.confrelid = p.confrelid))
  order by k.conparentid = 0,
           case when k.conparentid = 0 then depth.level else -depth.level end,
           n.nspname collate "C", c.relname collate "C", k.conname collate "C"`;

/**
 * Indexes of the wanted tables, those of primary keys and unique constraints too, partitioned ones before their partitions'. One that
 * could not be made again surely or that something else rests on (a foreign key of a table that is not planned, a view that groups
 * by the key, an extension, replica identity) must stay, and keeps the whole tree of indexes that it hangs in.
 */
export const LIST_INDEXES = `
  with ${WANTED},
  keyed as (
    select i.*, k.oid as key, pg_get_constraintdef(k.oid) as key_definition
    from pg_index i
    left join pg_constraint k on k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u')
  ),
  tree as (
    select i.indexrelid, i.indrelid, i.key, i.key_definition, i.indisclustered,
           coalesce(pg_partition_root(i.indexrelid)::oid, i.indexrelid) as root,
           not i.indisvalid or i.indisexclusion or i.indisreplident
           or coalesce(i.key_definition ~ 'WITHOUT OVERLAPS', false)
           -- a partitioned key is made by its constraint, which does not say the index's parameters
           or i.key is not null and exists (
             select from pg_class x where x.oid = i.indexrelid and x.relkind = 'I' and x.reloptions is not null
           )
           or exists (
             select
             from pg_constraint k
             where k.conindid = i.indexrelid
               and k.contype = 'f'
               and k.conrelid not in (select oid from planned)
           )
           or exists (
             select
             from pg_depend d
             where (d.refclassid, d.refobjid) in (('pg_class'::regclass, i.indexrelid), ('pg_constraint'::regclass, i.key))
               and d.deptype = 'n'
               and d.classid <> 'pg_constraint'::regclass
           )
           or exists (
             select
             from pg_depend d
             where (d.classid, d.objid) in (('pg_class'::regclass, i.indexrelid), ('pg_constraint'::regclass, i.key))
               and d.deptype in ('e', 'x')
           ) as must_stay
    from keyed i
  ),
  free as (
    select t.root
    from tree t
    where t.root in (select indexrelid from pg_index where indrelid in (select oid from wanted))
    group by t.root
    having not bool_or(t.must_stay)
  )
  select 'index' as kind, n.nspname as schema, c.relname as "table", x.relname as name,
         pg_get_indexdef(x.oid) as definition, coalesce(s.spcname, '') as tablespace,
         obj_description(x.oid, 'pg_class') as description, pn.nspname as "attachSchema", p.relname as "attachIndex",
         null::text as "referencesSchema", null::text as "referencesTable", c.oid::int8::float8 as "tableOid",
         null::float8 as "referencesOid", t.key_definition as "keyDefinition",
         obj_description(t.key, 'pg_constraint') as "keyDescription", t.indisclustered as "isClustered"
  from tree t
  join free f on f.root = t.root
  join pg_class x on x.oid = t.indexrelid
  join pg_class c on c.oid = t.indrelid
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_tablespace s on s.oid = x.reltablespace
  left join pg_inherits h on h.inhrelid = x.oid
  left join pg_class p on p.oid = h.inhparent
  left join pg_namespace pn on pn.oid = p.relnamespace
  order by (select count(*) from pg_partition_ancestors(x.oid)), n.nspname collate "C", c.relname collate "C",
           x.relname collate "C"`;
