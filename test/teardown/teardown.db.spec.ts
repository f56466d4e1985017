// Teardown removes what the marker lists and nothing else, all of it or none, and proves it.
import type pg from 'pg';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { insertChunk } from '../../postgres/chunk-ledger.ts';
import { claimTables } from '../../postgres/claim-tables.ts';
import { withClient } from '../../postgres/connect.ts';
import { ensureMarker } from '../../postgres/marker.ts';
import { claimObjects, listObjects } from '../../postgres/marker-objects.ts';
import { startRun } from '../../postgres/marker-runs.ts';
import { putBack } from '../../postgres/put-back.ts';
import { type TeardownOptions, teardown } from '../../teardown/teardown.ts';
import { withDatabase } from '../support/database.ts';
import { waitForLock } from '../support/wait-for-lock.ts';
import { attempt, fill, readState, run, setup } from './filled-target.ts';

/** What the chunk ledger holds after generate has written so many rows into each table. */
async function recordRows(client: pg.Client, rows: Readonly<Record<string, number>>): Promise<void> {
  const ledger = { planId: 'f'.repeat(64), chunk: 0, bytes: 1, contentHash: '0'.repeat(16), blockDigests: Buffer.alloc(32) };
  for (const [table, count] of Object.entries(rows)) await insertChunk(client, { ...ledger, table, rows: count });
}

