// Where a URL and the PG* environment really lead: one answer, used by the connection and by the guard in front of it,
// so that the guard can never judge another server than the one that is written to.
// The rules are libpq's (URL parameter, then URL part, then service file, then environment, then default); node-postgres
// differs in details, so it is given this answer and reads neither the URL nor the environment itself.
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { ShapecastError } from '../core/errors.ts';
import { readService } from './service-file.ts';

/** A server, a login and how to encrypt; every default is filled in. Holds a secret: never print it whole. */
export interface ServerAddress {
  /** A host name or address, or the folder of a Unix socket (starts with `/`). */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** null: look into the password file. */
  readonly password: string | null;
  readonly passwordFile: string;
  readonly sslMode: SslMode;
  readonly sslRootCertificate: string | null;
  readonly sslCertificate: string | null;
  readonly sslKey: string | null;
  /** libpq's `options`, passed on to the server; null when there are none. */
  readonly options: string | null;
}

const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof sslModes)[number];

/** Parameter of a URL or service file -> variable of the environment. */
const variables = {
  host: 'PGHOST',
  port: 'PGPORT',
  dbname: 'PGDATABASE',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  passfile: 'PGPASSFILE',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  options: 'PGOPTIONS',
  service: 'PGSERVICE',
} as const;
type Parameter = keyof typeof variables;

// Known, and without a bearing on where we connect to or how it is encrypted: libpq's own, and what object-relational mappers leave in DATABASE_URL.
const ignoredParameters: ReadonlySet<string> = new Set([
  'application_name',
  'fallback_application_name',
  'connect_timeout',
  'keepalives',
  'keepalives_idle',
  'keepalives_interval',
  'keepalives_count',
  'target_session_attrs',
  'channel_binding',
  'client_encoding',
  'schema',
  'connection_limit',
  'pool_timeout',
  'socket_timeout',
  'pgbouncer',
]);

const socketFolders = ['/var/run/postgresql', '/tmp'];

function unsupported(reason: string, cause?: unknown): ShapecastError {
  return new ShapecastError('URL_UNSUPPORTED', { reason }, { cause });
}

/** Resolves a URL (or, when empty, the environment alone). Reads the service file if one is named. Throws URL_UNSUPPORTED, never quoting a value. */
export function resolveServerAddress(url: string, environment: NodeJS.ProcessEnv): ServerAddress {
  const given = parseUrl(url.trim());
  const serviceName = given.get('service') ?? environment[variables.service];
  const service = serviceName ? readService(serviceName, environment) : new Map<string, string>();
  const settle = (name: Parameter): string | null => given.get(name) || service.get(name) || environment[variables[name]] || null;

  const user = settle('user') ?? os.userInfo().username;
  const port = readPort(settle('port') ?? '5432');
  const host = settle('host') ?? defaultHost(port);
  if (host.includes(',')) throw unsupported('it names several hosts');
  return {
    host,
    port,
    user,
    database: settle('dbname') ?? user,
    password: settle('password'),
    passwordFile: settle('passfile') ?? path.join(os.homedir(), '.pgpass'),
    sslMode: readSslMode(settle('sslmode'), host),
    sslRootCertificate: settle('sslrootcert'),
    sslCertificate: settle('sslcert'),
    sslKey: settle('sslkey'),
    options: settle('options'),
  };
}

/** True for the folder of a Unix socket. */
export function isSocketFolder(host: string): boolean {
  return host.startsWith('/');
}

/** True for localhost, 127.0.0.0/8 and ::1. */
export function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || host === '::1' || (net.isIPv4(host) && host.startsWith('127.'));
}

// postgresql://[user[:password]@][host][:port][/database][?parameters], taken apart by hand: the WHATWG parser refuses an empty
// host, reads `127.1` as 127.0.0.1 and lower-cases what it likes.
function parseUrl(url: string): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  if (url === '') return given;
  const match = /^postgres(?:ql)?:\/\/(?:([^@/?#]*)@)?([^/?#@]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/.exec(url);
  if (match === null) throw unsupported('it is not of the form postgresql://user@host:5432/database');
  const [, login, authority = '', database, query] = match;
  if (login !== undefined) splitLogin(login, given);
  splitAuthority(authority, given);
  if (database) given.set('dbname', decode(database));
  if (query) readParameters(query, given);
  return given;
}

function splitLogin(login: string, given: Map<string, string>): void {
  const colon = login.indexOf(':');
  given.set('user', decode(colon < 0 ? login : login.slice(0, colon)));
  if (colon >= 0) given.set('password', decode(login.slice(colon + 1)));
}

function splitAuthority(authority: string, given: Map<string, string>): void {
  if (authority.includes(',')) throw unsupported('it names several hosts');
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d*))?$/.exec(authority);
  if (match === null) throw unsupported('its host and port cannot be read');
  const [, address, name, port] = match;
  const host = address ?? decode(name ?? '');
  if (host !== '') given.set('host', host);
  if (port) given.set('port', port);
}

function readParameters(query: string, given: Map<string, string>): void {
  const seen = new Set<string>();
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    if (seen.has(name)) throw unsupported('a parameter is given twice');
    seen.add(name);
    if (ignoredParameters.has(name)) continue;
    // hostaddr would send libpq's tools to another server than the host that was judged.
    if (!Object.hasOwn(variables, name)) throw unsupported(`the parameter ${describeParameter(name)} is not supported`);
    given.set(name, decode(equals < 0 ? '' : pair.slice(equals + 1)));
  }
}

function describeParameter(name: string): string {
  return /^[a-z_]{1,30}$/.test(name) ? name : 'in the query part';
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw unsupported('it holds a broken %-escape', cause);
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65535) throw unsupported('its port is not a number from 1 to 65535');
  return port;
}

// The socket comes first where there is one, as in psql: peer login works there.
function defaultHost(port: number): string {
  const folder = socketFolders.find((candidate) => fs.existsSync(path.join(candidate, `.s.PGSQL.${port}`)));
  return folder ?? 'localhost';
}

// Unset means libpq's `prefer`, except where nobody else can listen: encrypting a bulk load over loopback costs time for nothing.
function readSslMode(text: string | null, host: string): SslMode {
  if (isSocketFolder(host)) return 'disable';
  if (text === null) return isLoopback(host) ? 'disable' : 'prefer';
  const mode = sslModes.find((candidate) => candidate === text);
  if (mode === undefined) throw unsupported(`its sslmode is none of ${sslModes.join(', ')}`);
  return mode;
}
