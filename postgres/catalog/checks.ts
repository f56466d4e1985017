// CHECK constraints of tables, and those that the domains of their columns bring along, with VALUE read as the column. Their
// expressions hold literals of the user's: they serve inside the boundary and never leave it.
import type pg from 'pg';
import { type QualifiedName, quoteIdentifier } from '../../core/identifiers.ts';
import { runQuery } from '../query.ts';
import type { CatalogCheck } from './catalog.ts';

const sql = `
with recursive
-- each column with a domain, then the domain that the domain stands on, and so on
domain_of as (
  select
    a.attrelid as "table",
    a.attname::text as name,
    a.attnum as position,
    t.oid as domain,
    t.typbasetype as base
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_type t on t.oid = a.atttypid
  where a.attrelid = any ($1::oid[])
    and a.attnum > 0
    and not a.attisdropped
    and t.typtype = 'd'
  union all
  select
    d."table",
    d.name,
    d.position,
    t.oid,
    t.typbasetype
  from domain_of d
  join pg_catalog.pg_type t on t.oid = d.base
  where t.typtype = 'd'
)
select
  k.conrelid as "table",
  k.conname::text as name,
  array(
    select a.attname::text
    from unnest(k.conkey) with ordinality as u(number, place)
    join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number
    order by u.place
  ) as columns,
  pg_catalog.pg_get_constraintdef(k.oid) as definition,
  pg_catalog.pg_get_expr(k.conbin, k.conrelid) as expression,
  null::json as domain,
  0 as position
from pg_catalog.pg_constraint k
where k.conrelid = any ($1::oid[])
  and k.contype = 'c'
union all
select
  d."table",
  k.conname::text,
  array[d.name],
  pg_catalog.pg_get_constraintdef(k.oid),
  pg_catalog.pg_get_expr(k.conbin, 0),
  json_build_object('schema', n.nspname, 'name', t.typname),
  d.position
from domain_of d
join pg_catalog.pg_constraint k on k.contypid = d.domain and k.contype = 'c'
join pg_catalog.pg_type t on t.oid = d.domain
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
order by "table", position, name`;

/** A check and the oid of its table. */
export type TableCheck = CatalogCheck & { readonly table: number };

type CheckRow = TableCheck & { readonly domain: QualifiedName | null; readonly position: number };

/** The checks of the tables with these oids, by name; after them those of domains, in the order of the columns. */
export async function readChecks(client: pg.ClientBase, tables: readonly number[]): Promise<TableCheck[]> {
  const rows = await runQuery<CheckRow>(client, 'reading the checks', sql, [tables]);
  return rows.map(({ position: _, ...check }) => {
    const [column] = check.columns;
    if (check.domain === null || column === undefined) return check;
    return { ...check, expression: nameValue(check.expression, column) };
  });
}

// A quoted identifier, a string, or a word; only the word VALUE that stands alone is the domain's value.
const piece = /"(?:[^"]|"")*"|E'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'|[A-Za-z_][A-Za-z0-9_$]*/gs;

/** The condition of a domain as a condition on a column: VALUE, where it is no part of a string or name, becomes the quoted column. */
export function nameValue(expression: string, column: string): string {
  return expression.replace(piece, (found) => (found === 'VALUE' ? quoteIdentifier(column) : found));
}
