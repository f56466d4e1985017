// The columns of tables, each with the type that stores its value: domains are followed to their end, taking along NOT NULL and the
// length or precision on the way.
import type pg from 'pg';
import { runQuery } from '../query.ts';
import type { CatalogColumn } from './catalog.ts';

const sql = `
with recursive
attribute as (
  select
    a.attrelid as "table",
    a.attname::text as name,
    a.attnum as position,
    a.atttypid as type,
    a.atttypmod as modifier,
    a.attnotnull as not_null,
    a.attgenerated::text <> '' as generated,
    a.attidentity::text as identity,
    a.atthasdef and a.attgenerated::text = '' as has_default,
    -- a sequence or a random uuid gives every row a value of its own; now() gives all rows of a transaction one
    coalesce(
      pg_catalog.pg_get_expr(d.adbin, d.adrelid) ~ '^(nextval|([a-z0-9_]+[.])?(gen_random_uuid|uuidv[47]|uuid_generate_v[0-9]+))[(]',
      false
    ) as has_unique_default,
    array(
      select s.attname::text
      from pg_catalog.pg_depend p
      join pg_catalog.pg_attribute s on s.attrelid = p.refobjid and s.attnum = p.refobjsubid
      where a.attgenerated::text <> ''
        and p.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
        and p.objid = d.oid
        and p.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        and p.refobjid = a.attrelid
        and p.refobjsubid <> a.attnum
      order by s.attnum
    ) as generated_from
  from pg_catalog.pg_attribute a
  left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = any ($1::oid[])
    and a.attnum > 0
    and not a.attisdropped
),
-- each type in use, then what its domain stands on, and so on; a modifier nearer to the column wins
chain as (
  select distinct on (type)
    type as declared,
    type as stored,
    -1 as modifier,
    false as not_null
  from attribute
  union all
  select
    c.declared,
    t.typbasetype,
    case when c.modifier = -1 then t.typtypmod else c.modifier end,
    c.not_null or t.typnotnull
  from chain c
  join pg_catalog.pg_type t on t.oid = c.stored
  where t.typtype = 'd'
),
-- of each array in use the type of its elements, domains followed as above
element as (
  select
    t.oid as stored_array,
    t.typelem as stored
  from (select distinct stored from chain) c
  join pg_catalog.pg_type t on t.oid = c.stored
  where t.typsubscript = 'pg_catalog.array_subscript_handler'::pg_catalog.regproc
  union all
  select
    e.stored_array,
    t.typbasetype
  from element e
  join pg_catalog.pg_type t on t.oid = e.stored
  where t.typtype = 'd'
)
select
  a."table",
  a.name,
  a.position::int as position,
  declared.typname::text as type,
  declared_schema.nspname::text as "typeSchema",
  case when stored.typtype = 'e' then 'enum' else stored.typname::text end as "baseType",
  case
    when declared.typtype = 'e' then 'enum'
    when declared.typtype = 'd' then 'domain'
    when declared.typtype in ('r', 'm') then 'range'
    when declared.typtype = 'c' then 'composite'
    when declared.typtype <> 'b' then 'other'
    when declared.typsubscript = 'pg_catalog.array_subscript_handler'::pg_catalog.regproc then 'array'
    else 'base'
  end as kind,
  case when element_type.typtype = 'e' then 'enum' else element_type.typname::text end as "elementType",
  case
    when stored.typtype = 'e' then json_build_object('schema', stored_schema.nspname, 'name', stored.typname)
    when element_type.typtype = 'e' then json_build_object('schema', element_schema.nspname, 'name', element_type.typname)
  end as "enumType",
  a.type as "typeOid",
  case when a.modifier = -1 then c.modifier else a.modifier end as modifier,
  -- an array has the modifier of its elements
  stored.oid in ('pg_catalog.numeric'::pg_catalog.regtype, 'pg_catalog.numeric[]'::pg_catalog.regtype) as "isNumeric",
  stored.oid in (
    'pg_catalog.varchar'::pg_catalog.regtype,
    'pg_catalog.bpchar'::pg_catalog.regtype,
    'pg_catalog.varchar[]'::pg_catalog.regtype,
    'pg_catalog.bpchar[]'::pg_catalog.regtype
  ) as "hasLength",
  not (a.not_null or c.not_null) as "isNullable",
  a.generated,
  case a.identity when 'a' then 'always' when 'd' then 'byDefault' else 'none' end as identity,
  a.has_default as "hasDefault",
  a.has_unique_default as "hasUniqueDefault",
  a.generated_from as "generatedFrom"
from attribute a
join chain c on c.declared = a.type
join pg_catalog.pg_type stored on stored.oid = c.stored and stored.typtype <> 'd'
join pg_catalog.pg_namespace stored_schema on stored_schema.oid = stored.typnamespace
join pg_catalog.pg_type declared on declared.oid = a.type
join pg_catalog.pg_namespace declared_schema on declared_schema.oid = declared.typnamespace
left join (
  element e
  join pg_catalog.pg_type element_type on element_type.oid = e.stored and element_type.typtype <> 'd'
  join pg_catalog.pg_namespace element_schema on element_schema.oid = element_type.typnamespace
) on e.stored_array = stored.oid
order by a."table", a.position`;

type ColumnRow = Omit<CatalogColumn, 'maxLength' | 'precision' | 'scale' | 'distinctEstimate'> & {
  readonly table: number;
  /** PostgreSQL's packed length or precision; -1 for none. */
  readonly modifier: number;
  readonly isNumeric: boolean;
  readonly hasLength: boolean;
};

/** A column and the oid of its table; distinctEstimate comes from distinct-estimates.ts. */
export type TableColumn = Omit<CatalogColumn, 'distinctEstimate'> & { readonly table: number };

/** The columns of the tables with these oids, in order of position. */
export async function readColumns(client: pg.ClientBase, tables: readonly number[]): Promise<TableColumn[]> {
  const rows = await runQuery<ColumnRow>(client, 'reading the columns', sql, [tables]);
  return rows.map(({ modifier, isNumeric, hasLength, ...column }) => ({
    ...column,
    maxLength: hasLength ? decodeLength(modifier) : null,
    ...(isNumeric ? decodeNumeric(modifier) : { precision: null, scale: null }),
  }));
}

// Type modifiers carry the four bytes of a varlena header for historical reasons.
const HEADER = 4;

/** n of varchar(n) and char(n), or null. */
export function decodeLength(modifier: number): number | null {
  return modifier < HEADER ? null : modifier - HEADER;
}

/** p and s of numeric(p, s): 16 and 11 bits, the scale signed since PostgreSQL 15. */
export function decodeNumeric(modifier: number): { precision: number | null; scale: number | null } {
  if (modifier < HEADER) return { precision: null, scale: null };
  const packed = modifier - HEADER;
  return { precision: (packed >> 16) & 0xffff, scale: ((packed & 0x7ff) ^ 1024) - 1024 };
}
