// Runs one COPY statement and counts its rows as they arrive.
import type pg from 'pg';
import { copyToStdout } from '../../postgres/copy-streams.ts';
import { wrapQueryError } from '../../postgres/query.ts';
import { CopyRows, type RowSink } from './copy-rows.ts';

/** Sends the rows (all fields int4 or NULL) to the sink. Throws QUERY_FAILED, CONNECT_FAILED. */
export function copyOut(client: pg.Client, sql: string, fields: number, sink: RowSink, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const rows = new CopyRows(fields, sink);
    const stream = copyToStdout(client, sql);
    stream.on('data', (chunk: Buffer) => {
      try {
        rows.push(chunk);
      } catch (error) {
        stream.destroy(error instanceof Error ? error : new RangeError('unreadable COPY stream'));
      }
    });
    stream.on('error', (error) => reject(wrapQueryError(error, what)));
    stream.on('end', () => {
      try {
        rows.finish();
        resolve();
      } catch (error) {
        reject(wrapQueryError(error, what));
      }
    });
  });
}
