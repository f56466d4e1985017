import type { ShapecastError } from '../../core/errors.ts';
import { connect } from '../../postgres/connect.ts';
import { runQuery, wrapQueryError } from '../../postgres/query.ts';
import { withDatabase } from '../support/database.ts';

const setup = `
create table public.people (name text primary key, age int not null check (age > 0), boss text references public.people);
insert into public.people values ('canary', 3);
create table public.locked (a int);
create function public.fail() returns int language plpgsql as $$
begin raise exception 'canary' using errcode = '42501', detail = 'canary', hint = 'canary'; end $$;
alter table public.locked enable row level security;
`;

async function failureOf(sql: string): Promise<ShapecastError> {
  return withDatabase(setup, async (_url, client) => {
    try {
      await runQuery(client, 'the test', sql);
    } catch (error) {
      if (error instanceof Error) return wrapQueryError(error, 'the test');
    }
    throw new Error('no failure');
  });
}

describe('runQuery', () => {
  test.each([
    [`insert into public.people values ('canary', 4)`, '23505', 'constraint people_pkey'],
    [`insert into public.people values ('x', null)`, '23502', 'column age'],
    [`insert into public.people values ('x', -1)`, '23514', 'constraint people_age_check'],
    [`insert into public.people values ('x', 1, 'canary2')`, '23503', 'constraint people_boss_fkey'],
    [`select 'canary'::int`, '22P02', 'form of its type'],
    [`select 1 / 0 from public.people where name = 'canary'`, '22012', 'does not fit'],
    ['select public.fail()', '42501', 'permission denied'],
    [`select 'canary' from public.missing`, '42P01', 'relation "public.missing" does not exist'],
    [`select "canary'column" from public.people`, '42703', 'does not exist'],
    [`selct 'canary'`, '42601', 'syntax'],
  ])('explains the failure of %s without its values', async (sql, sqlState, part) => {
    const error = await failureOf(sql);

    expect(error).toMatchObject({ code: 'QUERY_FAILED', data: { sqlState } });
    expect(error.message).toContain(part);
    if (!sql.includes("canary'column"))
      expect(`${error.message} ${error.hint} ${JSON.stringify(error.data)}`).not.toContain('canary');
    expect(error.cause).toBeDefined();
  });

  test('returns the rows and passes parameters', async () => {
    const rows = await withDatabase('', (_url, client) => runQuery(client, 'the test', 'select $1::int + 1 as n', [41]));

    expect(rows).toEqual([{ n: 42 }]);
  });

  test('calls a broken connection by its name', async () => {
    await withDatabase('', async (url, admin) => {
      const client = await connect(url, { applicationName: 'victim' });
      const [row] = await runQuery<{ pid: number }>(client, 'the test', 'select pg_backend_pid() as pid');
      const sleeping = runQuery(client, 'a long sleep', 'select pg_sleep(60)');
      const failure = expect(sleeping).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
      await admin.query('select pg_terminate_backend($1)', [row?.pid]);

      await failure;
      await expect(runQuery(client, 'another', 'select 1')).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
      await client.end();
    });
  });

  test('takes a failure of our own for a bug, and leaves an error of ours alone', () => {
    const bug = wrapQueryError(new TypeError('canary'), 'the test');

    expect(bug).toMatchObject({ code: 'BUG', message: 'Internal error: a failure in the test.' });
    expect(wrapQueryError(bug, 'again')).toBe(bug);
  });
});
