// The two statements of a record that cannot have parameters: its definition, and a comment.
import type pg from 'pg';
import { formatTableKey } from '../core/identifiers.ts';
import { runQuery, wrapQueryError } from './query.ts';
import type { StoredDefinition } from './stored-definitions.ts';

type Named = Pick<StoredDefinition, 'schema' | 'table' | 'name'>;

/** The extended protocol takes one statement only, so a record cannot smuggle in a second one. Throws QUERY_FAILED, CONNECT_FAILED. */
export async function runDefinition(client: pg.Client, definition: Named, text: string): Promise<void> {
  // queryMode is documented by pg and missing from its types.
  const oneStatement = { text, queryMode: 'extended' };
  try {
    await client.query(oneStatement);
  } catch (error) {
    throw wrapQueryError(error, `putting back ${nameOf(definition)}`);
  }
}

/** COMMENT takes no parameters: the server quotes the text for us. Null: does nothing. */
export async function commentOn(client: pg.Client, definition: Named, object: string, text: string | null): Promise<void> {
  if (text === null) return;
  const sql = 'select quote_literal($1) as literal';
  const [quoted] = await runQuery<{ literal: string }>(client, 'quoting a comment', sql, [text]);
  await runQuery(client, `commenting on ${nameOf(definition)}`, `comment on ${object} is ${quoted?.literal ?? 'null'}`);
}

function nameOf({ schema, table, name }: Named): string {
  return `${formatTableKey({ schema, name: table })}: ${name}`;
}
