// What of the user's hangs on tables that teardown would drop: views, foreign keys of other tables, functions, columns of a
// table's row type. DROP without CASCADE would fail on them anyway; found first, they can be named.
import type pg from 'pg';
import type { DatabaseObject } from '../postgres/marker-objects.ts';
import { runQuery } from '../postgres/query.ts';

// `deptype = 'n'`: objects that stay when the table goes, and so forbid it. What belongs to one of the tables to be dropped
// (its own constraints, defaults, rules, sequences, partitions) goes with it.
const FIND_DEPENDENTS = `
  with recursive made as (
    select m.class, m.oid from unnest($2::oid[], $3::oid[]) as m(class, oid)
  ),
  ours as (
    select t.oid from unnest($1::oid[]) as t(oid)
    union
    select m.oid from made m where m.class = 'pg_class'::regclass
    union
    select d.objid
    from ours o
    join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = o.oid
    where d.classid = 'pg_class'::regclass
      and d.deptype in ('a', 'i', 'P', 'S')
  ),
  relied_on as (
    select 'pg_class'::regclass::oid as class, oid from ours
    union all
    select 'pg_type'::regclass::oid, t.oid
    from ours o
    join pg_class c on c.oid = o.oid
    join pg_type t on t.oid = c.reltype or t.typelem = c.reltype and c.reltype <> 0
  )
  select distinct pg_describe_object(d.classid, d.objid, d.objsubid) as dependent
  from relied_on r
  join pg_depend d on d.refclassid = r.class and d.refobjid = r.oid
  left join pg_constraint k on d.classid = 'pg_constraint'::regclass and k.oid = d.objid
  left join pg_rewrite w on d.classid = 'pg_rewrite'::regclass and w.oid = d.objid
  left join pg_attrdef a on d.classid = 'pg_attrdef'::regclass and a.oid = d.objid
  left join pg_policy p on d.classid = 'pg_policy'::regclass and p.oid = d.objid
  left join pg_trigger g on d.classid = 'pg_trigger'::regclass and g.oid = d.objid
  where d.deptype = 'n'
    and not coalesce(
      (d.classid = 'pg_class'::regclass and d.objid in (select oid from ours))
      or (d.classid, d.objid) in (select class, oid from made)
      or coalesce(k.conrelid, w.ev_class, a.adrelid, p.polrelid, g.tgrelid) in (select oid from ours),
      false)
  order by 1`;

/**
 * Descriptions such as `rule _RETURN on view public.active_users`, sorted; names only. `oids`: tables to drop; `objects`: what
 * else is dropped with them, and so may rest on them.
 */
export async function findDependents(
  client: pg.Client,
  oids: readonly number[],
  objects: readonly DatabaseObject[],
): Promise<string[]> {
  const rows = await runQuery<{ dependent: string }>(client, 'looking for dependent objects', FIND_DEPENDENTS, [
    oids,
    objects.map((object) => object.classOid),
    objects.map((object) => object.oid),
  ]);
  return rows.map((row) => row.dependent);
}
