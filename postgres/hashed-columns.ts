// What a table's content hash is over: the chunk ledger has the hash, this the columns that it means, so that a target can be checked
// without the report of its run.
import type pg from 'pg';
import { z } from 'zod';
import { formatTableKey, type QualifiedName } from '../core/identifiers.ts';
import { checkDocument } from '../spec/parse-document.ts';
import { runQuery } from './query.ts';

/** The columns of a table's hash. */
export interface HashedColumns {
  /** In the order of the hash. */
  readonly columns: readonly string[];
  /** Columns outside the hash that have one value in every row, as it was sent; the server may spell it in another way. */
  readonly constants: Readonly<Record<string, string>>;
}

/** Records them beside tables that the marker lists. */
export async function storeHashedColumns(client: pg.Client, tables: readonly (QualifiedName & HashedColumns)[]): Promise<void> {
  for (const { schema, name, columns, constants } of tables) {
    await runQuery(
      client,
      'recording the hashed columns',
      `update shapecast.tables set hashed_columns = $3, constants = $4
       where schema_name = $1 and table_name = $2 and (hashed_columns, constants) is distinct from ($3::text[], $4::jsonb)`,
      [schema, name, columns, JSON.stringify(constants)],
    );
  }
}

const rowSchema = z.strictObject({
  schema: z.string(),
  name: z.string(),
  columns: z.array(z.string()).nullable(),
  constants: z.record(z.string(), z.string()).nullable(),
});

/** The columns by table key. Tables that an earlier version filled are missing. */
export async function readHashedColumns(client: pg.Client): Promise<ReadonlyMap<string, HashedColumns>> {
  // As JSON the row has its columns by name, also where the marker is older than they are.
  const rows = await runQuery(
    client,
    'reading the hashed columns',
    `select schema_name as schema, table_name as name, to_jsonb(t) -> 'hashed_columns' as columns, to_jsonb(t) -> 'constants' as constants
     from shapecast.tables t`,
  );
  const checked = checkDocument(z.array(rowSchema), rows, 'marker', 'the schema shapecast of the target');
  return new Map(
    checked.flatMap(({ schema, name, columns, constants }) =>
      columns === null ? [] : [[formatTableKey({ schema, name }), { columns, constants: constants ?? {} }] as const],
    ),
  );
}
