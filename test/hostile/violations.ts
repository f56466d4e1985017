// What a database's own constraints say about its rows, asked again by plain queries that no index can answer: each foreign key by an
// anti-join, each unique index by grouping, each CHECK by counting. It shares no code with the engine that it judges.
import type pg from 'pg';
import { quoteIdentifier } from '../../core/identifiers.ts';
import { readDefinitions, USER_SCHEMAS } from './definitions.ts';

export interface Violation {
  readonly check: 'foreign key' | 'unique' | 'check' | 'not null' | 'not in force' | 'missing' | 'unexpected';
  /** Names of objects only. */
  readonly subject: string;
  /** Rows at fault; 1 for an object. */
  readonly count: number;
}

/** A question whose answer `found` counts rows at fault. */
interface Question {
  readonly check: Violation['check'];
  readonly subject: string;
  readonly sql: string;
}

/** Every fault of the database; `expected` are the definitions of the source that it was made from. Leaves the session's settings. */
export async function violations(client: pg.ClientBase, expected: readonly string[]): Promise<Violation[]> {
  await client.query('begin read only');
  try {
    // A broken index must not vouch for itself; and conditions are not to be proved from the constraints under test.
    for (const setting of ['enable_indexscan', 'enable_indexonlyscan', 'enable_bitmapscan', 'constraint_exclusion'])
      await client.query(`set local ${setting} = off`);
    await client.query(`set local search_path = pg_catalog`);
    await client.query(`set local work_mem = '256MB'`);
    const questions = [
      ...(await askForeignKeys(client)),
      ...(await askUniques(client)),
      ...(await askChecks(client)),
      ...(await askDomains(client)),
      ...(await askNotNull(client)),
    ];
    const found: Violation[] = [];
    for (const { check, subject, sql } of questions) {
      const { rows } = await client.query<{ found: string }>(sql);
      const count = Number(rows[0]?.found);
      if (count > 0) found.push({ check, subject, count });
    }
    return [...found, ...(await listNotInForce(client)), ...compareLists(expected, await readDefinitions(client))];
  } finally {
    await client.query('rollback');
  }
}

interface ForeignKeyRow {
  readonly subject: string;
  readonly child: string;
  readonly parent: string;
  readonly columns: string[];
  readonly referenced: string[];
  readonly operators: string[];
  readonly is_full: boolean;
}

async function askForeignKeys(client: pg.ClientBase): Promise<Question[]> {
  const { rows } = await client.query<ForeignKeyRow>(`
    select format('%s.%I', c.conrelid::regclass, c.conname) as subject, c.conrelid::regclass::text as child,
      c.confrelid::regclass::text as parent, c.confmatchtype = 'f' as is_full,
      array_agg(a.attname::text order by k.at) as columns, array_agg(b.attname::text order by k.at) as referenced,
      array_agg(format('operator(%I.%s)', s.nspname, o.oprname) order by k.at) as operators
    from pg_constraint as c join pg_namespace as n on n.oid = c.connamespace,
      unnest(c.conkey, c.confkey, c.conpfeqop) with ordinality as k (child, parent, operator, at)
      join pg_operator as o on o.oid = k.operator join pg_namespace as s on s.oid = o.oprnamespace,
      pg_attribute as a, pg_attribute as b
    where ${USER_SCHEMAS} and c.contype = 'f' and c.conparentid = 0
      and a.attrelid = c.conrelid and a.attnum = k.child and b.attrelid = c.confrelid and b.attnum = k.parent
    group by c.oid, c.conrelid, c.confrelid, c.conname, c.confmatchtype
    order by 1`);
  return rows.map((row) => {
    const child = row.columns.map((column) => `c.${quoteIdentifier(column)}`);
    const match = child.map((column, at) => `p.${quoteIdentifier(row.referenced[at] ?? '')} ${row.operators[at]} ${column}`);
    const orphan = `num_nulls(${child.join(', ')}) = 0 and not exists (select from ${row.parent} as p where ${match.join(' and ')})`;
    // MATCH FULL: all of the key or none of it.
    const partial = row.is_full ? ` or num_nulls(${child.join(', ')}) between 1 and ${child.length - 1}` : '';
    const sql = `select count(*) as found from ${row.child} as c where ${orphan}${partial}`;
    return { check: 'foreign key', subject: row.subject, sql };
  });
}

