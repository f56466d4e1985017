// The databases of the bench on a server of the user's: the built-in chat at a number of rows, made by our own generator, and an empty one with
// its tables, without keys and indexes as sync makes them before the rows.
import os from 'node:os';
import path from 'node:path';
import { quoteIdentifier } from '../../core/identifiers.ts';
import { packageFolder } from '../../core/tool.ts';
import { dumpSchema, findClientTools, runScript } from '../../postgres/client-tools.ts';
import { withClient } from '../../postgres/connect.ts';
import { openSnapshot } from '../../postgres/read-only-snapshot.ts';
import { runProgram } from '../gates/run-program.ts';

/** Rows over all tables of the dev band at scale 1. */
const ROWS_OF_DEV = 9_753_047;
const NAME = { applicationName: 'shapecast bench' };

export interface BenchServer {
  /** Of any database of the server. */
  readonly url: string;
  /** What the names of the databases begin with. */
  readonly prefix: string;
}

/** The URL of another database of the server. */
export function urlOf({ url }: BenchServer, database: string): string {
  // `postgresql://user@/name?host=/folder` is one of libpq's URLs and none of the web's.
  return url.replace(/^(\w+:\/\/[^/?]*)(\/[^?]*)?/, (_all, server: string) => `${server}/${encodeURIComponent(database)}`);
}

/** A chat database with so many rows over all tables, made unless it is there; its name. */
export async function provideSource(server: BenchServer, rows: number, tell: (line: string) => void): Promise<string> {
  const name = `${server.prefix}chat_${rows}`;
  const isThere = await withClient(server.url, NAME, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${quoteIdentifier(name)}`);
    return rowCount !== 0;
  });
  if (isThere) return name;
  tell(`making ${name}`);
  const flags = ['--band', 'dev', '--seed', 'sync-bench', '--scale', String(rows / ROWS_OF_DEV), '--output-dir', os.tmpdir()];
  const program = path.join(packageFolder(), 'bin/shapecast.js');
  await runProgram(process.execPath, [program, 'generate', ...flags, '--target', urlOf(server, name)]);
  await withClient(urlOf(server, name), NAME, (client) => client.query('vacuum analyze'));
  return name;
}

/** An empty database with the tables of the source; its name. */
export async function makeTarget(server: BenchServer, source: string): Promise<string> {
  const name = `${server.prefix}target`;
  await dropDatabase(server, name);
  await withClient(server.url, NAME, (client) => client.query(`create database ${quoteIdentifier(name)}`));
  const signal = new AbortController().signal;
  const snapshot = await openSnapshot(urlOf(server, source), { readers: 1, statementTimeoutMs: 0, lockTimeoutMs: 0, signal });
  try {
    const tools = await findClientTools(null, snapshot.serverMajor);
    const dumped = { url: urlOf(server, source), snapshotId: snapshot.snapshotId, signal, section: 'pre-data' } as const;
    const sql = (await dumpSchema(tools, dumped)).replace(/^CREATE SCHEMA public;$/m, '');
    await runScript(tools, { url: urlOf(server, name), sql, what: 'creating the tables', signal });
  } finally {
    await snapshot.close();
  }
  return name;
}

/** Empties the tables, and lets no run pay for what the one before has left to write. */
export async function emptyTarget(server: BenchServer, name: string): Promise<void> {
  await withClient(urlOf(server, name), NAME, async (client) => {
    const { rows } = await client.query<{ tables: string | null }>(
      `select string_agg(oid::regclass::text, ', ') as tables from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
    );
    if (rows[0]?.tables) await client.query(`truncate ${rows[0].tables}`);
    await client.query('checkpoint');
  });
}

export async function dropDatabase(server: BenchServer, name: string): Promise<void> {
  await withClient(server.url, NAME, (client) => client.query(`drop database if exists ${quoteIdentifier(name)} with (force)`));
}
