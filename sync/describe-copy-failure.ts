// Why a COPY between two servers failed, and on which side. PostgreSQL quotes the row that it refused, so only the code and names of objects
// are kept, and no cause.
import type { Readable, Writable } from 'node:stream';
import { ShapecastError } from '../core/errors.ts';
import { describeFailure, sqlStateOf } from '../postgres/query.ts';

/** Watches both ends of a pipe; call the result with what the pipe threw. Errors of ours pass, others become SYNC_COPY_FAILED. */
export function watchEnds(table: string, rows: Readable, target: Writable): (error: unknown) => ShapecastError {
  let first: 'source' | 'shadow' | null = null;
  // Whoever breaks takes the other along, so only the first counts.
  rows.once('error', () => {
    first ??= 'source';
  });
  target.once('error', () => {
    first ??= 'shadow';
  });
  return (error) => describeCopyFailure(table, error, first);
}

/** The same for a pipe of which it is known, or not, on which side it broke. */
export function describeCopyFailure(table: string, error: unknown, side: 'source' | 'shadow' | null): ShapecastError {
  if (error instanceof ShapecastError) return error;
  return new ShapecastError('SYNC_COPY_FAILED', { table, reason: reasonOf(error, side) });
}

function reasonOf(error: unknown, side: 'source' | 'shadow' | null): string {
  const sqlState = sqlStateOf(error);
  const what = describeFailure(error);
  if (sqlState !== null) return `${side === null ? '' : `the ${side}'s server says: `}${what} (SQLSTATE ${sqlState})`;
  return side === null ? what : `the connection to the ${side} broke (${what})`;
}
