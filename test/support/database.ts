// A database of its own for each test: a clone of a template that is made once per setup text, dropped afterwards. Fails the test
// that leaves a connection open.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { sha256Hex } from '../../core/canonical-json.ts';
import { quoteIdentifier } from '../../core/identifiers.ts';
import { withClient } from '../../postgres/connect.ts';
import { SERVER_LOG_VARIABLE, SERVER_URL_VARIABLE } from './running-server.ts';

/** The URL of a database of the run's server. */
export function serverUrl(database: string): string {
  const base = process.env[SERVER_URL_VARIABLE];
  if (base === undefined) throw new Error('no test server: is the file named *.db.spec.ts?');
  return base.replace('DATABASE', encodeURIComponent(database));
}

/** The log of the run's server, which holds every statement. */
export function serverLogFile(): string {
  const file = process.env[SERVER_LOG_VARIABLE];
  if (file === undefined) throw new Error('no test server: is the file named *.db.spec.ts?');
  return file;
}

/**
 * Runs the action on a fresh database that the setup SQL has prepared (as `psql` would run it: search_path public), then drops
 * it. The client has the session settings of connect(); the URL serves further connections. Throws when one is left open.
 */
export async function withDatabase<T>(
  setupSql: string | readonly string[],
  action: (url: string, client: pg.Client) => Promise<T>,
): Promise<T> {
  const template = await ensureTemplate(typeof setupSql === 'string' ? [setupSql] : setupSql);
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer((admin) => admin.query(`create database ${quoteIdentifier(name)} template ${quoteIdentifier(template)}`));
  try {
    const url = serverUrl(name);
    const result = await withClient(url, { applicationName: 'shapecast test' }, (client) => action(url, client));
    await refuseLeakedConnections(name);
    return result;
  } finally {
    await onServer((admin) => admin.query(`drop database ${quoteIdentifier(name)} with (force)`));
  }
}

async function onServer<T>(action: (admin: pg.Client) => Promise<T>): Promise<T> {
  return withClient(serverUrl('postgres'), { applicationName: 'shapecast test admin' }, action);
}

// Built under another name and renamed, so that a failed setup is never taken for a template; the advisory lock keeps the
// second worker waiting until the first has built it.
async function ensureTemplate(setupSql: readonly string[]): Promise<string> {
  const template = `template_${sha256Hex(setupSql.join('\n;\n')).slice(0, 32)}`;
  await onServer(async (admin) => {
    await admin.query('select pg_advisory_lock(hashtext($1))', [template]);
    const found = await admin.query('select from pg_database where datname = $1', [template]);
    if (found.rowCount === 0) await buildTemplate(admin, template, setupSql);
  });
  return template;
}

async function buildTemplate(admin: pg.Client, template: string, setupSql: readonly string[]): Promise<void> {
  const draft = `draft_${randomBytes(6).toString('hex')}`;
  await admin.query(`create database ${quoteIdentifier(draft)}`);
  try {
    await withClient(serverUrl(draft), { applicationName: 'shapecast test setup' }, async (client) => {
      await client.query('reset search_path');
      for (const sql of setupSql) await client.query(sql);
    });
    await waitUntilUnused(admin, draft);
    await admin.query(`alter database ${quoteIdentifier(draft)} rename to ${quoteIdentifier(template)}`);
  } catch (error) {
    await admin.query(`drop database if exists ${quoteIdentifier(draft)} with (force)`);
    throw error;
  }
}

// A backend outlives the close of its connection by some milliseconds, hence the second look.
async function refuseLeakedConnections(database: string): Promise<void> {
  const left = await onServer((admin) => waitUntilUnused(admin, database));
  if (left.length > 0) throw new Error(`the test left connections open: ${left.join(', ')}`);
}

async function waitUntilUnused(admin: pg.Client, database: string): Promise<string[]> {
  for (let attempt = 0; ; attempt += 1) {
    const sql = `select application_name as name from pg_stat_activity where datname = $1 and backend_type = 'client backend'`;
    const { rows } = await admin.query<{ name: string }>(sql, [database]);
    if (rows.length === 0 || attempt === 40) return rows.map((row) => row.name);
    await sleep(50);
  }
}
