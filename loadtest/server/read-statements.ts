// pg_stat_statements before and after a stage. The server's text of a statement is read to compare it with the workload's and goes no
// further: where the server could not normalise a statement it holds literals.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { ShapecastError } from '../../core/errors.ts';
import { quoteIdentifier } from '../../core/identifiers.ts';
import { runQuery } from '../../postgres/query.ts';
import type { StatementFigures } from '../../spec/server-figures.ts';
import { statementShape } from './statement-shape.ts';

/** In our own statements, by which they are left out. */
const OWN_MARK = 'shapecast reads figures';
const MOST_STATEMENTS = 20;

export interface StatementCount {
  readonly id: string;
  readonly text: string;
  readonly calls: number;
  readonly totalMs: number;
  readonly rows: number;
  readonly sharedHit: number;
  readonly sharedRead: number;
}

/** The name of a statement by its shape. */
export type StatementNames = ReadonlyMap<string, string>;

/** Where the view is; null: this database has none. */
export async function findStatementView(client: pg.Client): Promise<string | null> {
  const sql = `
    select
      n.nspname as schema
    from pg_extension e
    join pg_namespace n on n.oid = e.extnamespace
    where e.extname = 'pg_stat_statements'`;
  const [found] = await runQuery<{ schema: string }>(client, 'looking for pg_stat_statements', sql);
  return found === undefined ? null : `${quoteIdentifier(found.schema)}.pg_stat_statements`;
}

/** What the view counts of this database until now; null where the role or the server's settings do not let it be read. */
export async function readStatements(client: pg.Client, view: string): Promise<StatementCount[] | null> {
  const sql = `
    select /* ${OWN_MARK} */
      queryid::text as id,
      min(query) as text,
      sum(calls)::float8 as calls,
      sum(total_exec_time)::float8 as "totalMs",
      sum(rows)::float8 as rows,
      sum(shared_blks_hit)::float8 as "sharedHit",
      sum(shared_blks_read)::float8 as "sharedRead"
    from ${view}
    where dbid = (select oid from pg_database where datname = current_database())
      and queryid is not null
      and query not like '%${OWN_MARK}%'
    group by queryid`;
  try {
    return await runQuery<StatementCount & pg.QueryResultRow>(client, 'pg_stat_statements', sql);
  } catch (error) {
    if (error instanceof ShapecastError && error.code === 'QUERY_FAILED') return null;
    throw error;
  }
}

/** What was done between the two, the longest first. A statement without a name has the hash of its id. */
export function subtractStatements(
  before: readonly StatementCount[],
  after: readonly StatementCount[],
  names: StatementNames,
): StatementFigures[] {
  const earlier = new Map(before.map((each) => [each.id, each]));
  const figures = after.flatMap((now): StatementFigures[] => {
    const then = earlier.get(now.id);
    // Fewer calls than before: the counts began anew.
    const from = then === undefined || then.calls > now.calls ? null : then;
    const calls = now.calls - (from?.calls ?? 0);
    if (calls <= 0) return [];
    const totalMs = now.totalMs - (from?.totalMs ?? 0);
    return [
      {
        name: names.get(statementShape(now.text)) ?? `statement ${hashOf(now.id)}`,
        calls,
        meanMs: round(totalMs / calls),
        totalMs: round(totalMs),
        rows: now.rows - (from?.rows ?? 0),
        sharedHit: now.sharedHit - (from?.sharedHit ?? 0),
        sharedRead: now.sharedRead - (from?.sharedRead ?? 0),
      },
    ];
  });
  return figures.sort((left, right) => right.totalMs - left.totalMs).slice(0, MOST_STATEMENTS);
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 8);
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
