// The sequences behind the columns of tables: owned ones (serial, identity) and those that a default names with nextval. A default
// that names its sequence as text, nextval('s'::text), leaves no dependency and is not found. Partitions count as their root.
import type pg from 'pg';
import { runQuery } from '../query.ts';

const sql = `
with
used as (
  -- serial and identity: the sequence depends on the column
  select d.objid as sequence, d.refobjid as relation, d.refobjsubid as number, true as is_owned
  from pg_catalog.pg_depend d
  where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
    and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    and d.refobjsubid > 0
    and d.deptype in ('a', 'i')
  union all
  -- the default depends on the sequence
  select d.refobjid, f.adrelid, f.adnum, false
  from pg_catalog.pg_depend d
  join pg_catalog.pg_attrdef f on f.oid = d.objid
  where d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
    and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
),
use as (
  select u.sequence, u.is_owned, coalesce(pg_catalog.pg_partition_root(u.relation)::oid, u.relation) as relation, a.attname
  from used u
  join pg_catalog.pg_class s on s.oid = u.sequence and s.relkind = 'S'
  join pg_catalog.pg_attribute a on a.attrelid = u.relation and a.attnum = u.number
)
select
  n.nspname::text as schema,
  s.relname::text as name,
  q.seqincrement > 0 as "isAscending",
  bool_or(u.is_owned) as "isOwned",
  -- of every table that uses the sequence, those without rows of ours too
  json_agg(
    distinct jsonb_build_object('schema', cn.nspname, 'table', c.relname, 'column', u.attname)
  ) filter (where t.typname in ('int2', 'int4', 'int8', 'numeric')) as columns
from use u
join pg_catalog.pg_sequence q on q.seqrelid = u.sequence
join pg_catalog.pg_class s on s.oid = u.sequence
join pg_catalog.pg_namespace n on n.oid = s.relnamespace
join pg_catalog.pg_class c on c.oid = u.relation
join pg_catalog.pg_namespace cn on cn.oid = c.relnamespace
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = u.attname
join pg_catalog.pg_type d on d.oid = a.atttypid
-- one level of domains over a whole number is what schemas have
join pg_catalog.pg_type t on t.oid = case d.typtype when 'd' then d.typbasetype else d.oid end
group by n.nspname, s.relname, q.seqincrement
having bool_or(u.relation = any ($1::oid[]))
order by n.nspname, s.relname`;

export interface CatalogSequence {
  readonly schema: string;
  readonly name: string;
  readonly isAscending: boolean;
  /** False for a sequence that belongs to no column: others may use it in ways that the catalog does not show. */
  readonly isOwned: boolean;
  /** The columns of whole numbers that it fills, in every table; null when there is none. */
  readonly columns: readonly { readonly schema: string; readonly table: string; readonly column: string }[] | null;
}

/** The sequences behind the columns of the tables with these oids. */
export function readSequences(client: pg.ClientBase, tables: readonly number[]): Promise<CatalogSequence[]> {
  return runQuery(client, 'reading the sequences', sql, [tables]);
}
