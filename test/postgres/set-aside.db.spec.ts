// What setAside drops comes back exactly, whatever happens between.
import fs from 'node:fs';
import type pg from 'pg';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { withClient } from '../../postgres/connect.ts';
import { ensureMarker, readMarker } from '../../postgres/marker.ts';
import { putBack } from '../../postgres/put-back.ts';
import { setAside } from '../../postgres/set-aside.ts';
import { withDatabase } from '../support/database.ts';

const setup = fs.readFileSync(new URL('./set-aside.fixture.sql', import.meta.url), 'utf8');
const again = { applicationName: 'shapecast test' };

/** Every index and constraint of the user's as the server spells it, with comment, validity and the index it hangs on. */
async function readDefinitions(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(`
    select concat_ws(' | ', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisclustered, i.indisreplident,
                     obj_description(i.indexrelid, 'pg_class'),
                     i.indisprimary, i.indimmediate,
                     (select inhparent::regclass from pg_inherits where inhrelid = i.indexrelid)) as line
    from pg_index i join pg_class c on c.oid = i.indrelid
    where c.relnamespace in ('public'::regnamespace, '"Odd Schema"'::regnamespace)
    union all
    select concat_ws(' | ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated, conislocal, coninhcount,
                     conindid::regclass, obj_description(oid, 'pg_constraint'))
    from pg_constraint
    where connamespace in ('public'::regnamespace, '"Odd Schema"'::regnamespace) and (conparentid = 0 or contype in ('p', 'u'))
      -- 18 makes the NOT NULL of a partition local with its key, as a restored dump does
      and contype <> 'n'
    union all
    select concat_ws(' | ', attrelid::regclass, attname, 'not null')
    from pg_attribute join pg_class c on c.oid = attrelid and c.relkind in ('r', 'p')
    where c.relnamespace in ('public'::regnamespace, '"Odd Schema"'::regnamespace) and attnotnull and attnum > 0
    order by 1`);
  return rows.map((row) => row.line);
}

async function setAllAside(client: pg.Client): Promise<void> {
  const catalog = await readCatalog(client);
  await ensureMarker(client);
  await setAside(
    client,
    catalog.tables.filter((table) => table.name !== 'outsider'),
  );
}

const dropped = [
  'reply',
  "the user's",
  'unchecked',
  'users_lower_email',
  'Weird "idx',
  'by_body',
  'events_day',
  'events_user',
  'own_name',
  'only_leaf',
  'users_pkey',
  'users_email_key',
  'kept_clustered',
  'the key',
  'codes',
  'parts_pkey',
  'own_key',
  'only_here',
  'piece_part',
];
// somebody else's key rests on one, replica identity on another, a view on the third
const kept = ['users_created', 'kept_identity', 'viewed_pkey', 'outsider_at'];

describe('setAside', () => {
  test('drops keys and indexes, and keeps what something else rests on', async () => {
    await withDatabase(setup, async (_url, client) => {
      await setAllAside(client);

      const names = (
        await client.query<{ name: string }>('select conname::text as name from pg_constraint union select relname from pg_class')
      ).rows.map((row) => row.name);
      expect(names.filter((name) => dropped.includes(name))).toEqual([]);
      expect(names).toEqual(expect.arrayContaining(kept));
    });
  });

  test('records everything in the order in which it must come back', async () => {
    await withDatabase(setup, async (_url, client) => {
      await setAllAside(client);

      const definitions = (await readMarker(client))?.definitions ?? [];
      const kinds = definitions.map((definition) => definition.kind);
      expect(kinds).toEqual([...kinds].sort((left, right) => (left === right ? 0 : left === 'index' ? -1 : 1)));
      const names = definitions.map((definition) => definition.name);
      expect(names).toEqual(expect.arrayContaining(dropped));
      expect(names.indexOf('events_day')).toBeLessThan(names.indexOf('own_name'));
    });
  });

  test('keeps nothing of a failed attempt: neither drops nor records', async () => {
    await withDatabase(setup, async (_url, client) => {
      const before = await readDefinitions(client);
      await ensureMarker(client);
      // A drop that fails at the very end: an event trigger refuses to drop one index.
      await client.query(`
        create function public.refuse() returns event_trigger language plpgsql as $$
        begin
          if exists (select from pg_event_trigger_dropped_objects() where object_name = 'users_lower_email') then
            raise exception 'no';
          end if;
        end $$;
        create event trigger refuse on sql_drop execute function public.refuse()`);

      await expect(setAllAside(client)).rejects.toMatchObject({ code: 'QUERY_FAILED' });

      expect(await readDefinitions(client)).toEqual(before);
      expect((await readMarker(client))?.definitions).toEqual([]);
    });
  });
});

