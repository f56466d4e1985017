// The keys, references and checks of a database, each with whether the server vouches for it and what it is. A definition that was
// restored is not always written as it was: IN over a varchar gets its casts elsewhere, so casts and brackets are left out.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { formatTableKey } from '../../core/identifiers.ts';
import { runQuery } from '../../postgres/query.ts';
import type { NamedKey } from '../../spec/shadow-digests.ts';

const sql = `
select found.*, current_setting('server_version_num')::int / 10000 as major from (
select
  n.nspname::text as schema,
  c.relname::text as relation,
  k.conname::text as name,
  case k.contype when 'p' then 'primary' when 'u' then 'unique' when 'f' then 'foreign' when 'c' then 'check' else 'exclusion' end as kind,
  -- the index behind a key may have failed to build
  k.convalidated and coalesce(i.indisvalid and i.indisready, true) as "isValid",
  pg_catalog.pg_get_constraintdef(k.oid) as definition
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
  i.indisvalid and i.indisready,
  pg_catalog.pg_get_indexdef(i.indexrelid)
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indrelid
join pg_catalog.pg_class x on x.oid = i.indexrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where i.indisunique
  and not exists (select from pg_catalog.pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
  and n.nspname !~ '^pg_'
  and n.nspname not in ('information_schema', 'shapecast')
order by 1, 2, 3
) as found`;

const CAST =
  /::(?:character varying|double precision|bit varying|time(?:stamp)? with(?:out)? time zone|(?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))?)(?:\(\d+(?:,\d+)?\))?(?:\[\])*/g;

interface FoundKey extends Omit<NamedKey, 'table' | 'definition'> {
  readonly schema: string;
  readonly relation: string;
  readonly definition: string;
  readonly major: number;
}

/** All of them, of partitions too. */
export async function readKeys(client: pg.Client): Promise<NamedKey[]> {
  const rows = await runQuery<FoundKey>(client, 'reading the keys', sql);
  return rows.map(({ schema, relation, definition, major, ...key }) => ({
    table: formatTableKey({ schema, name: relation }),
    ...key,
    definition: `${major}:${createHash('sha256').update(normaliseDefinition(definition)).digest('hex')}`,
  }));
}

/** A definition without what a dump and its restore may change, and without whether it is validated, which is told by itself. Pure. */
export function normaliseDefinition(definition: string): string {
  return definition
    .replace(/ NOT VALID$/, '')
    .replaceAll(CAST, '')
    .replaceAll(/[()]/g, '');
}
