// A cluster of the system's PostgreSQL that one test file has for itself: it may be stopped at once, started again, or be a standby of
// another one. It listens on a socket in its own folder only, so trust is safe.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const bin = process.env.SYSTEM_PG_BIN ?? '';

/** PostgreSQL refuses root, so root's clusters belong to this user. */
const owner =
  process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : ({} as { readonly uid?: number; readonly gid?: number });

function idOf(flag: string): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}

export interface SystemCluster {
  /** For data of the test's own, such as a tablespace; the server's user may write to it. */
  readonly folder: string;
  /** The URL of a database, as the superuser `postgres` unless another role is named. */
  url(database: string, role?: string): string;
  /** What psql prints of the SQL, unaligned and without headings. Throws on the first error. */
  ask(database: string, sql: string): string;
  /** Settings on top of those that it was made with. */
  start(settings?: readonly string[]): void;
  /** immediate: sessions break in the middle, as when the machine goes away. */
  stop(mode: 'fast' | 'immediate'): void;
  /** Stops it and removes its data. */
  remove(): void;
}

/** A new cluster, started. */
export function startSystemCluster(settings: readonly string[] = []): SystemCluster {
  return launch(settings, (data) => {
    run('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']);
  });
}

/** A standby of the cluster, started, which follows it by streaming. */
export function startStandby(of: SystemCluster, settings: readonly string[] = []): SystemCluster {
  return launch(settings, (data) => {
    run('pg_basebackup', ['-D', data, '-h', of.folder, '-p', '5432', '-U', 'postgres', '--checkpoint=fast', '--no-sync', '-R']);
  });
}

function launch(settings: readonly string[], make: (data: string) => void): SystemCluster {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-cluster-'));
  if (owner.uid !== undefined && owner.gid !== undefined) fs.chownSync(folder, owner.uid, owner.gid);
  const data = path.join(folder, 'data');
  make(data);
  const given = ['port=5432', 'listen_addresses=', `unix_socket_directories=${folder}`, 'fsync=off', ...settings];
  const control = (argv: readonly string[]) => run('pg_ctl', ['-D', data, '-w', '-l', path.join(folder, 'log'), ...argv]);
  const stop = (mode: 'fast' | 'immediate') => control(['stop', '-m', mode]);
  const cluster: SystemCluster = {
    folder,
    url: (database, role = 'postgres') => `postgresql://${role}@/${database}?host=${encodeURIComponent(folder)}&port=5432`,
    ask: (database, sql) =>
      execFileSync(
        path.join(bin, 'psql'),
        ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-h', folder, '-p', '5432', '-U', 'postgres', database],
        {
          encoding: 'utf8',
          input: sql,
          stdio: 'pipe',
        },
      ).trim(),
    start: (more = []) => control(['start', '-o', [...given, ...more].map((setting) => `-c ${setting}`).join(' ')]),
    stop,
    remove: () => {
      try {
        stop('immediate');
      } catch {
        // It was stopped by the test.
      }
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
  cluster.start();
  return cluster;
}

/** The server that pg_ctl leaves behind would keep a pipe of ours open, so nothing is read. */
function run(program: string, argv: readonly string[]): void {
  const { status } = spawnSync(path.join(bin, program), argv, { ...owner, cwd: '/', stdio: 'ignore' });
  if (status !== 0) throw new Error(`${program} ended with status ${status}`);
}
