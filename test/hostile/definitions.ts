// What a database promises about its rows, as texts that can be compared with another database's: constraints, indexes, NOT NULL,
// defaults, generated and identity columns, triggers. From pg_catalog alone, so that our own reading of the catalog is not its own judge.
import type pg from 'pg';

/** Schemas of users: not the server's own, not our marker's. */
export const USER_SCHEMAS = `n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'shapecast')`;

// Constraints of partitions that the parent's imply have generated names that differ between server versions: the parent's are
// compared. NOT NULL is a constraint of its own only from server 18 on: read as the columns' property.
const SQL = `
select format('constraint %I on %s: %s', c.conname, coalesce(nullif(c.conrelid, 0)::regclass::text, c.contypid::regtype::text),
    pg_get_constraintdef(c.oid)) as definition
  from pg_constraint as c join pg_namespace as n on n.oid = c.connamespace
  where ${USER_SCHEMAS} and c.contype in ('p', 'u', 'f', 'c', 'x') and c.conparentid = 0
union all
select pg_get_indexdef(i.indexrelid)
  from pg_index as i join pg_class as r on r.oid = i.indexrelid join pg_namespace as n on n.oid = r.relnamespace
  where ${USER_SCHEMAS} and not r.relispartition
union all
select format('column %s.%I%s%s%s%s', r.oid::regclass, a.attname, case when a.attnotnull then ' not null' end,
    ' identity ' || nullif(a.attidentity::text, ''), ' generated ' || nullif(a.attgenerated::text, ''),
    ' default ' || pg_get_expr(d.adbin, d.adrelid))
  from pg_attribute as a join pg_class as r on r.oid = a.attrelid join pg_namespace as n on n.oid = r.relnamespace
    left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where ${USER_SCHEMAS} and r.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
union all
select pg_get_triggerdef(t.oid)
  from pg_trigger as t join pg_class as r on r.oid = t.tgrelid join pg_namespace as n on n.oid = r.relnamespace
  where ${USER_SCHEMAS} and not t.tgisinternal and t.tgparentid = 0
order by 1`;

/** Every definition of the user's schemas, sorted. Names are qualified as far as the session's search_path needs it. */
export async function readDefinitions(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ definition: string }>(SQL);
  return rows.map((row) => row.definition);
}