describe('setAside after a rename', () => {
  test('does not write over the record of a renamed table', async () => {
    await withDatabase(setup, async (_url, client) => {
      await setAllAside(client);
      await client.query(`
        alter table public.users rename to old_users;
        create table public.users (id int primary key, email text);
        create index users_lower_email on public.users (lower(email))`);
      const [table] = (await readCatalog(client)).tables.filter(({ schema, name }) => `${schema}.${name}` === 'public.users');
      if (table === undefined) throw new Error('no table');

      await expect(setAside(client, [table])).rejects.toMatchObject({
        code: 'PUT_BACK_UNSURE',
        data: { object: 'public.users: users_lower_email' },
      });

      const record = (await readMarker(client))?.definitions.find(({ name }) => name === 'users_lower_email');
      expect(record).toMatchObject({ table: 'old_users', definition: expect.stringContaining(' ON public.old_users ') });
    });
  });
});

describe('putBack', () => {
  test('from another connection restores every definition identically and leaves no record', async () => {
    await withDatabase(setup, async (url, client) => {
      const before = await readDefinitions(client);
      await withClient(url, again, setAllAside);
      expect(await readDefinitions(client)).not.toEqual(before);

      await putBack(client);

      expect(await readDefinitions(client)).toEqual(before);
      expect((await readMarker(client))?.definitions).toEqual([]);
    });
  });

  test('goes on where it was stopped, wherever that was', async () => {
    await withDatabase(setup, async (url, client) => {
      const before = await readDefinitions(client);
      await setAllAside(client);
      const total = (await readMarker(client))?.definitions.length ?? 0;
      expect(total).toBeGreaterThan(10);

      // Each attempt gets one step further and is then cut off.
      for (let attempt = 0; attempt < total; attempt += 1) {
        let steps = 0;
        const stopped = withClient(url, again, (other) =>
          putBack(other, () => {
            steps += 1;
            if (steps === 2) throw new Error('cut off');
          }),
        );
        if (attempt < total - 1) await expect(stopped).rejects.toThrow('cut off');
        else await stopped;
      }

      expect(await readDefinitions(client)).toEqual(before);
    });
  });

  test('skips what somebody made again by hand', async () => {
    await withDatabase(setup, async (_url, client) => {
      const before = await readDefinitions(client);
      await setAllAside(client);
      await client.query('create index users_lower_email on public.users (lower(email))');
      await client.query('create index events_user on public.events ("userId")');
      await client.query('alter table public.users add primary key (id)');
      await client.query(
        'alter table public.events add constraint "events_userId_fkey" foreign key ("userId") references public.users',
      );

      await putBack(client);

      expect(await readDefinitions(client)).toEqual(before);
    });
  });

  test('forgets what belonged to a table that is gone', async () => {
    await withDatabase(setup, async (_url, client) => {
      await setAllAside(client);
      await client.query('drop table "Odd Schema"."Mess.ages"');

      await putBack(client);

      expect((await readMarker(client))?.definitions).toEqual([]);
    });
  });

  test('follows tables that were renamed or moved to another schema', async () => {
    await withDatabase(setup, async (url, client) => {
      const rename = `
        create schema "Elsewhere";
        alter table "Odd Schema"."Mess.ages" rename to "Old ""messages";
        alter table public.users set schema "Elsewhere";
        alter table public.events rename to happenings;
        alter table public.happenings set schema "Elsewhere";
        alter table public.events_2020 rename to "2020";`;
      const wanted = await withDatabase(setup, async (_other, never) => {
        await never.query(rename);
        return readDefinitions(never);
      });
      await withClient(url, again, setAllAside);
      await client.query(rename);
      // What bears an old name now is somebody else's.
      await client.query('create view public.users as select 1 as id');

      await putBack(client);

      expect(await readDefinitions(client)).toEqual(wanted);
      expect((await readMarker(client))?.definitions).toEqual([]);
    });
  });

  test('puts nothing on a new table under the old name of one that was renamed', async () => {
    await withDatabase(setup, async (_url, client) => {
      await setAllAside(client);
      await client.query(`
        alter table "Odd Schema"."Mess.ages" rename to older;
        create table "Odd Schema"."Mess.ages" (like "Odd Schema".older)`);

      await putBack(client);

      const { rows } = await client.query<{ on: string }>(
        `select distinct conrelid::regclass::text as on from pg_constraint where conname = 'reply'
         union select indrelid::regclass::text from pg_index where indexrelid = to_regclass('"Odd Schema".by_body')`,
      );
      expect(rows).toEqual([{ on: '"Odd Schema".older' }]);
    });
  });

  test('refuses a record whose text does not name the renamed table as expected, and keeps it', async () => {
    await withDatabase(setup, async (_url, client) => {
      await setAllAside(client);
      await client.query(`update shapecast.definitions set definition = replace(definition, 'Mess.ages"', 'Mess.ages" ')
                          where key_definition is null`);
      await client.query('alter table "Odd Schema"."Mess.ages" rename to older');

      const failure = await putBack(client).catch((error: unknown) => error);

      expect(failure).toMatchObject({ code: 'PUT_BACK_UNSURE', data: { object: '"Odd Schema".older: Weird "idx' } });
      const left = (await readMarker(client))?.definitions ?? [];
      expect(left.map((definition) => definition.name)).toEqual(expect.arrayContaining(['Weird "idx', 'by_body', 'reply']));
    });
  });

  test('goes by the name in a database that a dump has brought the marker to, where an oid is another table', async () => {
    await withDatabase(setup, async (_url, client) => {
      const before = await readDefinitions(client);
      await setAllAside(client);
      await client.query(`update shapecast.definitions set table_oid = 'public.kept'::regclass, made_in = '1/2/3'`);

      await putBack(client);

      expect(await readDefinitions(client)).toEqual(before);
    });
  });

  test('reads the records of an earlier version, which say no oid', async () => {
    await withDatabase(setup, async (_url, client) => {
      const before = await readDefinitions(client);
      await setAllAside(client);
      await client.query(`
        alter table shapecast.definitions drop column table_oid, drop column references_oid, drop column made_in;
        alter table shapecast.tables drop column made_in`);
      expect((await readMarker(client))?.definitions.length).toBeGreaterThan(10);

      await putBack(client);
      await ensureMarker(client);
      await setAllAside(client);
      await putBack(client);

      expect(await readDefinitions(client)).toEqual(before);
    });
  });

  test('names a key that rows now break, keeps its record, and says no value', async () => {
    await withDatabase(setup, async (_url, client) => {
      await setAllAside(client);
      await client.query(`insert into "Odd Schema"."Mess.ages" values (1, 424242, null, 'canary-body')`);

      const failure = await putBack(client).catch((error: unknown) => error);

      expect(failure).toMatchObject({ code: 'QUERY_FAILED' });
      expect(String(failure)).toContain("the user's");
      expect(String(failure)).not.toMatch(/424242|canary-body/);
      const left = (await readMarker(client))?.definitions ?? [];
      expect(left.map((definition) => definition.name)).toContain("the user's");
    });
  });

  test('runs nothing but one index or key definition from a record', async () => {
    await withDatabase(setup, async (_url, client) => {
      await setAllAside(client);
      await client.query(`update shapecast.definitions set definition = definition || '; drop table public.kept'`);

      await expect(putBack(client)).rejects.toMatchObject({ code: 'QUERY_FAILED' });

      const { rows } = await client.query(`select to_regclass('public.kept') is not null as there`);
      expect(rows).toEqual([{ there: true }]);
    });
  });

  test('does nothing where there is no marker', async () => {
    await withDatabase(setup, async (_url, client) => {
      await expect(putBack(client)).resolves.toBeUndefined();
    });
  });
});
