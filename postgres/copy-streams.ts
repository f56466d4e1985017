// COPY and cursors as the driver's companions give them: the one door through which other folders reach them.
import type { Readable, Writable } from 'node:stream';
import type pg from 'pg';
import { from, to } from 'pg-copy-streams';
import Cursor from 'pg-cursor';

/**
 * Starts a `copy ... from stdin`; write its bytes, then end. Errors of the server arrive on the stream, and what is written
 * after one is dropped. Destroying it stops the COPY, and the server is not told why.
 */
export function copyFromStdin(client: pg.Client, statement: string): Writable {
  const stream = client.query(from(statement));
  Object.assign(stream, { _destroy: stopsUnsaid(stream) });
  stream.once('error', () => Object.assign(stream, dropsAll()));
  return stream;
}

/** Starts a `copy ... to stdout`; read its bytes. Errors of the server arrive on the stream. */
export function copyToStdout(client: pg.Client, statement: string): Readable {
  return client.query(to(statement));
}

/** A server-side portal that is read in batches, so that a result is never in memory whole. */
export function openCursor<Row>(client: pg.Client, statement: string, parameters: readonly unknown[] = []): Cursor<Row> {
  return client.query(new Cursor<Row>(statement, [...parameters]));
}

type Done = (error?: Error | null) => void;

/**
 * The library sends the message of what destroyed the stream, and the server writes it into its log. At the end of a pipe that is an error of
 * the other server, which quotes values of its rows.
 */
function stopsUnsaid(stream: Writable) {
  const stop = stream._destroy.bind(stream);
  return (error: Error | null, done: Done) =>
    stop(error === null ? null : new Error('the copy was stopped'), (answer) => done(error ?? answer));
}

/**
 * The inner methods of a stream whose COPY is over. The library lets go of its connection at the server's error but goes on
 * writing, also from the socket's `drain`, where its TypeError would be nobody's to catch.
 */
function dropsAll() {
  return {
    chunks: [],
    _write: (_chunk: unknown, _encoding: string, done: Done) => done(),
    _writev: (_chunks: unknown, done: Done) => done(),
    _final: (done: Done) => done(),
    _destroy: (error: Error | null, done: Done) => done(error),
  };
}
