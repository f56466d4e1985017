// Connections: always with time-outs, a name, and one set of session settings, so that a value has one text form everywhere.
import pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { isEmbeddedSocket } from './embedded-socket.ts';
import { findPassword } from './password-file.ts';
import { describeFailure } from './query.ts';
import { resolveServerAddress, type ServerAddress } from './server-address.ts';
import { tlsOptions } from './tls-options.ts';

export interface ConnectOptions {
  readonly applicationName: string;
  /** Milliseconds; 0 or unset: no limit. */
  readonly statementTimeoutMs?: number;
  /** Milliseconds; 0 or unset: no limit. */
  readonly lockTimeoutMs?: number;
  /** Milliseconds, default 10,000. */
  readonly connectTimeoutMs?: number;
}

const CONNECT_TIMEOUT_MS = 10_000;

// extra_float_digits 3 and UTC make text output exact and the same on every server; search_path pg_catalog makes a forgotten
// schema name an error instead of a table of somebody else's choosing.
const sessionSettings: Readonly<Record<string, string>> = {
  timezone: 'UTC',
  datestyle: 'ISO, MDY',
  intervalstyle: 'postgres',
  extra_float_digits: '3',
  bytea_output: 'hex',
  client_encoding: 'UTF8',
  standard_conforming_strings: 'on',
  search_path: 'pg_catalog',
};

/** Opens a connection; an empty URL means the PG* environment. Throws CONNECT_FAILED (never with login data) or URL_UNSUPPORTED. */
export async function connect(url: string, options: ConnectOptions): Promise<pg.Client> {
  const address = resolveServerAddress(url, process.env);
  try {
    return await openByTlsMode(address, (ssl) => openOnce(address, options, ssl));
  } catch (cause) {
    if (cause instanceof ShapecastError) throw cause;
    throw new ShapecastError('CONNECT_FAILED', { server: formatServer(address), reason: describeFailure(cause) }, { cause });
  }
}

/** Connects, runs the action and closes the connection whatever happens. */
export async function withClient<T>(url: string, options: ConnectOptions, action: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(url, options);
  try {
    return await action(client);
  } finally {
    await client.end();
  }
}

/** `host:port/database` for people, `embedded/database` for an embedded server of this process; never a login. Throws nothing. */
export function describeServer(url: string): string {
  try {
    return formatServer(resolveServerAddress(url, process.env));
  } catch {
    return 'the given server';
  }
}

/** As describeServer, of an address. */
export function formatServer(address: ServerAddress): string {
  if (isEmbeddedSocket(address.host)) return `embedded/${address.database}`;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `${host}:${address.port}/${address.database}`;
}

/** Opens by the address's sslmode; prefer means encrypted if the server can, else plain, as in libpq. */
export async function openByTlsMode<Opened>(
  address: ServerAddress,
  open: (ssl: ReturnType<typeof tlsOptions>) => Promise<Opened>,
): Promise<Opened> {
  try {
    return await open(tlsOptions(address));
  } catch (error) {
    const hasNoTls = error instanceof Error && /server does not support SSL/.test(error.message);
    if (address.sslMode !== 'prefer' || !hasNoTls) throw error;
    return open(false);
  }
}

async function openOnce(address: ServerAddress, options: ConnectOptions, ssl: ReturnType<typeof tlsOptions>): Promise<pg.Client> {
  const client = new pg.Client(driverConfig(address, options, ssl));
  // A connection that breaks while idle emits `error`, which would end the process; the next query reports it instead.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await applySessionSettings(client, options);
    return client;
  } catch (error) {
    await closeQuietly(client);
    throw error;
  }
}

/** The address in the driver's terms; it then reads neither the URL nor the environment itself. Holds a secret. */
export function driverConfig(
  address: ServerAddress,
  options: Pick<ConnectOptions, 'applicationName' | 'connectTimeoutMs'>,
  ssl: ReturnType<typeof tlsOptions>,
): pg.ClientConfig {
  return {
    host: address.host,
    port: address.port,
    user: address.user,
    database: address.database,
    // An empty password would send node-postgres to the environment and its own password file: a function does not.
    password: () => address.password ?? findPassword(address) ?? '',
    ssl,
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: options.applicationName,
    ...(address.options === null ? {} : { options: address.options }),
  };
}

async function applySessionSettings(client: pg.Client, options: ConnectOptions): Promise<void> {
  const settings = {
    ...sessionSettings,
    statement_timeout: String(options.statementTimeoutMs ?? 0),
    lock_timeout: String(options.lockTimeoutMs ?? 0),
  };
  const names = Object.keys(settings);
  await client.query('select pg_catalog.set_config(name, value, false) from unnest($1::text[], $2::text[]) as s(name, value)', [
    names,
    Object.values(settings),
  ]);
}

async function closeQuietly(client: pg.Client): Promise<void> {
  try {
    await client.end();
  } catch {
    // The first failure is the one to report.
  }
}
