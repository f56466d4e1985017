// What a snapshot does not cover, done to real tables by another session: each is found out, and none happens once the tables are held.
import { holdTables } from '../../postgres/hold-tables.ts';
import { runQuery } from '../../postgres/query.ts';
import { openSnapshot, type Snapshot } from '../../postgres/read-only-snapshot.ts';
import { withDatabase } from '../support/database.ts';

const PLAIN = { schema: 'public', name: 'a "plain"\n; table' };
const SETUP = `
  create table public."a ""plain""\n; table" (a int, b text);
  insert into public."a ""plain""\n; table" values (1, 'x');
  create table public.whole (a int, b text) partition by range (a);
  create table public.low partition of public.whole for values from (0) to (10);
  create table public.high partition of public.whole for values from (10) to (20) partition by range (a);
  create table public.higher partition of public.high for values from (15) to (20);
  create table public.other (a int, b text);
  insert into public.whole values (1, 'x'), (16, 'y');`;
const FIRST = 'public."a ""plain""\n; table"';

async function held(url: string, meanwhile: (snapshot: Snapshot) => Promise<unknown>, readers = 1): Promise<void> {
  const snapshot = await openSnapshot(url, { readers, statementTimeoutMs: 0, lockTimeoutMs: 200 });
  try {
    const [first] = snapshot.clients;
    if (first === undefined) throw new Error('no connection');
    const sql = `select oid, relname::text as name from pg_class where relname = any ($1)`;
    const found = await runQuery<{ oid: number; name: string }>(first, 'a test', sql, [[PLAIN.name, 'whole']]);
    await meanwhile(snapshot);
    const tables = found.map(({ oid, name }) => ({ oid, schema: 'public', name, isPartitioned: name === 'whole' }));
    await holdTables(snapshot.clients, tables);
  } finally {
    await snapshot.close();
  }
}

test('tables that changed under a snapshot are refused by name', async () => {
  await withDatabase(SETUP, async (url, client) => {
    const after = async (sql: string): Promise<unknown> => {
      try {
        await held(url, () => client.query(sql));
        return 'held';
      } catch (error) {
        return error instanceof Error ? Object.values(Reflect.get(error, 'data') ?? {})[0] : error;
      }
    };
    const whole = ['public.whole'];

    expect(await after('select 1')).toBe('held');
    expect(await after(`insert into ${FIRST} values (2, 'y'); create index on ${FIRST} (a)`)).toBe('held');
    expect(await after(`truncate ${FIRST}`)).toEqual([FIRST]);
    expect(await after(`alter table ${FIRST} alter a type bigint`)).toEqual([FIRST]);
    expect(await after('truncate public.whole')).toEqual(whole);
    expect(await after('truncate public.higher')).toEqual(whole);
    expect(await after('alter table public.whole detach partition public.low')).toEqual(whole);
    expect(await after('alter table public.whole attach partition public.low for values from (0) to (10)')).toEqual(whole);
    expect(await after('alter table public.whole rename a to c; alter table public.whole rename b to a')).toEqual(whole);
    expect(await after(`alter table ${FIRST} rename to gone; alter table public.other rename to "a ""plain""\n; table"`)).toEqual(
      [FIRST],
    );
    expect(await after('drop table public.whole')).toEqual(whole);
  });
});

test('once held, a table cannot be truncated; who holds it waits for no longer than its limit', async () => {
  await withDatabase(SETUP, async (url, client) => {
    await client.query(`set lock_timeout = '100ms'`);
    await client.query('begin; lock table public.higher');
    const waited = held(url, async () => undefined, 3);

    await expect(waited).rejects.toMatchObject({ code: 'QUERY_FAILED', data: { sqlState: '55P03' } });
    await client.query('rollback');
    const truncated: unknown[] = [];
    const open = await openSnapshot(url, { readers: 3, statementTimeoutMs: 0, lockTimeoutMs: 200 });
    try {
      const sql = `select 'public.whole'::regclass::oid as oid`;
      const [found] = (await client.query<{ oid: number }>(sql)).rows;
      await holdTables(open.clients, [{ schema: 'public', name: 'whole', oid: found?.oid ?? 0, isPartitioned: true }]);
      truncated.push(await client.query('truncate public.higher').catch((error: unknown) => Reflect.get(Object(error), 'code')));
      const locks = `select count(*)::int as n from pg_locks where relation = 'public.higher'::regclass and mode = 'AccessShareLock'`;
      truncated.push((await client.query(locks)).rows);
    } finally {
      await open.close();
    }
    await client.query('truncate public.higher');

    expect(truncated).toEqual(['55P03', [{ n: 3 }]]);
  });
});
