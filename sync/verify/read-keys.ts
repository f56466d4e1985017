// The keys, references and checks of a database, each with whether the server vouches for it.
import type pg from 'pg';
import { formatTableKey } from '../../core/identifiers.ts';
import { runQuery } from '../../postgres/query.ts';
import type { NamedKey } from '../../spec/shadow-digests.ts';

const sql = `
select
  n.nspname::text as schema,
  c.relname::text as relation,
  k.conname::text as name,
  case k.contype when 'p' then 'primary' when 'u' then 'unique' when 'f' then 'foreign' when 'c' then 'check' else 'exclusion' end as kind,
  -- the index behind a key may have failed to build
  k.convalidated and coalesce(i.indisvalid and i.indisready, true) as "isValid"
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.conrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_index i on i.indexrelid = k.conindid and k.contype in ('p', 'u', 'x')
where k.contype in ('p', 'u', 'f', 'c', 'x')
  and n.nspname !~ '^pg_'
  and n.nspname not in ('information_schema', 'shapecast')
union all
select
  n.nspname::text,
  c.relname::text,
  x.relname::text,
  'unique',
  i.indisvalid and i.indisready
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indrelid
join pg_catalog.pg_class x on x.oid = i.indexrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where i.indisunique
  and not exists (select from pg_catalog.pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
  and n.nspname !~ '^pg_'
  and n.nspname not in ('information_schema', 'shapecast')
order by 1, 2, 3`;

/** All of them, of partitions too. */
export async function readKeys(client: pg.Client): Promise<NamedKey[]> {
  const rows = await runQuery<Omit<NamedKey, 'table'> & { readonly schema: string; readonly relation: string }>(
    client,
    'reading the keys',
    sql,
  );
  return rows.map(({ schema, relation, ...key }) => ({ table: formatTableKey({ schema, name: relation }), ...key }));
}
