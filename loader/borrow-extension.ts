// Extensions that load needs for a moment (pg_prewarm, pg_buffercache, amcheck): one that the target has is used, one that it lacks is made
// in a transaction that is rolled back, so that nothing of ours stays.
import type pg from 'pg';
import { quoteIdentifier } from '../core/identifiers.ts';
import { describeFailure, runQuery, sqlStateOf, wrapQueryError } from '../postgres/query.ts';

/** The extension's schema, quoted; or why it cannot be had, in words. */
export type Borrowed = { readonly schema: string } | { readonly reason: string };

/**
 * Makes the extension usable until the caller's transaction ends. A server that has not got it, or does not allow it, is an answer. Throws
 * CONNECT_FAILED.
 */
export async function borrowExtension(client: pg.Client, name: 'amcheck' | 'pg_buffercache' | 'pg_prewarm'): Promise<Borrowed> {
  const present = await findSchema(client, name);
  if (present !== null) return { schema: present };
  await runQuery(client, `trying ${name}`, 'savepoint borrowing');
  try {
    // A schema of its own: the search path is pg_catalog, and `public` need not be there.
    const schema = quoteIdentifier(`shapecast_${name}`);
    await client.query(`create schema ${schema}`);
    await client.query(`create extension ${name} schema ${schema}`);
    await runQuery(client, `trying ${name}`, 'release savepoint borrowing');
    return { schema };
  } catch (error) {
    if (sqlStateOf(error) === null) throw wrapQueryError(error, `trying ${name}`);
    await runQuery(client, `trying ${name}`, 'rollback to savepoint borrowing');
    return { reason: `${name} cannot be created here: ${describeFailure(error)}` };
  }
}

async function findSchema(client: pg.Client, name: string): Promise<string | null> {
  const [row] = await runQuery<{ schema: string }>(
    client,
    `looking for ${name}`,
    `select quote_ident(n.nspname) as schema
     from pg_extension e
     join pg_namespace n on n.oid = e.extnamespace
     where e.extname = $1`,
    [name],
  );
  return row?.schema ?? null;
}
