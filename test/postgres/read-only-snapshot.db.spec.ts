import { runQuery } from '../../postgres/query.ts';
import { openSnapshot, type Snapshot } from '../../postgres/read-only-snapshot.ts';
import { withDatabase } from '../support/database.ts';

const setup = 'create table public.t (a int); insert into public.t values (1)';
const options = { readers: 3, statementTimeoutMs: 60_000, lockTimeoutMs: 1000 };

async function countRows(snapshot: Snapshot): Promise<number[]> {
  const sql = 'select count(*)::int as n from public.t';
  const counts = await Promise.all(snapshot.clients.map((client) => runQuery<{ n: number }>(client, 'counting', sql)));
  return counts.map(([row]) => row?.n ?? -1);
}

describe('openSnapshot', () => {
  test('shows all readers the same rows, whatever is written meanwhile', async () => {
    await withDatabase(setup, async (url, client) => {
      const snapshot = await openSnapshot(url, options);
      await client.query('insert into public.t values (2)');

      expect(await countRows(snapshot)).toEqual([1, 1, 1]);
      expect(snapshot).toMatchObject({ serverMajor: 18, isReplica: false });
      await snapshot.close();
      await snapshot.close();
    });
  });

  test('cannot write, even for a role that may', async () => {
    await withDatabase(setup, async (url) => {
      const snapshot = await openSnapshot(url, options);
      const [, last] = snapshot.clients;
      if (last === undefined) throw new Error('several readers were asked for');

      const write = runQuery(last, 'a write', 'insert into public.t values (2)');
      await expect(write).rejects.toMatchObject({ data: { sqlState: '25006' } });
      await snapshot.close();
    });
  });

  test('fails loudly on a table whose policy would hide rows', async () => {
    const policy = 'alter table public.t enable row level security; create policy p on public.t using (false)';
    await withDatabase([setup, policy], async (url, admin) => {
      const role = `rls_${process.pid}`;
      await admin.query(`create role ${role} login`);
      await admin.query(`grant select on public.t to ${role}`);
      const snapshot = await openSnapshot(url.replace('shapecast@', `${role}@`), { ...options, readers: 1 });

      const failure = countRows(snapshot);
      await expect(failure).rejects.toThrow('row-level security policy for table "t"');
      await snapshot.close();
      await admin.query(`drop owned by ${role}`);
      await admin.query(`drop role ${role}`);
    });
  });

  test('rejects running queries at once when it is cancelled, and stops them on the server', async () => {
    await withDatabase(setup, async (url, client) => {
      const snapshot = await openSnapshot(url, options);
      const sleeping = snapshot.clients.map((reader) => runQuery(reader, 'a long sleep', 'select pg_sleep(600)'));
      const failures = Promise.all(sleeping.map((query) => expect(query).rejects.toMatchObject({ code: 'CONNECT_FAILED' })));
      await snapshot.cancel();
      await failures;
      await snapshot.close();

      const sql = `select count(*)::int as n from pg_stat_activity where datname = current_database() and query ~ '^select pg_sleep'`;
      for (let attempt = 0; attempt < 40; attempt += 1) {
        const { rows } = await client.query<{ n: number }>(sql);
        if (rows[0]?.n === 0) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error('statements run on after the cancel');
    });
  });

  test('is cancelled by its signal', async () => {
    await withDatabase(setup, async (url) => {
      const controller = new AbortController();
      const snapshot = await openSnapshot(url, { ...options, readers: 1, signal: controller.signal });
      const [reader] = snapshot.clients;
      if (reader === undefined) throw new Error('one reader was asked for');
      const sleeping = runQuery(reader, 'a long sleep', 'select pg_sleep(600)');
      const failure = expect(sleeping).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
      controller.abort();

      await failure;
      await snapshot.close();
    });
  });

  test('opens nothing when the signal fired before, or fires on the way', async () => {
    await withDatabase(setup, async (url) => {
      const controller = new AbortController();
      const opening = openSnapshot(url, { ...options, signal: controller.signal });
      const failure = expect(opening).rejects.toMatchObject({ code: 'INTERRUPTED' });
      setTimeout(() => controller.abort(), 5);
      await failure;

      await expect(openSnapshot(url, { ...options, signal: controller.signal })).rejects.toMatchObject({ code: 'INTERRUPTED' });
    });
  });

  test('ends a statement at its time limit', async () => {
    await withDatabase(setup, async (url) => {
      const snapshot = await openSnapshot(url, { readers: 1, statementTimeoutMs: 100, lockTimeoutMs: 100 });
      const [reader] = snapshot.clients;
      if (reader === undefined) throw new Error('one reader was asked for');

      await expect(runQuery(reader, 'a sleep', 'select pg_sleep(60)')).rejects.toMatchObject({ data: { sqlState: '57014' } });
      await snapshot.close();
    });
  });
});
