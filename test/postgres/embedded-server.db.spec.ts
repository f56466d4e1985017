import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { describeServer, withClient } from '../../postgres/connect.ts';
import { startEmbeddedServer } from '../../postgres/embedded-server.ts';
import { withDatabase } from '../support/database.ts';

const settings = { fsync: 'off', shared_buffers: '32MB' };
const options = { applicationName: 'shapecast test' };

function makeFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-test-'));
}

describe('the embedded server', () => {
  test('keeps the data of a given folder across two starts, and takes over a stale lock file', async () => {
    const parent = makeFolder();
    fs.chmodSync(parent, 0o755);
    const folder = path.join(parent, 'server');
    try {
      const first = await startEmbeddedServer({ folder, settings });
      await first.createDatabase('kept');
      await first.stop();
      // A process number that is alive but is no server, as after a restart of a container.
      fs.writeFileSync(path.join(folder, 'data', 'postmaster.pid'), `${process.pid}\n${path.join(folder, 'data')}\n`);

      const second = await startEmbeddedServer({ folder, settings });
      const rows = await withClient(second.url('kept'), options, async (client) => {
        const result = await client.query('select current_database() as name');
        return result.rows;
      });
      await second.stop();

      expect(rows).toEqual([{ name: 'kept' }]);
      // Documents of both starts are of one server.
      expect([first, second].map((server) => describeServer(server.url('kept')))).toEqual(['embedded/kept', 'embedded/kept']);
    } finally {
      fs.rmSync(parent, { recursive: true, force: true });
    }
  });

  test('refuses a folder that another server uses', async () => {
    const parent = makeFolder();
    fs.chmodSync(parent, 0o755);
    const folder = path.join(parent, 'server');
    const first = await startEmbeddedServer({ folder, settings });
    try {
      await expect(startEmbeddedServer({ folder, settings })).rejects.toMatchObject({ code: 'EMBEDDED_IN_USE' });
    } finally {
      await first.stop();
      fs.rmSync(parent, { recursive: true, force: true });
    }
  });

  test('says what the server says when it cannot start, and removes its data', async () => {
    const failure = startEmbeddedServer({ settings: { ...settings, shared_preload_libraries: 'no_such_library' } });

    await expect(failure).rejects.toMatchObject({ code: 'EMBEDDED_FAILED', data: { step: 'its start' } });
    const logFile = await failure.catch((error) => error.data.logFile);
    expect(fs.existsSync(path.join(path.dirname(logFile), 'data'))).toBe(false);
    fs.rmSync(path.dirname(logFile), { recursive: true, force: true });
  });

  test('listens on loopback with a password where there are no sockets', async () => {
    const server = await startEmbeddedServer({ settings, transport: 'tcp' });
    try {
      const user = await withClient(
        server.url('postgres'),
        options,
        async (client) => (await client.query('select user as u')).rows,
      );
      const withoutPassword = new URL(server.url('postgres'));
      withoutPassword.password = 'wrong';

      expect(user).toEqual([{ u: 'shapecast' }]);
      await expect(withClient(withoutPassword.href, options, async () => null)).rejects.toMatchObject({
        code: 'CONNECT_FAILED',
        data: { reason: 'the password was refused' },
      });
    } finally {
      await server.stop();
    }
  });

  test('leaves nothing behind in the temporary folder, and keeps its log private', async () => {
    const server = await startEmbeddedServer({ settings });
    const mode = fs.statSync(server.logFile).mode & 0o777;
    const socketFolder = new URL(server.url('x').replace('@/', '@host/')).searchParams.get('host') ?? '';
    const socketMode = fs.statSync(socketFolder).mode & 0o777;
    await server.stop();

    expect({ mode, socketMode }).toEqual({ mode: 0o600, socketMode: 0o700 });
    expect(fs.existsSync(server.folder)).toBe(false);
    expect(fs.existsSync(socketFolder)).toBe(false);
  });

  test('gives a URL that node-postgres alone understands, sorts by code point, and stores UTF8', async () => {
    await withDatabase('', async (url) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const sql = `select 'a' < 'B' as by_alphabet, upper('ä') as upper, current_setting('server_encoding') as encoding`;
      const { rows } = await client.query(sql);
      await client.end();

      expect(rows).toEqual([{ by_alphabet: false, upper: 'Ä', encoding: 'UTF8' }]);
    });
  });

  test('gives URLs that psql understands too', async () => {
    await withDatabase('', async (url, client) => {
      const { stdout, error } = spawnSync('psql', [url, '-Atc', 'select current_database()'], { encoding: 'utf8' });
      if (error !== undefined) return;

      expect(stdout.trim()).toBe(client.database);
    });
  });
});