describe('teardown', () => {
  test('leaves the database as generate found it', async () => {
    await withDatabase(setup, async (url, client) => {
      const before = await readState(client);
      await fill(client);

      expect(await teardown(attempt(url).options)).toBe('removed');

      const gone = before.filter((line) => /drafts/.test(line));
      expect(await readState(client)).toEqual(before.filter((line) => !gone.includes(line)));
    });
  });

  test('says first what it will do, with rows, then asks, then proves', async () => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      const { options, lines, asked } = attempt(url);
      let linesWhenAsked = 0;
      const confirm = async (text: string) => {
        linesWhenAsked = lines.length;
        return options.confirm(text);
      };

      await teardown({ ...options, confirm });

      expect(asked).toHaveLength(1);
      expect(lines.slice(0, linesWhenAsked)).toEqual([
        expect.stringMatching(/^\[Teardown\] Target: /),
        '[Teardown]   drop      public.drafts: 4 rows',
        '[Teardown]   empty     public."Mess.ages": 3 rows',
        '[Teardown]   empty     public.users: 5 rows',
        '[Teardown]   put back  public."Mess.ages": Mess.ages_pkey',
        '[Teardown]   put back  public.users: users_email',
        '[Teardown]   put back  public.users: users_pkey',
        '[Teardown]   put back  public."Mess.ages": Mess.ages_userId_fkey',
        '[Teardown]   drop      schema shapecast (the marker, 1 run)',
      ]);
      expect(lines.slice(linesWhenAsked)).toEqual([
        '[Teardown] ✓ public.drafts: gone',
        '[Teardown] ✓ public."Mess.ages": COUNT(*) = 0',
        '[Teardown] ✓ public.users: COUNT(*) = 0',
        '[Teardown] ✓ schema shapecast: gone',
        '[Teardown]   n_live_tup public."Mess.ages": 0',
        '[Teardown]   n_live_tup public.users: 0',
        "[Teardown] ✓ Nothing of shapecast's is left",
      ]);
    });
  });

  test.each([
    ['a dry run', { dryRun: true }, 'planned'],
    ['a no', { confirm: async () => false }, 'declined'],
  ] as const)('changes nothing after %s', async (_name, change, outcome) => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      const before = await readState(client);

      expect(await teardown(attempt(url, change).options)).toBe(outcome);

      expect(await readState(client)).toEqual(before);
    });
  });

  test('touches nothing and asks nothing where nothing of ours is', async () => {
    await withDatabase(setup, async (url, client) => {
      const before = await readState(client);
      const { options, lines, asked } = attempt(url);

      expect(await teardown(options)).toBe('nothing');

      expect(lines.join()).toContain("nothing of shapecast's is here");
      expect(asked).toEqual([]);
      expect(await readState(client)).toEqual(before);
    });
  });

  test('may be run again', async () => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      await teardown(attempt(url).options);

      expect(await teardown(attempt(url).options)).toBe('nothing');
    });
  });

  test('skips tables that are gone already', async () => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      await client.query('drop table public.drafts, public."Mess.ages"');
      const { options, lines } = attempt(url);

      expect(await teardown(options)).toBe('removed');

      expect(lines).toContain('[Teardown]   skip      public.drafts: gone already');
    });
  });

  test('follows tables that were renamed, with their keys, and leaves new ones of the old names alone', async () => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      await client.query(`
        create schema archive;
        alter table public.users set schema archive;
        alter table public."Mess.ages" rename to talk;
        alter table public.drafts rename to sketches;
        create table public.users (id int);
        insert into public.users values (1)`);
      const { options, lines } = attempt(url);

      expect(await teardown(options)).toBe('removed');

      expect(lines).toEqual(
        expect.arrayContaining([
          '[Teardown]   drop      public.sketches (was public.drafts): 4 rows',
          '[Teardown]   empty     archive.users (was public.users): 5 rows',
          '[Teardown]   put back  archive.users: users_email',
          '[Teardown]   put back  public.talk: Mess.ages_userId_fkey',
        ]),
      );
      const { rows } = await client.query(`
        select (select count(*)::int from archive.users) as emptied, (select count(*)::int from public.users) as theirs,
               to_regclass('public.sketches') as dropped, to_regclass('archive.users_email')::text as index,
               (select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'public.talk'::regclass and contype = 'f') as key`);
      expect(rows).toEqual([
        {
          emptied: 0,
          theirs: 1,
          dropped: null,
          index: 'archive.users_email',
          key: 'FOREIGN KEY ("userId") REFERENCES archive.users(id)',
        },
      ]);
    });
  });

  test('drops nothing, not even the marker, while a recorded key cannot be made again', async () => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      await client.query('create sequence public.users_email');
      const before = await readState(client);

      await expect(teardown(attempt(url).options)).rejects.toMatchObject({
        code: 'QUERY_FAILED',
        message: expect.stringContaining('users_email'),
      });
      expect(await readState(client)).toEqual(before);

      await client.query('drop sequence public.users_email');
      expect(await teardown(attempt(url).options)).toBe('removed');
    });
  });

  test('does not follow an oid into a database that a dump has brought the marker to', async () => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      await client.query(`
        update shapecast.tables set table_oid = 'public.unrelated'::regclass, made_in = '1/2/3' where table_name = 'users';
        drop table public.users cascade`);

      expect(await teardown(attempt(url).options)).toBe('removed');

      expect(await readState(client)).toContain('public.unrelated 2');
    });
  });

  test('leaves everything as it was when the server goes away half way, and works afterwards', async () => {
    const dying = `${setup}
      create function public.die() returns trigger language plpgsql as $$
      begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(5); return null; end $$;
      create trigger die before truncate on public.users execute function public.die();`;
    await withDatabase(dying, async (url, client) => {
      await fill(client);
      const before = await readState(client);

      await expect(teardown(attempt(url).options)).rejects.toMatchObject({ code: 'TEARDOWN_CONNECTION_LOST' });
      expect(await readState(client)).toEqual(before);

      await client.query('drop trigger die on public.users');
      expect(await teardown(attempt(url).options)).toBe('removed');
    });
  });

  test("keeps a user's table in our schema, and says so", async () => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      await client.query('create table shapecast.notes (id serial primary key); insert into shapecast.notes values (1)');
      const { options, lines } = attempt(url);

      expect(await teardown(options)).toBe('removed');

      expect(lines.join('\n')).toContain('table shapecast.notes: not made by shapecast; it and the schema shapecast stay');
      const state = await readState(client);
      expect(state).toEqual(expect.arrayContaining(['schema shapecast', 'shapecast.notes 1']));
      expect(state.join()).not.toMatch(/shapecast\.(runs|chunks|tables|definitions)/);
      expect(await teardown(attempt(url).options)).toBe('nothing');
    });
  });

  test("empties a table that an unused key of the user's points at, and its own parents, in a cycle too", async () => {
    const cyclic = `
      create table public.a (id int primary key, b int);
      create table public.b (id int primary key, a int references public.a (id));
      alter table public.a add foreign key (b) references public.b (id);
      create table public.theirs (id int, a int references public.a (id) on delete cascade);
      insert into public.theirs values (1, null);`;
    await withDatabase(cyclic, async (url, client) => {
      const { tables } = await readCatalog(client);
      await ensureMarker(client);
      const ours = tables.filter((table) => table.name !== 'theirs');
      await claimTables(
        client,
        ours.map((table) => ({ table, origin: 'found' })),
      );
      await client.query(`insert into public.a values (1, null); insert into public.b values (1, 1); update public.a set b = 1`);
      await recordRows(client, { 'public.a': 1, 'public.b': 1 });

      expect(await teardown(attempt(url).options)).toBe('removed');

      expect(await readState(client)).toEqual(expect.arrayContaining(['public.a 0', 'public.b 0', 'public.theirs 1']));
    });
  });

  test("leaves the rows of a user's table that inherits from one of ours", async () => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      await client.query(`create table public.special_users () inherits (public.users);
        insert into public.special_users values (77, 'theirs')`);

      expect(await teardown(attempt(url).options)).toBe('removed');

      expect(await readState(client)).toContain('public.special_users 1');
    });
  });

  test('empties partitioned tables and drops those that we created', async () => {
    const partitioned = `
      create table public.events (id int) partition by range (id);
      create table public.events_1 partition of public.events for values from (0) to (100);
      create table public.made (id int) partition by range (id);
      create table public.made_1 partition of public.made default;`;
    await withDatabase(partitioned, async (url, client) => {
      const { tables } = await readCatalog(client);
      await ensureMarker(client);
      await claimTables(
        client,
        tables.map((table) => ({ table, origin: table.name === 'made' ? 'created' : 'found' })),
      );
      await client.query('insert into public.events values (1); insert into public.made values (1)');
      await recordRows(client, { 'public.events': 1, 'public.made': 1 });

      expect(await teardown(attempt(url).options)).toBe('removed');

      const state = await readState(client);
      expect(state).toContain('public.events_1 0');
      expect(state.join()).not.toContain('made');
    });
  });
});

