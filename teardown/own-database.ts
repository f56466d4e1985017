// A database that shapecast made itself (the embedded server's) bears the marker's comment. It may go when nothing but
// what the server put there is left in it.
import type pg from 'pg';
import { quoteIdentifier } from '../core/identifiers.ts';
import { connect } from '../postgres/connect.ts';
import { listObjects } from '../postgres/marker-objects.ts';
import { MARKER_COMMENT } from '../postgres/marker-tables.ts';
import { runQuery } from '../postgres/query.ts';

/** Whether the connected database was made by us. */
export async function isOwnDatabase(client: pg.Client): Promise<boolean> {
  const [row] = await runQuery<{ comment: string | null }>(
    client,
    'asking who made the database',
    `select shobj_description(oid, 'pg_database') as comment from pg_database where datname = current_database()`,
  );
  return row?.comment === MARKER_COMMENT;
}

/** Whether it holds no table, view, type, function, schema or extension of anybody's. */
export async function isEmptyDatabase(client: pg.Client): Promise<boolean> {
  const [row] = await runQuery<{ found: boolean }>(
    client,
    'looking for what else is in the database',
    `select exists (select from pg_class where oid >= 16384 and relnamespace <> 'pg_toast'::regnamespace)
         or exists (select from pg_largeobject_metadata)
         or exists (select from pg_publication) as found`,
  );
  // plpgsql and the schema public are in every new database, under oids of the server's own.
  return row?.found === false && (await listObjects(client)).length === 0;
}

/** Drops the database by a connection to another one. Throws QUERY_FAILED while other sessions use it. */
export async function dropDatabase(url: string, name: string): Promise<void> {
  const elsewhere = `${url}${url.includes('?') ? '&' : '?'}dbname=postgres`;
  const client = await connect(elsewhere, { applicationName: 'shapecast teardown' });
  try {
    await runQuery(client, 'dropping the database', `drop database ${quoteIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
