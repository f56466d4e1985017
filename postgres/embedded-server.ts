// A real PostgreSQL of our own, for people and tests that give no database: a private Unix socket (loopback TCP with a password
// where there are no sockets), works as root, ends with our process.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { quoteIdentifier } from '../core/identifiers.ts';
import { withClient } from './connect.ts';
import { prepareDataFolder, readServerPassword, SUPERUSER } from './embedded/data-folder.ts';
import { type Programs, preparePrograms } from './embedded/programs.ts';
import { startServerProcess } from './embedded/server-process.ts';
import { chooseServerUser, giveTo, makePrivateFolder, type ServerUser, temporaryRoot } from './embedded/server-user.ts';
import { serverSettings } from './embedded/settings.ts';
import { nameEmbeddedSocket } from './embedded-socket.ts';
import { MARKER_COMMENT } from './marker-tables.ts';
import { runQuery } from './query.ts';

export interface EmbeddedServerOptions {
  /** Keeps its data here, for a later start; default: a temporary folder that goes with the server. */
  readonly folder?: string;
  /** Server settings by name; these win over ours. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Default: socket, except on Windows. */
  readonly transport?: 'socket' | 'tcp';
}

export interface EmbeddedServer {
  /** The URL of a database, for node-postgres and libpq alike. */
  url(database: string): string;
  readonly folder: string;
  readonly logFile: string;
  /** Ends the server (fast shutdown); a temporary folder is removed. */
  stop(): Promise<void>;
  /** Makes a database, as a copy of the template if one is named. */
  createDatabase(name: string, template?: string): Promise<void>;
  /** Removes a database, ending its sessions; no error when it does not exist. */
  dropDatabase(name: string): Promise<void>;
}

interface Listener {
  readonly settings: Readonly<Record<string, string>>;
  readonly temporaryFolders: readonly string[];
  readonly url: (database: string) => string;
}

/** Starts a server. Throws EMBEDDED_UNAVAILABLE (package missing), EMBEDDED_IN_USE, EMBEDDED_FAILED. Disk only, no network. */
export async function startEmbeddedServer(options: EmbeddedServerOptions = {}): Promise<EmbeddedServer> {
  const user = chooseServerUser();
  const programs = await preparePrograms(user);
  const folder = openFolder(options.folder, user);
  const temporaryFolders = options.folder === undefined ? [folder] : [];
  try {
    return await startInFolder({ options, user, programs, folder, temporaryFolders });
  } catch (error) {
    // The log stays: the error points at it.
    removeFolders(temporaryFolders.map((temporary) => path.join(temporary, 'data')));
    throw error;
  }
}

interface Place {
  readonly options: EmbeddedServerOptions;
  readonly user: ServerUser | null;
  readonly programs: Programs;
  readonly folder: string;
  readonly temporaryFolders: readonly string[];
}

async function startInFolder({ options, user, programs, folder, temporaryFolders }: Place): Promise<EmbeddedServer> {
  const logFile = openLog(folder);
  const withPassword = (options.transport ?? (process.platform === 'win32' ? 'tcp' : 'socket')) === 'tcp';
  const isDurable = temporaryFolders.length === 0;
  const data = await prepareDataFolder({ folder, programs, user, logFile, isDurable, withPassword });
  const listener = withPassword ? await listenOnLoopback(folder) : listenOnSocket(user);
  const server = await startServerProcess({
    program: programs.postgres,
    data,
    settings: { ...serverSettings(options.settings ?? {}), ...listener.settings },
    user,
    logFile,
    temporaryFolders: [...listener.temporaryFolders, ...temporaryFolders],
  }).catch((error: unknown) => {
    removeFolders(listener.temporaryFolders);
    throw error;
  });
  return { url: listener.url, folder, logFile, stop: server.stop, ...databaseCommands(listener.url('postgres')) };
}

function removeFolders(folders: readonly string[]): void {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
}

function openFolder(wanted: string | undefined, user: ServerUser | null): string {
  if (wanted === undefined) return makePrivateFolder(temporaryRoot(user), 'shapecast-', user);
  const folder = path.resolve(wanted);
  if (!fs.existsSync(folder)) {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    giveTo(folder, user);
  }
  return folder;
}

function openLog(folder: string): string {
  const logFile = path.join(folder, 'server.log');
  fs.closeSync(fs.openSync(logFile, 'a', 0o600));
  fs.chmodSync(logFile, 0o600);
  return logFile;
}

// Whoever can reach the socket is trusted; its folder lets in nobody but the server's user and root.
function listenOnSocket(user: ServerUser | null): Listener {
  const folder = makePrivateFolder(temporaryRoot(user), 'sc-', user);
  nameEmbeddedSocket(folder);
  const host = encodeURIComponent(folder);
  return {
    settings: { listen_addresses: '', unix_socket_directories: folder, unix_socket_permissions: '0700', port: '5432' },
    temporaryFolders: [folder],
    url: (database) => `postgresql://${SUPERUSER}@/${encodeURIComponent(database)}?host=${host}&port=5432`,
  };
}

async function listenOnLoopback(folder: string): Promise<Listener> {
  const port = await findFreePort();
  const login = `${SUPERUSER}:${readServerPassword(folder) ?? ''}`;
  return {
    settings: { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(port) },
    temporaryFolders: [],
    url: (database) => `postgresql://${login}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
  };
}

async function findFreePort(): Promise<number> {
  const probe = net.createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 5432;
}

function databaseCommands(url: string): Pick<EmbeddedServer, 'createDatabase' | 'dropDatabase'> {
  const run = (what: string, sql: string) =>
    withClient(url, { applicationName: 'shapecast server' }, async (client) => {
      await runQuery(client, what, sql);
    });
  return {
    createDatabase: async (name, template) => {
      const copyOf = template === undefined ? '' : ` template ${quoteIdentifier(template)}`;
      await run('creating a database', `create database ${quoteIdentifier(name)}${copyOf}`);
      // By which `teardown --database` knows it as ours.
      return run('naming a database as ours', `comment on database ${quoteIdentifier(name)} is '${MARKER_COMMENT}'`);
    },
    dropDatabase: (name) => run('dropping a database', `drop database if exists ${quoteIdentifier(name)} with (force)`),
  };
}
