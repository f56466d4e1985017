// COPY of a file that the server itself reads: what a backend can take in when nobody has to make or to send the rows.
import type pg from 'pg';
import { quoteIdentifier, quoteQualified } from '../../core/identifiers.ts';
import { withClient } from '../../postgres/connect.ts';
import { runQuery } from '../../postgres/query.ts';
import type { WrittenTable } from './write-bytes.ts';

export type CopiedTable = Pick<WrittenTable, 'schema' | 'relation' | 'columns'>;

const CONNECTION = { applicationName: 'shapecast bench' };

/** `copy TABLE from 'FILE' with (OPTIONS)`, as psql's \copy has it too. */
export function copyStatement({ columns, relation, schema }: CopiedTable, file: string, options: string): string {
  const list = columns.map(quoteIdentifier).join(', ');
  return `copy ${quoteQualified({ schema, name: relation })} (${list}) from '${file.replaceAll("'", "''")}' with (${options})`;
}

/**
 * The file copied by one backend, FREEZE, in the transaction that emptied the table: the server's fastest way. Seconds of the
 * COPY alone. The rows go with the transaction.
 */
export async function copyFrozen(
  url: string,
  table: CopiedTable,
  file: string,
  format: 'binary' | 'csv' = 'binary',
): Promise<number> {
  return withClient(url, CONNECTION, async (client) => {
    await runQuery(client, 'beginning a transaction', 'begin');
    await runQuery(client, 'emptying a table', `truncate ${quoteQualified({ schema: table.schema, name: table.relation })}`);
    const statement = copyStatement(table, file, `format ${format}, freeze`);
    const startMs = performance.now();
    await runQuery(client, 'copying a file', statement);
    const seconds = (performance.now() - startMs) / 1000;
    await runQuery(client, 'ending a transaction', 'rollback');
    return seconds;
  });
}

/** Piece i of each table copied by connection i, all connections at once; seconds from the first statement to the last answer. */
export async function copyInParallel(url: string, tables: readonly WrittenTable[], connections: number): Promise<number> {
  const clients: pg.Client[] = [];
  const load = async (client: pg.Client, piece: number) => {
    for (const table of tables) {
      const file = table.files[piece];
      if (file !== undefined) await runQuery(client, 'copying a file', copyStatement(table, file, 'format binary'));
    }
  };
  const startAll = async (left: number): Promise<number> => {
    if (left > 0) {
      return withClient(url, CONNECTION, (client) => {
        clients.push(client);
        return startAll(left - 1);
      });
    }
    const startMs = performance.now();
    await Promise.all(clients.map(load));
    return (performance.now() - startMs) / 1000;
  };
  return startAll(connections);
}
