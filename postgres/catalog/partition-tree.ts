// The tables behind tables: each is in its own tree, with its partitions at any depth. Several catalog queries begin with it.

/** A common table expression `tree (root, oid)` of the oids in $1, for `with recursive`. */
export const PARTITION_TREE = `tree as (
  select r.oid as root, r.oid
  from unnest($1::oid[]) as r(oid)
  union all
  select t.root, i.inhrelid
  from tree t
  join pg_catalog.pg_inherits i on i.inhparent = t.oid
  join pg_catalog.pg_class c on c.oid = i.inhrelid
  -- children by old-style inheritance are tables of their own
  where c.relispartition
)`;
