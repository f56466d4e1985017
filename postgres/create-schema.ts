// Creates tables from schema SQL (usually pg_dump's) in one transaction: all of it or nothing, together with whatever the caller
// records about it.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { describeFailure, runQuery, sqlStateOf, wrapQueryError } from './query.ts';
import { prepareSchemaText } from './schema-text.ts';

/** What the caller does in the transaction that runs the SQL: `after` gets what `before` returned. */
interface AroundSchema<Before, Result> {
  readonly before: () => Promise<Before>;
  readonly after: (before: Before) => Promise<Result>;
}

/** Runs the SQL and leaves the session's settings as they were. Throws SCHEMA_UNSUPPORTED, SCHEMA_FAILED, CONNECT_FAILED. */
export async function createSchema(client: pg.ClientBase, sqlText: string): Promise<void> {
  const nothing = async () => undefined;
  await createSchemaWith(client, sqlText, { before: nothing, after: nothing });
}

/**
 * createSchema with two more steps in its transaction. The transaction has one snapshot: what `after` sees and `before` did not
 * was made by the SQL, because what other sessions commit meanwhile stays out of sight. What the steps throw rolls all back.
 */
export async function createSchemaWith<Before, Result>(
  client: pg.ClientBase,
  sqlText: string,
  { before, after }: AroundSchema<Before, Result>,
): Promise<Result> {
  const text = prepareSchemaText(sqlText);
  const settings = await readSessionSettings(client);
  await runQuery(client, 'beginning a transaction', 'begin isolation level repeatable read');
  const result = await runInside(client, text, { before, after }).catch(async (error: unknown) => {
    await rollBackQuietly(client);
    throw describeSchemaFailure(error, text);
  });
  await restoreSessionSettings(client, settings);
  return result;
}

async function runInside<Before, Result>(
  client: pg.ClientBase,
  text: string,
  { before, after }: AroundSchema<Before, Result>,
): Promise<Result> {
  const seen = await before();
  // The file may name tables without a schema; ours is pg_catalog alone. Not the role's own search_path: its "$user" could be
  // the marker's schema.
  await client.query('set search_path = public');
  await client.query(text);
  await client.query('set local search_path = pg_catalog');
  const result = await after(seen);
  await client.query('commit');
  return result;
}

interface Setting {
  readonly name: string;
  readonly value: string;
}

function readSessionSettings(client: pg.ClientBase): Promise<Setting[]> {
  const sql = `select name, current_setting(name) as value from pg_catalog.pg_settings where source = 'session'`;
  return runQuery<Setting>(client, 'reading the session settings', sql);
}

// pg_dump's files set a dozen parameters (an empty search_path, row_security, time-outs) and leave them so.
async function restoreSessionSettings(client: pg.ClientBase, settings: readonly Setting[]): Promise<void> {
  await runQuery(client, 'resetting the session', 'reset all');
  const sql = 'select pg_catalog.set_config(name, value, false) from unnest($1::text[], $2::text[]) as s(name, value)';
  await runQuery(client, 'restoring the session settings', sql, [
    settings.map((setting) => setting.name),
    settings.map((setting) => setting.value),
  ]);
}

async function rollBackQuietly(client: pg.ClientBase): Promise<void> {
  try {
    await client.query('rollback');
  } catch {
    // The first failure is the one to report; a broken connection has rolled back by itself.
  }
}

function describeSchemaFailure(error: unknown, text: string): ShapecastError {
  const sqlState = sqlStateOf(error);
  if (sqlState === null || /^(08|57P0)/.test(sqlState)) return wrapQueryError(error, 'creating the schema');
  const line = lineOfPosition(text, error);
  return new ShapecastError('SCHEMA_FAILED', { line, sqlState, reason: describeFailure(error) }, { cause: error });
}

// The server counts characters from 1, where JavaScript counts UTF-16 units. 0: the server named no place.
function lineOfPosition(text: string, error: unknown): number {
  const position = typeof error === 'object' && error !== null ? Number(Reflect.get(error, 'position')) : Number.NaN;
  if (!Number.isInteger(position) || position < 1) return 0;
  return Array.from(text)
    .slice(0, position - 1)
    .reduce((line, character) => line + (character === '\n' ? 1 : 0), 1);
}
