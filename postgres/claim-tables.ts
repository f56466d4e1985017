// Tables become ours when the marker lists them: only empty ones do, and nothing is emptied or dropped that it does not list.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { formatTableKey, type QualifiedName, quoteQualified } from '../core/identifiers.ts';
import { type IdentifiedTable, readMarker, readTables, type TableOrigin } from './marker.ts';
import { locateTable, MARKER_HOME } from './marker-home.ts';
import { MARKER_COMMENT } from './marker-tables.ts';
import { inTransaction } from './marker-transaction.ts';
import { runQuery } from './query.ts';

/**
 * Records the tables as ours, all or none, and comments on the created ones. A table that the marker lists already keeps its
 * origin. Throws TARGET_NOT_EMPTY, naming every table that the marker does not list and that holds a row.
 */
export async function claimTables(
  client: pg.Client,
  tables: readonly { readonly table: IdentifiedTable; readonly origin: TableOrigin }[],
): Promise<void> {
  await inTransaction(client, () => recordTables(client, tables));
}

/** claimTables inside the caller's transaction. */
export async function recordTables(
  client: pg.ClientBase,
  tables: readonly { readonly table: IdentifiedTable; readonly origin: TableOrigin }[],
): Promise<void> {
  const listed = await readTables(client);
  const unlisted = tables.filter(({ table }) => !listed.some((row) => row.oid === table.oid && isSameName(row, table)));
  await refuseMoved(client, unlisted);
  await refuseRows(client, unlisted);
  for (const { table, origin } of unlisted) await recordTable(client, table, origin);
}

/** Tables with a row that the marker does not list: somebody else's. Changes nothing; the marker need not be there. Throws MARKER_FOREIGN. */
export async function findForeignRows(client: pg.Client, tables: readonly IdentifiedTable[]): Promise<string[]> {
  const listed = (await readMarker(client))?.tables ?? [];
  return listFilled(
    client,
    tables.filter((table) => !listed.some((row) => row.oid === table.oid && isSameName(row, table))),
  );
}

/** Keys of the tables that have a row. */
export async function listFilled(client: pg.ClientBase, tables: readonly QualifiedName[]): Promise<string[]> {
  const filled: string[] = [];
  for (const table of tables) {
    const [found] = await runQuery<{ filled: boolean }>(
      client,
      `looking for rows in ${formatTableKey(table)}`,
      `select exists (select from ${quoteQualified(table)}) as filled`,
    );
    if (found?.filled === true) filled.push(formatTableKey(table));
  }
  return filled;
}

async function refuseRows(client: pg.ClientBase, tables: readonly { readonly table: QualifiedName }[]): Promise<void> {
  const filled = await listFilled(
    client,
    tables.map(({ table }) => table),
  );
  if (filled.length > 0) throw new ShapecastError('TARGET_NOT_EMPTY', { tables: filled });
}

// The record of a table of ours that was renamed since may not be overwritten by that of a new one under its old name.
async function refuseMoved(client: pg.ClientBase, tables: readonly { readonly table: QualifiedName }[]): Promise<void> {
  const moved = await runQuery<QualifiedName & { nowSchema: string; nowName: string }>(
    client,
    'reading the marker',
    `select t.schema_name as schema, t.table_name as name, l.schema as "nowSchema", l.name as "nowName"
     from shapecast.tables t
     cross join lateral ${locateTable({ schema: 't.schema_name', name: 't.table_name', oid: 't.table_oid', home: 't.made_in' })} as l
     where (l.schema, l.name) <> (t.schema_name, t.table_name)`,
  );
  const wanted = moved.find((row) => tables.some(({ table }) => isSameName(row, table)));
  if (wanted === undefined) return;
  const now = formatTableKey({ schema: wanted.nowSchema, name: wanted.nowName });
  throw new ShapecastError('MARKER_MOVED', { table: formatTableKey(wanted), now });
}

async function recordTable(client: pg.ClientBase, table: IdentifiedTable, origin: TableOrigin): Promise<void> {
  await runQuery(
    client,
    'recording a table',
    `insert into shapecast.tables (schema_name, table_name, table_oid, origin, made_in)
     values ($1, $2, $3, $4, ${MARKER_HOME})
     on conflict (schema_name, table_name) do update
       set table_oid = excluded.table_oid, origin = excluded.origin, made_in = excluded.made_in`,
    [table.schema, table.name, table.oid, origin],
  );
  // The table is empty: chunks under its name were those of one that is gone, and a run would take them for done.
  await runQuery(client, 'clearing the chunk ledger', 'delete from shapecast.chunks where table_key = $1', [
    formatTableKey(table),
  ]);
  if (origin === 'found') return;
  await runQuery(
    client,
    `commenting on ${formatTableKey(table)}`,
    `comment on table ${quoteQualified(table)} is '${MARKER_COMMENT}'`,
  );
}

function isSameName(left: QualifiedName, right: QualifiedName): boolean {
  return left.schema === right.schema && left.name === right.name;
}