describe('teardown of what a schema script made', () => {
  const script = `
    create schema made;
    create type made.kind as enum ('a', 'b');
    create domain made.short as text check (length(value) < 10);
    create function made.first_kind() returns made.kind language sql as $$ select 'a'::made.kind $$;
    create sequence made.counter;
    create table made.things (id int primary key default nextval('made.counter'), kind made.kind default made.first_kind(),
                              name made.short, previous int references made.things (id));
    create view made.chosen as select id, kind from made.things;
    create materialized view made.few as select id from made.chosen;`;

  async function create(client: pg.Client): Promise<void> {
    await ensureMarker(client);
    const before = await listObjects(client);
    await client.query(script);
    await claimObjects(client, before);
    const made = (await readCatalog(client)).tables.filter((table) => table.schema === 'made');
    await claimTables(
      client,
      made.map((table) => ({ table, origin: 'created' })),
    );
    await client.query(`insert into made.things values (1)`);
    await recordRows(client, { 'made.things': 1 });
  }

  test('removes all of it, so that the script can run again', async () => {
    await withDatabase(setup, async (url, client) => {
      const before = await listObjects(client);
      await create(client);
      const { options, lines } = attempt(url);

      expect(await teardown(options)).toBe('removed');

      expect(lines).toContain('[Teardown] ✓ 7 other objects: gone');
      expect(await listObjects(client)).toEqual(before);
      await create(client);
      expect(await teardown(attempt(url).options)).toBe('removed');
    });
  });

  test('lists it first', async () => {
    await withDatabase(setup, async (url, client) => {
      await create(client);
      const { options, lines } = attempt(url, { dryRun: true });

      await teardown(options);

      expect(lines).toEqual(
        expect.arrayContaining([
          '[Teardown]   drop      made.things: 1 row',
          '[Teardown]   drop      type made.kind',
          '[Teardown]   drop      view made.chosen',
          '[Teardown]   drop      function made.first_kind()',
          '[Teardown]   drop      schema made',
        ]),
      );
      expect(lines.join()).not.toMatch(/drop {6}\w+ public\.unrelated|drafts/);
    });
  });

  test("keeps a type that a table of the user's has come to use, and says so", async () => {
    await withDatabase(setup, async (url, client) => {
      await create(client);
      await client.query(`create table public.theirs (kind made.kind); insert into public.theirs values ('b')`);
      const { options, lines } = attempt(url);

      expect(await teardown(options)).toBe('removed');

      expect(lines.filter((line) => line.includes('kept'))).toEqual([
        '[Teardown]   kept schema made: something that shapecast did not make uses it',
        '[Teardown]   kept type made.kind: something that shapecast did not make uses it',
      ]);
      expect(await readState(client)).toContain('public.theirs 1');
    });
  });

  test("refuses when a view of the user's rests on a view of ours", async () => {
    await withDatabase(setup, async (url, client) => {
      await create(client);
      await client.query('create view public.theirs as select * from made.chosen');

      await expect(teardown(attempt(url).options)).rejects.toMatchObject({ code: 'TEARDOWN_DEPENDENT' });
    });
  });

  test('leaves an object alone that was renamed since', async () => {
    await withDatabase(setup, async (url, client) => {
      await create(client);
      await client.query('alter function made.first_kind() rename to mine; alter function made.mine() set schema public');

      expect(await teardown(attempt(url).options)).toBe('removed');

      const { rows } = await client.query(`select to_regproc('public.mine') is not null as there`);
      expect(rows).toEqual([{ there: true }]);
    });
  });
});