interface UniqueRow {
  readonly subject: string;
  readonly relation: string;
  readonly parts: string[];
  readonly predicate: string | null;
  readonly nulls_not_distinct: boolean;
}

async function askUniques(client: pg.ClientBase): Promise<Question[]> {
  // From server 15 on there is indnullsnotdistinct; read through JSON so that older ones answer too.
  const { rows } = await client.query<UniqueRow>(`
    select i.indexrelid::regclass::text as subject, i.indrelid::regclass::text as relation,
      array(select pg_get_indexdef(i.indexrelid, k, false) from generate_series(1, i.indnkeyatts) as k order by k) as parts,
      pg_get_expr(i.indpred, i.indrelid) as predicate,
      coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) as nulls_not_distinct
    from pg_index as i join pg_class as r on r.oid = i.indexrelid join pg_namespace as n on n.oid = r.relnamespace
      join pg_class as t on t.oid = i.indrelid
    where ${USER_SCHEMAS} and i.indisunique and not r.relispartition and t.relkind in ('r', 'p')
    order by 1`);
  return rows.map((row) => {
    const names = row.parts.map((_, at) => `part_${at}`);
    const parts = row.parts.map((part, at) => `(${part}) as part_${at}`).join(', ');
    const where = row.predicate === null ? '' : ` where ${row.predicate}`;
    const present = row.nulls_not_distinct ? '' : ` where num_nulls(${names.join(', ')}) = 0`;
    const groups = `select count(*) as n from (select ${parts} from ${row.relation}${where}) as k${present} group by ${names.join(', ')} having count(*) > 1`;
    return { check: 'unique', subject: row.subject, sql: `select coalesce(sum(n - 1), 0) as found from (${groups}) as g` };
  });
}

async function askChecks(client: pg.ClientBase): Promise<Question[]> {
  const { rows } = await client.query<{ subject: string; relation: string; condition: string }>(`
    select format('%s.%I', c.conrelid::regclass, c.conname) as subject, c.conrelid::regclass::text as relation,
      pg_get_expr(c.conbin, c.conrelid) as condition
    from pg_constraint as c join pg_namespace as n on n.oid = c.connamespace
    where ${USER_SCHEMAS} and c.contype = 'c' and c.conrelid <> 0
    order by 1`);
  return rows.map(({ subject, relation, condition }) => {
    return { check: 'check', subject, sql: `select count(*) as found from ${relation} where not (${condition})` };
  });
}

/** Columns of domains, with every domain that they are made of. */
const DOMAIN_COLUMNS = `
  with recursive layers as (
    select a.attrelid, a.attname, t.oid as layer, t.typbasetype, t.typtypmod, t.typnotnull
    from pg_attribute as a join pg_class as r on r.oid = a.attrelid join pg_namespace as n on n.oid = r.relnamespace
      join pg_type as t on t.oid = a.atttypid
    where ${USER_SCHEMAS} and r.relkind in ('r', 'p') and not r.relispartition and a.attnum > 0 and not a.attisdropped and t.typtype = 'd'
    union all
    select l.attrelid, l.attname, t.oid, t.typbasetype, t.typtypmod, t.typnotnull
    from layers as l join pg_type as t on t.oid = l.typbasetype
    where t.typtype = 'd'
  )`;

