// The one way into a source: several connections that see one exported snapshot, and can only read.
// States: open -> cancelled (sockets gone, server told to stop) -> closed. close() is safe in every state, and twice.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { type ConnectOptions, connect, withClient } from './connect.ts';
import { runQuery } from './query.ts';
import { readServerMajor } from './server-version.ts';

export interface SnapshotOptions {
  /** Number of connections, at least 1. */
  readonly readers: number;
  /** Milliseconds per statement; 0: no limit. */
  readonly statementTimeoutMs: number;
  /** Milliseconds to wait for a lock; 0: no limit. */
  readonly lockTimeoutMs: number;
  readonly applicationName?: string;
  /** Cancels the snapshot when it fires. */
  readonly signal?: AbortSignal;
}

export interface Snapshot {
  readonly snapshotId: string;
  /** 14 to 18. */
  readonly serverMajor: number;
  readonly isReplica: boolean;
  /** All in one snapshot: READ ONLY, REPEATABLE READ, row_security off (a policy fails loudly instead of hiding rows). */
  readonly clients: readonly pg.Client[];
  /** Stops all statements: running queries reject at once; resolves when the server was told, after 2 s at most. */
  cancel(): Promise<void>;
  close(): Promise<void>;
}

const CANCEL_TIMEOUT_MS = 2000;

/** Opens a snapshot. Throws SERVER_TOO_OLD, CONNECT_FAILED, QUERY_FAILED, INTERRUPTED; leaves no connection open then. */
export async function openSnapshot(url: string, options: SnapshotOptions): Promise<Snapshot> {
  const applicationName = options.applicationName ?? 'shapecast sample';
  const connectOptions = {
    applicationName,
    statementTimeoutMs: options.statementTimeoutMs,
    lockTimeoutMs: options.lockTimeoutMs,
  };
  const clients: pg.Client[] = [];
  const stop = makeStop(url, clients);
  const onAbort = () => void stop.cancel();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const close = async () => {
    options.signal?.removeEventListener('abort', onAbort);
    await stop.close();
  };
  try {
    refuseAborted(options.signal);
    const facts = await openFirst(url, connectOptions, clients);
    while (clients.length < options.readers) await openFurther(url, connectOptions, clients, facts);
    refuseAborted(options.signal);
    return { ...facts, clients, cancel: stop.cancel, close };
  } catch (error) {
    await close();
    refuseAborted(options.signal);
    throw error;
  }
}

function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new ShapecastError('INTERRUPTED', { what: 'reading the source' });
}

type Facts = Pick<Snapshot, 'snapshotId' | 'serverMajor' | 'isReplica'>;

async function openFirst(url: string, options: ConnectOptions, clients: pg.Client[]): Promise<Facts> {
  const client = await openReader(url, options, clients);
  const serverMajor = await readServerMajor(client);
  await beginReading(client, serverMajor);
  const sql = 'select pg_catalog.pg_export_snapshot() as "snapshotId", pg_catalog.pg_is_in_recovery() as "isReplica"';
  const [facts] = await runQuery<Omit<Facts, 'serverMajor'>>(client, 'exporting the snapshot', sql);
  if (facts === undefined) throw new ShapecastError('BUG', { what: 'a snapshot without a name' });
  return { ...facts, serverMajor };
}

async function openFurther(url: string, options: ConnectOptions, clients: pg.Client[], facts: Facts): Promise<void> {
  const client = await openReader(url, options, clients);
  await beginReading(client, facts.serverMajor);
  // SET TRANSACTION takes no parameter; the name comes from the server and consists of hex digits and dashes.
  const name = facts.snapshotId.replaceAll(/[^0-9A-Fa-f-]/g, '');
  await runQuery(client, 'sharing the snapshot', `set transaction snapshot '${name}'`);
}

async function openReader(url: string, options: ConnectOptions, clients: pg.Client[]): Promise<pg.Client> {
  const client = await connect(url, options);
  clients.push(client);
  return client;
}

// The first reader idles in its transaction while the others work, so limits on idle time are lifted for these sessions alone.
async function beginReading(client: pg.Client, serverMajor: number): Promise<void> {
  const settings = ['idle_in_transaction_session_timeout = 0', ...(serverMajor >= 17 ? ['transaction_timeout = 0'] : [])];
  for (const setting of settings) await runQuery(client, 'preparing the session', `set ${setting}`);
  await noticeLostClient(client);
  await runQuery(client, 'opening the snapshot', 'begin transaction isolation level repeatable read, read only');
  await runQuery(client, 'opening the snapshot', 'set local row_security = off');
}

// Lets the server drop a statement whose reader is gone, even while it sends nothing; not every platform can watch a socket.
async function noticeLostClient(client: pg.Client): Promise<void> {
  try {
    await client.query(`set client_connection_check_interval = '1s'`);
  } catch {
    // The statement time-out ends it instead.
  }
}

function makeStop(url: string, clients: readonly pg.Client[]): Pick<Snapshot, 'cancel' | 'close'> {
  let isCancelled = false;
  let isClosed = false;
  return {
    cancel: async () => {
      if (isCancelled || isClosed) return;
      isCancelled = true;
      const processIds = clients.flatMap((client) => processIdOf(client));
      for (const client of clients) destroySocket(client);
      await cancelOnServer(url, processIds);
    },
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      await Promise.allSettled(clients.map((client) => client.end()));
    },
  };
}

// Neither field is in the driver's types, but both are what its own cancel() uses.
function processIdOf(client: pg.Client): number[] {
  const processId: unknown = Reflect.get(client, 'processID');
  return typeof processId === 'number' ? [processId] : [];
}

function destroySocket(client: pg.Client): void {
  const connection: unknown = Reflect.get(client, 'connection');
  const stream: unknown = typeof connection === 'object' && connection !== null ? Reflect.get(connection, 'stream') : null;
  if (typeof stream !== 'object' || stream === null || !('destroy' in stream) || typeof stream.destroy !== 'function') return;
  stream.destroy();
}

// A server notices a lost reader only when it next writes or looks; a long aggregate would run on.
async function cancelOnServer(url: string, processIds: readonly number[]): Promise<void> {
  const options = {
    applicationName: 'shapecast cancel',
    connectTimeoutMs: CANCEL_TIMEOUT_MS,
    statementTimeoutMs: CANCEL_TIMEOUT_MS,
  };
  try {
    await withClient(url, options, (client) =>
      runQuery(client, 'cancelling', 'select pg_catalog.pg_terminate_backend(pid) from unnest($1::int[]) as p(pid)', [
        processIds,
      ]),
    );
  } catch {
    // Best effort: time-outs and the connection check end what could not be told.
  }
}
