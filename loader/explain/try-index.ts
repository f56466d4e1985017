// The two ways in which an index can be tried: hypopg pretends it to the planner, at no cost and with no lock; what hypopg cannot pretend
// (GIN, GiST) and every index of a server without it is really made, in the caller's transaction.
import { sqlStateIn } from '../../postgres/query.ts';
import { readRows, type Side } from '../../postgres/read-side.ts';
import type { ExplainedQuery, WhatIf } from '../../spec/explanation.ts';

type Made = Pick<WhatIf, 'how' | 'pages'>;

const WHAT = 'making the index of --what-if';
/** elog(ERROR): how hypopg says that it does not know a kind of index. */
const INTERNAL_ERROR = 'XX000';

/** Pretends it until the session ends; null where the database has no hypopg, or hypopg no such index. Throws QUERY_FAILED. */
export async function pretendIndex(side: Side, statement: string): Promise<Made | null> {
  const [extension] = await readRows<{ schema: string }>(
    side,
    WHAT,
    `select quote_ident(n.nspname) as "schema" from pg_catalog.pg_extension e
     join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.extname = 'hypopg'`,
  );
  if (extension === undefined) return null;
  try {
    const [made] = await readRows<{ pages: number }>(
      side,
      WHAT,
      `select (${extension.schema}.hypopg_relation_size(indexrelid) / current_setting('block_size')::int8)::float8 as "pages"
       from ${extension.schema}.hypopg_create_index($1)`,
      [statement],
    );
    return made === undefined ? null : { how: 'pretended', pages: made.pages };
  } catch (error) {
    if (sqlStateIn(error) === INTERNAL_ERROR) return null;
    throw error;
  }
}

/** Makes it; the caller rolls back. Throws QUERY_FAILED. */
export async function buildIndex(side: Side, statement: string): Promise<Made> {
  const indexes = "select oid::int8 as \"oid\" from pg_catalog.pg_class where relkind in ('i', 'I')";
  const before = new Set((await readRows<{ oid: string }>(side, WHAT, indexes)).map(({ oid }) => oid));
  await readRows(side, WHAT, statement);
  const made = (await readRows<{ oid: string }>(side, WHAT, indexes)).map(({ oid }) => oid).filter((oid) => !before.has(oid));
  const [size] = await readRows<{ pages: number }>(
    side,
    WHAT,
    `select coalesce(sum(pg_catalog.pg_relation_size(oid)), 0)::float8 / current_setting('block_size')::float8 as "pages"
     from pg_catalog.pg_class where oid = any($1::oid[])`,
    [made],
  );
  return { how: 'built', pages: size?.pages ?? 0 };
}

/** hypopg calls an index `<13556>btree_notes_room`; the number is another one in every session, and says nothing. */
export function withPlainNames(query: ExplainedQuery): ExplainedQuery {
  return { ...query, nodes: query.nodes.map((node) => ({ ...node, label: node.label.replaceAll(/<\d+>(?=[a-z]+_)/g, '') })) };
}
