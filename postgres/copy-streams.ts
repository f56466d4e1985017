// COPY and cursors as the driver's companions give them: the one door through which other folders reach them.
import type { Readable, Writable } from 'node:stream';
import type pg from 'pg';
import { from, to } from 'pg-copy-streams';
import Cursor from 'pg-cursor';

/** Starts a `copy ... from stdin`; write its bytes, then end. Errors of the server arrive on the stream. */
export function copyFromStdin(client: pg.Client, statement: string): Writable {
  return client.query(from(statement));
}

/** Starts a `copy ... to stdout`; read its bytes. Errors of the server arrive on the stream. */
export function copyToStdout(client: pg.Client, statement: string): Readable {
  return client.query(to(statement));
}

/** A server-side portal that is read in batches, so that a result is never in memory whole. */
export function openCursor<Row>(client: pg.Client, statement: string): Cursor<Row> {
  return client.query(new Cursor<Row>(statement));
}
