#!/usr/bin/env node
// Runs the tests that need a system PostgreSQL 15 and its client tools (*.system.spec.ts) against a cluster made for the
// run in a temporary folder, never against one that is there already. Says so and ends with 0 where there is no such server.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const SERVER_USER = 'postgres';

/** The folder with the binaries of PostgreSQL 15, or null: PG15_BIN, Debian's place, then the PATH. */
function findBinaries() {
  const candidates = [process.env.PG15_BIN, '/usr/lib/postgresql/15/bin', ...(process.env.PATH ?? '').split(path.delimiter)];
  return candidates.find((folder) => folder && isVersion15(path.join(folder, 'postgres'))) ?? null;
}

function isVersion15(binary) {
  if (!fs.existsSync(binary)) return false;
  return / 15\./.test(spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout ?? '');
}

/** Numeric ids of the user that must own the cluster when we are root (PostgreSQL refuses root); {} otherwise; null when missing. */
function serverIdentity() {
  if (process.getuid?.() !== 0) return {};
  const ids = ['-u', '-g'].map((flag) => spawnSync('id', [flag, SERVER_USER], { encoding: 'utf8' }));
  if (ids.some((result) => result.status !== 0)) return null;
  return { uid: Number(ids[0].stdout), gid: Number(ids[1].stdout) };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts a cluster in the folder; the caller stops it. Trust is safe: it listens on loopback and its own socket folder only. */
async function startCluster(bin, folder, identity) {
  const run = (program, args) => {
    const result = spawnSync(path.join(bin, program), args, { ...identity, cwd: folder, encoding: 'utf8' });
    if (result.status !== 0) throw new Error(`${program} failed:\n${result.stderr}`);
  };
  const data = path.join(folder, 'data');
  const port = await freePort();
  run('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']);
  const settings = `-c port=${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c fsync=off -c wal_level=replica`;
  // pg_ctl's child keeps an inherited pipe open, so its output goes to the log file only.
  const started = spawnSync(
    path.join(bin, 'pg_ctl'),
    ['-D', data, '-w', '-l', path.join(folder, 'log'), '-o', settings, 'start'],
    {
      ...identity,
      cwd: folder,
      stdio: 'ignore',
    },
  );
  if (started.status !== 0)
    throw new Error(`pg_ctl start failed; its log:\n${fs.readFileSync(path.join(folder, 'log'), 'utf8')}`);
  return {
    environment: { SYSTEM_PG_BIN: bin, PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: 'postgres', PGDATABASE: 'postgres' },
    stop: () => run('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']),
  };
}

function runJest(environment) {
  const jest = path.join(root, 'node_modules/jest/bin/jest.js');
  const args = ['--experimental-vm-modules', jest, '--selectProjects', 'system', '-c', 'jest.config.cjs', '--passWithNoTests'];
  const { status } = spawnSync(process.execPath, [...args, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  return status ?? 1;
}

async function main() {
  const bin = findBinaries();
  const identity = serverIdentity();
  if (bin === null || identity === null) {
    process.stdout.write('system tests skipped: no PostgreSQL 15 server binaries (or no user to run them as) on this machine\n');
    return 0;
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-system-'));
  try {
    if (identity.uid !== undefined) fs.chownSync(folder, identity.uid, identity.gid);
    const cluster = await startCluster(bin, folder, identity);
    try {
      return runJest(cluster.environment);
    } finally {
      cluster.stop();
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
