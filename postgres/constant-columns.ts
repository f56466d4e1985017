// Columns whose one value the server may spell in another way than it was sent (money, inet, a jsonb of a person's writing): they are not
// in the run's hash. The server itself reads and writes the value that was sent, and a row that has another one gets another hash.
import type pg from 'pg';
import { quoteIdentifier } from '../core/identifiers.ts';
import type { CatalogTable } from './catalog/catalog.ts';
import { runQuery } from './query.ts';

export interface ConstantColumn {
  readonly name: string;
  /** With its modifier, as a cast takes it. */
  readonly type: string;
  readonly text: string;
}

/** The columns of the table with their types; one that is not there is left out, as it is not constant. */
export async function readConstantColumns(
  client: pg.Client,
  table: CatalogTable,
  constants: Readonly<Record<string, string>>,
): Promise<ConstantColumn[]> {
  const names = Object.keys(constants);
  if (names.length === 0) return [];
  const rows = await runQuery<{ name: string; type: string }>(
    client,
    'reading the types of constant columns',
    `select attname::text as name, format_type(atttypid, atttypmod) as type
     from pg_attribute where attrelid = $1 and attname = any($2::text[]) and not attisdropped
     order by attnum`,
    [table.oid, names],
  );
  return rows.map(({ name, type }) => ({ name, type, text: constants[name] ?? '' }));
}

/** SQL text of what the column adds to a row's hash: 0 where the row has the value, of which `parameter` is the text. */
export function constantTerm({ name, type }: ConstantColumn, parameter: string, seed: number): string {
  const value = `t.${quoteIdentifier(name)}::text`;
  // The inner SELECT is run once, not for every row.
  return `case when ${value} = (select ${parameter}::text::${type}::text) then 0::int8
            else hashtextextended(coalesce(${value}, '') collate "C", ${seed}) end`;
}
