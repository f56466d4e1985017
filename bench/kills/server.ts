// A server of the bench's own that may be killed at any moment and started again on the same data: initdb's folder, a socket folder and a
// postmaster whose number we know.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverEnvironment } from '../../postgres/embedded/data-folder.ts';
import { preparePrograms } from '../../postgres/embedded/programs.ts';
import { chooseServerUser, makePrivateFolder, temporaryRoot } from '../../postgres/embedded/server-user.ts';

/** With a delay at each commit the moment of a commit can be met. */
const SETTINGS = [
  'listen_addresses=',
  'max_connections=60',
  'shared_buffers=128MB',
  'max_wal_size=2GB',
  'commit_delay=15000',
  'commit_siblings=0',
  'log_min_messages=fatal',
];

/** minimal: COPY into new files without log, and a commit that may be lost; replica: as production has it. */
const MODES = [
  ['wal_level=minimal', 'max_wal_senders=0', 'synchronous_commit=off'],
  ['wal_level=replica', 'synchronous_commit=on'],
];

export class KilledServer {
  private readonly user = chooseServerUser();
  private readonly folder = makePrivateFolder(temporaryRoot(this.user), 'kills-', this.user);
  private readonly programs: { readonly initdb: string; readonly postgres: string };
  private child: ChildProcess | null = null;
  private starts = 0;

  private constructor(programs: { readonly initdb: string; readonly postgres: string }) {
    this.programs = programs;
  }

  /** `bin`: folder of the server's programs; null: those of the embedded one. Not started yet. */
  static async make(bin: string | null): Promise<KilledServer> {
    const inBin = (name: string) => path.join(bin ?? '', name);
    const programs =
      bin === null ? await preparePrograms(chooseServerUser()) : { initdb: inBin('initdb'), postgres: inBin('postgres') };
    const server = new KilledServer(programs);
    const options = [
      '-D',
      server.data,
      '-U',
      'shapecast',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--no-locale',
      '--no-instructions',
      '--no-sync',
    ];
    const made = spawnSync(programs.initdb, options, {
      ...(server.user ?? {}),
      cwd: server.folder,
      env: serverEnvironment(),
      encoding: 'utf8',
    });
    if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
    return server;
  }

  get url(): (database: string) => string {
    return (database) => `postgresql://shapecast@/${database}?host=${encodeURIComponent(this.folder)}&port=5432`;
  }

  private get data(): string {
    return path.join(this.folder, 'data');
  }

  /** Starts it, also while the processes of a killed one are still going. */
  async start(): Promise<void> {
    this.starts += 1;
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const child = this.launch();
      if (await this.becomesReady(child)) {
        this.child = child;
        return;
      }
      await sleep(100);
    }
    throw new Error(`the server does not start: ${path.join(this.folder, 'server.log')}`);
  }

  /** immediate: no shutdown checkpoint, as after pg_ctl stop -m immediate. kill: the postmaster alone, with SIGKILL. */
  async kill(how: 'immediate' | 'kill'): Promise<void> {
    await this.end(how === 'kill' ? 'SIGKILL' : 'SIGQUIT');
  }

  /** For good: the data go too. */
  async remove(): Promise<void> {
    await this.end('SIGINT');
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await ended;
    this.child = null;
  }

  private launch(): ChildProcess {
    const log = fs.openSync(path.join(this.folder, 'server.log'), 'a', 0o600);
    const settings = [
      ...SETTINGS,
      ...(MODES[this.starts % MODES.length] ?? []),
      `unix_socket_directories=${this.folder}`,
      'port=5432',
    ];
    const flags = settings.flatMap((setting) => ['-c', setting]);
    try {
      return spawn(this.programs.postgres, ['-D', this.data, ...flags], {
        ...(this.user ?? {}),
        cwd: this.folder,
        env: serverEnvironment(),
        stdio: ['ignore', log, log],
      });
    } finally {
      fs.closeSync(log);
    }
  }

  private async becomesReady(child: ChildProcess): Promise<boolean> {
    while (child.exitCode === null && child.signalCode === null) {
      try {
        const lines = fs.readFileSync(path.join(this.data, 'postmaster.pid'), 'utf8').split('\n');
        if (lines[0] === String(child.pid) && lines[7]?.trim() === 'ready') return true;
      } catch {
        // Not written yet.
      }
      await sleep(20);
    }
    return false;
  }
}