async function askDomains(client: pg.ClientBase): Promise<Question[]> {
  const { rows } = await client.query<{ subject: string; relation: string; column: string; base: string; condition: string }>(`
    ${DOMAIN_COLUMNS}
    select format('%s.%I %s', l.attrelid::regclass, l.attname, c.conname) as subject, l.attrelid::regclass::text as relation,
      l.attname::text as column, format_type(l.typbasetype, l.typtypmod) as base,
      regexp_replace(pg_get_constraintdef(c.oid), '^CHECK (.*?)( NOT VALID)?$', '\\1') as condition
    from layers as l join pg_constraint as c on c.contypid = l.layer
    where c.contype = 'c'
    order by 1`);
  // The condition speaks of VALUE, which is no reserved word: a column of that name stands for it.
  return rows.map(({ subject, relation, column, base, condition }) => {
    const values = `select ${quoteIdentifier(column)}::${base} as value from ${relation}`;
    return { check: 'check', subject, sql: `select count(*) as found from (${values}) as v where not (${condition})` };
  });
}

async function askNotNull(client: pg.ClientBase): Promise<Question[]> {
  const { rows } = await client.query<{ relation: string; columns: string[] }>(`
    ${DOMAIN_COLUMNS}
    select relation, array_agg(distinct attname order by attname) as columns
    from (
      select a.attrelid::regclass::text as relation, a.attname::text
      from pg_attribute as a join pg_class as r on r.oid = a.attrelid join pg_namespace as n on n.oid = r.relnamespace
      where ${USER_SCHEMAS} and r.relkind in ('r', 'p') and not r.relispartition and a.attnum > 0 and not a.attisdropped and a.attnotnull
      union
      select attrelid::regclass::text, attname::text from layers where typnotnull
    ) as c
    group by relation
    order by relation`);
  // num_nulls, because IS NULL of a NOT NULL column is folded to false before any row is read.
  return rows.map(({ relation, columns }) => {
    const names = columns.map(quoteIdentifier);
    const sql = `select coalesce(sum(num_nulls(${names.join(', ')})), 0) as found from ${relation}`;
    return { check: 'not null', subject: `${relation} (${names.join(', ')})`.slice(0, 200), sql };
  });
}

/** Constraints that are there but were not validated or are not enforced, indexes that are not valid, triggers switched off. */
async function listNotInForce(client: pg.ClientBase): Promise<Violation[]> {
  const { rows } = await client.query<{ subject: string }>(`
    select format('constraint %I on %s', c.conname, coalesce(nullif(c.conrelid, 0)::regclass::text, c.contypid::regtype::text)) as subject
    from pg_constraint as c join pg_namespace as n on n.oid = c.connamespace
    where ${USER_SCHEMAS} and (not c.convalidated or to_jsonb(c) ->> 'conenforced' = 'false')
    union all
    select format('index %s', i.indexrelid::regclass)
    from pg_index as i join pg_class as r on r.oid = i.indexrelid join pg_namespace as n on n.oid = r.relnamespace
    where ${USER_SCHEMAS} and not (i.indisvalid and i.indisready and i.indislive)
    union all
    select distinct format('trigger of %s on %s', coalesce(c.conname, t.tgname), t.tgrelid::regclass)
    from pg_trigger as t join pg_class as r on r.oid = t.tgrelid join pg_namespace as n on n.oid = r.relnamespace
      left join pg_constraint as c on c.oid = t.tgconstraint
    where ${USER_SCHEMAS} and t.tgenabled = 'D'
    order by 1`);
  return rows.map(({ subject }) => ({ check: 'not in force', subject, count: 1 }));
}

function compareLists(expected: readonly string[], found: readonly string[]): Violation[] {
  const [wanted, present] = [new Set(expected), new Set(found)];
  return [
    ...expected.filter((text) => !present.has(text)).map((subject) => ({ check: 'missing' as const, subject, count: 1 })),
    ...found.filter((text) => !wanted.has(text)).map((subject) => ({ check: 'unexpected' as const, subject, count: 1 })),
  ];
}
