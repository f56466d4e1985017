// Which columns a table's content hash is over: the chunk ledger has the hash, this the columns that it means, so that a target
// can be checked without the report of its run.
import type pg from 'pg';
import { formatTableKey, type QualifiedName } from '../core/identifiers.ts';
import { runQuery } from './query.ts';

/** Records the columns beside tables that the marker lists. */
export async function storeHashedColumns(
  client: pg.Client,
  tables: readonly (QualifiedName & { readonly columns: readonly string[] })[],
): Promise<void> {
  for (const { schema, name, columns } of tables) {
    await runQuery(
      client,
      'recording the hashed columns',
      `update shapecast.tables set hashed_columns = $3
       where schema_name = $1 and table_name = $2 and hashed_columns is distinct from $3::text[]`,
      [schema, name, columns],
    );
  }
}

/** The columns by table key, in the order of the hash. Tables that an earlier version filled are missing. */
export async function readHashedColumns(client: pg.Client): Promise<ReadonlyMap<string, readonly string[]>> {
  // As JSON the row has its columns by name, also where the marker is older than the column.
  const rows = await runQuery<{ schema: string; name: string; columns: string[] | null }>(
    client,
    'reading the hashed columns',
    `select schema_name as schema, table_name as name, to_jsonb(t) -> 'hashed_columns' as columns from shapecast.tables t`,
  );
  return new Map(
    rows.flatMap(({ schema, name, columns }) => (columns === null ? [] : [[formatTableKey({ schema, name }), columns]])),
  );
}
