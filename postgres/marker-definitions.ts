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
}

/** Bounds `wanted` to the given tables ($1: oids) and every partition below them. */
const WANTED = `
  wanted as (
    select t.oid from unnest($1::oid[]) as t(oid)
    union
    select p.relid from unnest($1::oid[]) as t(oid), pg_partition_tree(t.oid) as p
  )`;

/**
 * Foreign keys of the tables, and those that a partition has from its parent under another name (attachIndex names the parent's).
 * The latter come first, deepest first: the parent's takes a key that is there for its own, instead of making one with a
 * name of the server's choice. A partition's keys of its own come last, so that no parent's takes them. $1: oids.
 */
export const LIST_FOREIGN_KEYS = `
  with ${WANTED}
  select 'foreignKey' as kind, n.nspname as schema, c.relname as "table", k.conname as name,
         pg_get_constraintdef(k.oid) as definition, null::text as tablespace,
         obj_description(k.oid, 'pg_constraint') as description, pn.nspname as "attachSchema", p.conname as "attachIndex",
         rn.nspname as "referencesSchema", r.relname as "referencesTable", c.oid::int8::float8 as "tableOid",
         r.oid::int8::float8 as "referencesOid"
  from pg_constraint k
  join wanted w on w.oid = k.conrelid
  join pg_class c on c.oid = k.conrelid
  join pg_namespace n on n.oid = c.relnamespace
  join pg_class r on r.oid = k.confrelid
  join pg_namespace rn on rn.oid = r.relnamespace
  left join pg_constraint p on p.oid = k.conparentid
  left join pg_namespace pn on pn.oid = p.connamespace
  cross join lateral (select count(*) as level from pg_partition_ancestors(c.oid)) as depth
  where k.contype = 'f'
    and (k.conparentid = 0 or (k.conname <> p.conname and k.conrelid <> p.conrelid and k.confrelid = p.confrelid))
  order by k.conparentid = 0,
           case when k.conparentid = 0 then depth.level else -depth.level end,
           n.nspname collate "C", c.relname collate "C", k.conname collate "C"`;

/**
 * Indexes of the tables that nothing rests on and that keep nothing unique, partitioned ones before their partitions'. $1: oids. One that must stay (a
 * constraint, a foreign key of a table outside $1, replica identity or CLUSTER uses it, or it is not valid) keeps the whole
 * tree of indexes that it hangs in.
 */
export const LIST_INDEXES = `
  with ${WANTED},
  tree as (
    select i.indexrelid, i.indrelid, coalesce(pg_partition_root(i.indexrelid)::oid, i.indexrelid) as root,
           -- what a plan reads must be there on every run of it, the resumed one too
           i.indisunique or not i.indisvalid or i.indisprimary or i.indisexclusion or i.indisreplident or i.indisclustered
           or exists (
             select
             from pg_constraint k
             where k.conindid = i.indexrelid
               and not (k.contype = 'f' and k.conrelid in (select oid from wanted))
           ) as must_stay
    from pg_index i
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
         null::float8 as "referencesOid"
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
