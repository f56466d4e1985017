// A cluster of the system's PostgreSQL for the bench alone: made by initdb in a temporary folder, the same settings for all that is measured,
// stopped and removed at the end (by the watchdog also when we are killed).
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { serverEnvironment } from '../../postgres/embedded/data-folder.ts';
import { startServerProcess } from '../../postgres/embedded/server-process.ts';
import {
  chooseServerUser,
  giveTo,
  makePrivateFolder,
  type ServerUser,
  temporaryRoot,
} from '../../postgres/embedded/server-user.ts';

export interface Cluster {
  /** initdb, psql, pg_restore, ... */
  readonly bin: string;
  /** The server can read what lies here; it goes with the cluster. */
  readonly folder: string;
  /** `postgres (PostgreSQL) 15.14`. */
  readonly version: string;
  /** For node-postgres and libpq alike. */
  readonly url: (database: string) => string;
  readonly stop: () => Promise<void>;
}

const SUPERUSER = 'bench';

const SETTINGS: Readonly<Record<string, string>> = {
  wal_level: 'minimal',
  max_wal_senders: '0',
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  maintenance_work_mem: '512MB',
  checkpoint_timeout: '30min',
  listen_addresses: '',
  port: '5432',
  timezone: 'UTC',
};

/** null where the folder has no initdb. */
export async function startCluster(bin: string): Promise<Cluster | null> {
  if (!fs.existsSync(path.join(bin, 'initdb'))) return null;
  const user = chooseServerUser();
  const folder = makePrivateFolder(temporaryRoot(user), 'sg-', user);
  try {
    const data = initialise(bin, folder, user);
    const logFile = path.join(folder, 'server.log');
    fs.closeSync(fs.openSync(logFile, 'a', 0o600));
    const { stop } = await startServerProcess({
      program: path.join(bin, 'postgres'),
      data,
      settings: { ...SETTINGS, unix_socket_directories: folder, unix_socket_permissions: '0700' },
      user,
      logFile,
      temporaryFolders: [folder],
    });
    const host = encodeURIComponent(folder);
    const url = (database: string) => `postgresql://${SUPERUSER}@/${encodeURIComponent(database)}?host=${host}&port=5432`;
    return { bin, folder, version: runQuietly(path.join(bin, 'postgres'), ['--version'], null, folder), url, stop };
  } catch (error) {
    fs.rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function initialise(bin: string, folder: string, user: ServerUser | null): string {
  const data = path.join(folder, 'data');
  fs.mkdirSync(data, { mode: 0o700 });
  giveTo(data, user);
  const options = ['-D', data, '-U', SUPERUSER, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions'];
  runQuietly(path.join(bin, 'initdb'), options, user, data);
  return data;
}

function runQuietly(program: string, args: readonly string[], user: ServerUser | null, cwd: string): string {
  const ended = spawnSync(program, args, { ...(user ?? {}), cwd, env: serverEnvironment(), encoding: 'utf8' });
  if (ended.status !== 0) throw new Error(`${program} failed: ${ended.stderr.slice(-2000)}`);
  return ended.stdout.trim();
}