describe('teardown refuses', () => {
  async function expectRefusal(url: string, client: pg.Client, expected: object, change: Partial<TeardownOptions> = {}) {
    const before = await readState(client);
    const { options, asked } = attempt(url, change);

    await expect(teardown(options)).rejects.toMatchObject(expected);

    expect(asked).toEqual([]);
    expect(await readState(client)).toEqual(before);
  }

  test('under NODE_ENV=production', async () => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      await expectRefusal(url, client, { code: 'PRODUCTION_REFUSED' }, { environment: { NODE_ENV: 'production' }, force: true });
    });
  });

  test('a host off the allow-list', async () => {
    const { options } = attempt('postgresql://db.internal:5432/app', { force: true });

    await expect(teardown(options)).rejects.toMatchObject({ code: 'HOST_REFUSED' });
  });

  test('a schema of that name that is not ours, also with --force', async () => {
    await withDatabase(`${setup} create schema shapecast; create table shapecast.runs (id int);`, async (url, client) => {
      await expectRefusal(url, client, { code: 'MARKER_FOREIGN' }, { force: true });
    });
  });

  test('while a run is marked running; --force goes on', async () => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      await startRun(client, { ...run, runId: 'run-2' });
      await expectRefusal(url, client, { code: 'TEARDOWN_RUNNING', data: { runs: ['run-2'] } });

      expect(await teardown(attempt(url, { force: true }).options)).toBe('removed');
    });
  });

  test('a row that appears while a person thinks, and rolls everything back; --force goes on', async () => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      await client.query(`alter database ${client.database} set default_transaction_isolation = 'repeatable read'`);
      const { options } = attempt(url);
      let before: string[] = [];
      const confirm = async () => {
        await client.query('insert into public.drafts values (100, null)');
        before = await readState(client);
        return true;
      };

      const failure = teardown({ ...options, confirm });

      await expect(failure).rejects.toMatchObject({ code: 'TEARDOWN_ROWS_ADDED', data: { tables: ['public.drafts (1)'] } });
      expect(await readState(client)).toEqual(before);
      expect(await teardown(attempt(url, { force: true }).options)).toBe('removed');
    });
  });

  test('a row whose transaction is open when the tables are to be locked', async () => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      await client.query(`alter database ${client.database} set default_transaction_isolation = 'repeatable read'`);
      await withClient(url, { applicationName: 'shapecast test' }, async (other) => {
        await other.query('begin; insert into public.users values (100)');
        const failure = expect(teardown(attempt(url).options)).rejects.toMatchObject({
          code: 'TEARDOWN_ROWS_ADDED',
          data: { tables: ['public.users (1)'] },
        });
        await waitForLock(client);
        await other.query('commit');

        await failure;

        const { rows } = await client.query('select count(*)::int as rows from public.users');
        expect(rows).toEqual([{ rows: 6 }]);
      });
    });
  });

  test('to empty a table that holds rows which we did not write; --force goes on', async () => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      await client.query('insert into public.users select i from generate_series(100, 102) i');
      await expectRefusal(url, client, { code: 'TEARDOWN_ROWS_ADDED', data: { tables: ['public.users (3)'] } });

      expect(await teardown(attempt(url, { force: true }).options)).toBe('removed');
    });
  });

  test('to drop a table that we created and somebody wrote into', async () => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      await client.query('insert into public.drafts select i, null from generate_series(100, 101) i');

      await expectRefusal(url, client, { code: 'TEARDOWN_ROWS_ADDED' });
    });
  });

  test('to empty a table that no chunk reached and somebody wrote into', async () => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      await client.query(`delete from shapecast.chunks where table_key = 'public.users'`);

      await expectRefusal(url, client, { code: 'TEARDOWN_ROWS_ADDED' });
    });
  });

  test('to touch a table that was made again under a listed name, also with --force', async () => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      await client.query('drop table public."Mess.ages"; create table public."Mess.ages" (id int)');
      const expected = { code: 'TEARDOWN_REPLACED', data: { tables: ['public."Mess.ages"'] } };
      await expectRefusal(url, client, expected);
      await expectRefusal(url, client, expected, { force: true });
    });
  });

  test.each([
    ['a view', 'create view public.theirs as select id from public.drafts', 'view theirs'],
    ['a key of another table', 'create table public.theirs (draft int references public.drafts (id))', 'theirs_draft_fkey'],
    ['a default from our sequence', `create table public.theirs (id int default nextval('public.drafts_id_seq'))`, 'theirs'],
    ['a column of the row type', 'create table public.theirs (draft public.drafts[])', 'theirs'],
    ['a view on the marker', 'create view public.theirs as select run_id from shapecast.runs', 'view theirs'],
    ['a materialized view', 'create materialized view public.theirs as select 1 from public.drafts', 'materialized view theirs'],
    [
      'a function',
      'create function public.theirs() returns bigint language sql begin atomic select count(*) from public.drafts; end',
      'function theirs()',
    ],
    ['a table that inherits', 'create table public.theirs () inherits (public.drafts)', 'theirs'],
  ])('to drop a table that %s rests on, and names it, also with --force', async (_name, sql, name) => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      await putBack(client);
      await client.query(sql);
      await expectRefusal(url, client, { code: 'TEARDOWN_DEPENDENT' });

      const failure: unknown = await teardown(attempt(url, { force: true }).options).catch((error: unknown) => error);

      expect(failure).toMatchObject({ code: 'TEARDOWN_DEPENDENT' });
      expect(String(failure).replaceAll('public.', '')).toContain(name);
    });
  });

  test("to empty a table that rows of the user's refer to", async () => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      await putBack(client);
      await client.query(`create table public.theirs (user_id int references public.users (id) on delete cascade);
        insert into public.theirs values (1)`);
      await expectRefusal(url, client, { code: 'TEARDOWN_DEPENDENT' });
      await expectRefusal(url, client, { code: 'TEARDOWN_DEPENDENT' }, { force: true });
    });
  });
});
