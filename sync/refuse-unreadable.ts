// What would fail in the middle, found out before: a table that the role may not read or a policy filters, an unlogged one on a standby,
// and a shadow's server that cannot take the schema.
import type pg from 'pg';
import { type Problem, ShapecastError } from '../core/errors.ts';
import { formatTableKey } from '../core/identifiers.ts';
import { readUnreadable, type Unreadable, type UnreadableReason } from '../postgres/catalog/unreadable.ts';
import { runQuery } from '../postgres/query.ts';

const MESSAGES: Readonly<Record<UnreadableReason, string>> = {
  schema: 'the role lacks USAGE on its schema',
  grant: 'the role lacks SELECT on it',
  policy: 'row security would hide rows from the role, which lacks BYPASSRLS',
  unlogged: 'it is unlogged, and a standby has none of its rows',
};

/** A sentence for the reason. */
export function describeUnreadable(reason: UnreadableReason): string {
  return MESSAGES[reason];
}

/** Throws SYNC_SOURCE_UNREADABLE naming all; of tables in `empty` no row is read, so only grants count, which pg_dump needs. */
export async function refuseUnreadable(source: pg.Client, empty: readonly string[]): Promise<void> {
  const withoutRows = new Set(empty);
  const needsRows = (found: Unreadable) =>
    found.reason === 'schema' || found.reason === 'grant' || !withoutRows.has(formatTableKey(found));
  const problems: Problem[] = (await readUnreadable(source))
    .filter(needsRows)
    .map((found) => ({ path: formatTableKey(found), message: describeUnreadable(found.reason) }));
  if (problems.length > 0) throw new ShapecastError('SYNC_SOURCE_UNREADABLE', { problems });
}

/** Throws SYNC_SHADOW_OLDER: a dump is for its own version of the server and later ones. */
export function refuseOlderShadow(sourceMajor: number, shadowMajor: number): void {
  if (shadowMajor < sourceMajor) throw new ShapecastError('SYNC_SHADOW_OLDER', { source: sourceMajor, shadow: shadowMajor });
}

/** Throws SYNC_EXTENSIONS_MISSING naming the source's extensions that the shadow's server does not have. */
export async function refuseMissingExtensions(source: pg.Client, shadow: pg.Client): Promise<void> {
  const used = await runQuery<{ name: string }>(source, 'listing extensions', 'select extname::text as name from pg_extension');
  const names = used.map(({ name }) => name);
  const sql = `select name from unnest($1::text[]) as used (name)
    where not exists (select from pg_available_extensions a where a.name = used.name) order by 1`;
  const missing = await runQuery<{ name: string }>(shadow, 'listing what extensions there are', sql, [names]);
  if (missing.length > 0) throw new ShapecastError('SYNC_EXTENSIONS_MISSING', { extensions: missing.map(({ name }) => name) });
}
