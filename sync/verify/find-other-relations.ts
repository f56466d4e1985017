// What can hold rows besides the tables that rules speak of: tables beside our own mark, filled materialised views, foreign tables.
import type pg from 'pg';
import { formatTableKey } from '../../core/identifiers.ts';
import { runQuery } from '../../postgres/query.ts';
import type { UncheckedColumn, VerificationFinding } from '../../spec/shadow-verification.ts';

export interface OtherRelations {
  readonly findings: readonly VerificationFinding[];
  readonly notChecked: readonly UncheckedColumn[];
}

interface Relation {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'ours' | 'view' | 'foreign';
}

const sql = `
select
  n.nspname::text as schema,
  c.relname::text as name,
  case when n.nspname = 'shapecast' then 'ours' when c.relkind = 'm' then 'view' else 'foreign' end as kind
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where case
    -- no rule speaks of this schema
    when n.nspname = 'shapecast' then c.relkind in ('r', 'p', 'm', 'f') and c.relname <> 'shadow'
    when c.relkind = 'm' then c.relispopulated
    else c.relkind = 'f'
  end
  and n.nspname !~ '^pg_'
  and n.nspname <> 'information_schema'
order by 1, 2`;

const WHY = {
  view: 'a filled materialised view, whose rows no rule describes; refresh it, and they are those of the masked tables',
  foreign: 'a foreign table, whose rows are elsewhere',
} as const;

/** Reads the catalog. Throws QUERY_FAILED, CONNECT_FAILED. */
export async function findOtherRelations(client: pg.Client): Promise<OtherRelations> {
  const relations = await runQuery<Relation>(client, 'looking for other relations', sql);
  const place = (relation: Relation) => ({
    stage: 'structure' as const,
    table: formatTableKey(relation),
    column: null,
    rule: null,
  });
  return {
    findings: relations
      .filter(({ kind }) => kind === 'ours')
      .map((relation) => ({ ...place(relation), what: 'a table beside the mark of sync', count: null })),
    notChecked: relations.flatMap((relation) =>
      relation.kind === 'ours' ? [] : [{ ...place(relation), why: WHY[relation.kind] }],
    ),
  };
}
