// A pool of sessions that can only read, for statements that are prepared once per session. What fails is a reason out of a short list: the
// server's own text may quote a row and never leaves this file.
import pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { driverConfig, formatServer, openByTlsMode } from './connect.ts';
import { describeFailure, sqlStateOf } from './query.ts';
import { resolveServerAddress } from './server-address.ts';

export interface ReadPoolOptions {
  readonly applicationName: string;
  /** At least 1. */
  readonly connections: number;
  /** Milliseconds, above 0: the server ends a statement that takes longer. */
  readonly statementTimeoutMs: number;
  /** Milliseconds, above 0, that a statement waits for a session. */
  readonly queueTimeoutMs: number;
}

export interface PreparedStatement {
  /** One name, one text: sessions keep the prepared statement under it. */
  readonly name: string;
  readonly sql: string;
}

/** Why a statement gave no rows. */
export type PoolFailure = 'queue full' | 'unreachable' | 'timeout' | 'bad value' | 'read only' | 'failed';

export type PoolResult =
  | { readonly state: 'done'; readonly rows: readonly unknown[]; readonly waitedMs: number }
  | { readonly state: 'failed'; readonly reason: PoolFailure; readonly waitedMs: number };

export interface ReadPool {
  /** Waits for a session and runs the statement on it. Never throws. */
  run(statement: PreparedStatement, values: readonly string[]): Promise<PoolResult>;
  /** Sessions that are open, those of them without work, and statements that wait for one. */
  counts(): { readonly open: number; readonly idle: number; readonly waiting: number };
  /** Resolves when the statements under way have ended and every session is closed. */
  close(): Promise<void>;
}

/** Opens the pool with one session. Names are looked up as the database's own users do. Throws CONNECT_FAILED, URL_UNSUPPORTED. */
export async function openReadPool(url: string, options: ReadPoolOptions): Promise<ReadPool> {
  const address = resolveServerAddress(url, process.env);
  const settings = ['-c default_transaction_read_only=on', '-c timezone=UTC', '-c datestyle=ISO'];
  try {
    return await openByTlsMode(address, async (ssl) => {
      const pool = new pg.Pool({
        ...driverConfig(address, { applicationName: options.applicationName, connectTimeoutMs: options.queueTimeoutMs }, ssl),
        max: options.connections,
        statement_timeout: options.statementTimeoutMs,
        // Sent with the login, so no session is ever without them; the last of two settings counts.
        options: [address.options ?? '', ...settings].join(' ').trim(),
      });
      // An idle session that breaks leaves the pool, which opens another when it needs one.
      pool.on('error', () => undefined);
      try {
        (await pool.connect()).release();
        return wrapPool(pool);
      } catch (error) {
        await pool.end();
        throw error;
      }
    });
  } catch (cause) {
    if (cause instanceof ShapecastError) throw cause;
    throw new ShapecastError('CONNECT_FAILED', { server: formatServer(address), reason: describeFailure(cause) }, { cause });
  }
}

function wrapPool(pool: pg.Pool): ReadPool {
  return {
    async run({ name, sql }, values) {
      const start = performance.now();
      const client = await takeClient(pool);
      const waitedMs = performance.now() - start;
      if (typeof client === 'string') return { state: 'failed', reason: client, waitedMs };
      try {
        const { rows } = await client.query<pg.QueryResultRow>({ name, text: sql, values: [...values], types: plainTypes });
        client.release();
        return { state: 'done', rows, waitedMs };
      } catch (error) {
        const reason = classify(error);
        // A session that broke is not given to the next one.
        client.release(reason === 'unreachable');
        return { state: 'failed', reason, waitedMs };
      }
    },
    counts: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  };
}

async function takeClient(pool: pg.Pool): Promise<pg.PoolClient | PoolFailure> {
  try {
    return await pool.connect();
  } catch {
    // The pool's one message means both; where every session is taken, it was the queue.
    return pool.totalCount >= pool.options.max ? 'queue full' : 'unreachable';
  }
}

function classify(error: unknown): PoolFailure {
  const sqlState = sqlStateOf(error);
  if (sqlState === null || /^(08|57P)/.test(sqlState)) return 'unreachable';
  if (sqlState === '57014') return 'timeout';
  if (sqlState === '25006') return 'read only';
  return sqlState.startsWith('22') ? 'bad value' : 'failed';
}

// Everything in PostgreSQL's own text but what JSON says in the same way: no time zone, no lost digit.
const plainTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number) => parsersByOid.get(oid) ?? keepText,
};
const keepText = (text: string) => text;
const parsersByOid = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.BOOL, (text) => text === 't'],
  [pg.types.builtins.INT2, Number],
  [pg.types.builtins.INT4, Number],
]);
