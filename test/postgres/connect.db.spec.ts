import net from 'node:net';
import { connect, describeServer, withClient } from '../../postgres/connect.ts';
import { withDatabase } from '../support/database.ts';

const options = { applicationName: 'shapecast test' };

describe('connect', () => {
  test('sets a name, time-outs and one set of session settings', async () => {
    const sql = `select current_setting('application_name') as name, current_setting('statement_timeout') as statement,
      current_setting('lock_timeout') as lock, current_setting('timezone') as timezone, current_setting('search_path') as path,
      '2024-05-06 07:08:09+02'::timestamptz::text as moment, (0.1::float8 + 0.2::float8)::text as sum`;

    const rows = await withDatabase('', (url) =>
      withClient(
        url,
        { ...options, statementTimeoutMs: 4000, lockTimeoutMs: 3000 },
        async (client) => (await client.query(sql)).rows,
      ),
    );

    expect(rows).toEqual([
      {
        name: 'shapecast test',
        statement: '4s',
        lock: '3s',
        timezone: 'UTC',
        path: 'pg_catalog',
        moment: '2024-05-06 05:08:09+00',
        sum: '0.30000000000000004',
      },
    ]);
  });

  test('names server and reason of a failure, and no login', async () => {
    const url = 'postgresql://login-name:canary-secret@127.0.0.1:1/app';

    const failure = connect(url, options);

    await expect(failure).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      data: { server: '127.0.0.1:1/app', reason: 'ECONNREFUSED' },
    });
    await expect(failure).rejects.not.toThrow(/canary|login-name/);
  });

  test('says that a database does not exist', async () => {
    await withDatabase('', async (url) => {
      const missing = url.replace(/\/test_\w+/, '/missing');

      await expect(connect(missing, options)).rejects.toMatchObject({ data: { reason: 'database "missing" does not exist' } });
    });
  });

  test('gives up on a server that does not answer', async () => {
    const silent = net.createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;

    const failure = connect(`postgresql://127.0.0.1:${port}/x`, { ...options, connectTimeoutMs: 200 });

    await expect(failure).rejects.toMatchObject({ data: { reason: 'no answer in time' } });
    await new Promise((resolve) => silent.close(resolve));
  });

  test('connects by the PG* environment alone', async () => {
    await withDatabase('', async (url, client) => {
      const before = { ...process.env };
      const parts = new URL(url.replace('@/', '@host/'));
      Object.assign(process.env, {
        PGHOST: parts.searchParams.get('host'),
        PGPORT: '5432',
        PGUSER: 'shapecast',
        PGDATABASE: parts.pathname.slice(1),
      });
      try {
        const rows = await withClient(
          '',
          options,
          async (other) => (await other.query('select current_database() as name')).rows,
        );

        expect(rows).toEqual([{ name: client.database }]);
        expect(describeServer('')).toBe(`${process.env.PGHOST}:5432/${client.database}`);
      } finally {
        for (const name of ['PGHOST', 'PGPORT', 'PGUSER', 'PGDATABASE']) {
          if (before[name] === undefined) delete process.env[name];
          else process.env[name] = before[name];
        }
      }
    });
  });

  test('survives a connection that breaks while idle', async () => {
    await withDatabase('', async (url, admin) => {
      const client = await connect(url, options);
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      await admin.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await new Promise((resolve) => setTimeout(resolve, 100));

      await expect(client.query('select 1')).rejects.toThrow();
      await client.end();
    });
  });
});

describe('describeServer', () => {
  test('never holds a login', () => {
    expect(describeServer('postgresql://ann:canary@db.example/app')).toBe('db.example:5432/app');
    expect(describeServer('postgresql://ann:canary@a,b/app')).toBe('the given server');
    expect(describeServer('postgresql://[::1]/app')).toBe('[::1]:5432/app');
  });
});
