// Databases that a run of the bench makes on the server and drops, whatever happens.
import { spawnSync } from 'node:child_process';
import { quoteIdentifier } from '../../core/identifiers.ts';
import { withClient } from '../../postgres/connect.ts';

const CONNECTION = { applicationName: 'shapecast bench' };

/** Runs the action on a new, empty database. `serverPattern`: a URL with DATABASE for the name. */
export async function withScratch<Result>(serverPattern: string, action: (url: string) => Promise<Result>): Promise<Result> {
  const urlOf = (database: string) => serverPattern.replace('DATABASE', encodeURIComponent(database));
  const name = `fidelity_${process.pid}_${Math.trunc(performance.now() * 1000)}`;
  const administer = (sql: string) => withClient(urlOf('postgres'), CONNECTION, (client) => client.query(sql));
  try {
    await administer(`create database ${quoteIdentifier(name)}`);
    return await action(urlOf(name));
  } finally {
    await administer(`drop database if exists ${quoteIdentifier(name)} with (force)`);
  }
}

/** Rows in the same order on the heap, indexes built after them. Needs pg_dump and psql. */
export function copyDatabase(from: string, to: string): void {
  const dump = spawnSync('pg_dump', ['--no-owner', '--no-privileges', '--dbname', from], { maxBuffer: 4e9 });
  if (dump.status !== 0) throw new Error('pg_dump failed');
  const restore = spawnSync('psql', ['--quiet', '--no-psqlrc', '--set', 'ON_ERROR_STOP=1', '--dbname', to], {
    input: dump.stdout,
    maxBuffer: 4e9,
  });
  if (restore.status !== 0) throw new Error('psql failed to restore the dump');
}

/** Statements without results, one after another. */
export async function runStatements(url: string, ...statements: readonly string[]): Promise<void> {
  await withClient(url, CONNECTION, async (client) => {
    for (const sql of statements) if (sql.trim() !== '') await client.query(sql);
  });
}
