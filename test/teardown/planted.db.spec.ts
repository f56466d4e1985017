// What is not ours stays, wherever it was put; a server that goes away leaves all or nothing; and a target without a run record goes too.
import { withClient } from '../../postgres/connect.ts';
import { ensureMarker } from '../../postgres/marker.ts';
import { claimObjects, listObjects } from '../../postgres/marker-objects.ts';
import { teardown } from '../../teardown/teardown.ts';
import { withDatabase } from '../support/database.ts';
import { waitForLock } from '../support/wait-for-lock.ts';
import { attempt, fill, readState, setup } from './filled-target.ts';

const theirs = (schema: string) => `
  create foreign table ${schema}.far (id int) server elsewhere;
  create table ${schema}.notes (id int primary key);
  insert into ${schema}.notes values (1), (2);
  create view ${schema}.seen as select id from ${schema}.notes;
  create function ${schema}.count_notes() returns bigint language sql begin atomic select count(*) from ${schema}.notes; end;`;

const wrapper = 'create foreign data wrapper nowhere; create server elsewhere foreign data wrapper nowhere;';

const LIST_PLANTED = `
  select to_regclass(s || '.far') is not null as far, to_regclass(s || '.seen') is not null as seen,
         to_regprocedure(s || '.count_notes()') is not null as counts
  from unnest($1::text[]) s`;

test('foreign and ordinary tables, views and functions of theirs stay: in our schema, and in a schema that we made', async () => {
  await withDatabase([setup, wrapper], async (url, client) => {
    await ensureMarker(client);
    const before = await listObjects(client);
    await client.query('create schema made');
    await claimObjects(client, before);
    await fill(client);
    await client.query(theirs('shapecast') + theirs('made'));
    const { options, lines } = attempt(url);

    expect(await teardown(options)).toBe('removed');

    const text = lines.join('\n');
    for (const kept of [
      'foreign table shapecast.far',
      'table shapecast.notes',
      'view shapecast.seen',
      'function shapecast.count_notes()',
    ])
      expect(text).toContain(`keep      ${kept}: not made by shapecast`);
    expect(text).toContain('kept schema made: something that shapecast did not make uses it');
    const { rows } = await client.query(LIST_PLANTED, [['shapecast', 'made']]);
    expect(rows).toEqual([
      { far: true, seen: true, counts: true },
      { far: true, seen: true, counts: true },
    ]);
    const { rows: counted } = await client.query('select shapecast.count_notes() as a, made.count_notes() as b');
    expect(counted).toEqual([{ a: '2', b: '2' }]);
    const state = (await readState(client)).join('\n');
    expect(state).not.toMatch(/shapecast\.(runs|chunks|tables|objects|definitions)|public\.drafts/);
    expect(state).toContain('public.users 0');
    expect(await teardown(attempt(url).options)).toBe('nothing');
  });
});

test.each([
  ['its rows', 'delete from shapecast.runs'],
  ['its table', 'drop table shapecast.runs'],
])('a target whose run record lost %s is removed all the same', async (_name, loss) => {
  await withDatabase(setup, async (url, client) => {
    const before = await readState(client);
    await fill(client);
    await client.query(loss);

    await expect(teardown(attempt(url, { expired: true }).options)).rejects.toMatchObject({ code: 'TEARDOWN_AGE_UNKNOWN' });
    expect(await teardown(attempt(url).options)).toBe('removed');

    expect(await readState(client)).toEqual(before.filter((line) => !line.includes('drafts')));
  });
});

test('Ctrl-C while it waits for a lock leaves everything', async () => {
  await withDatabase(setup, async (url, client) => {
    await fill(client);
    const before = await readState(client);
    const abort = new AbortController();
    await withClient(url, { applicationName: 'shapecast test' }, async (other) => {
      await other.query('begin; lock table public.users in row exclusive mode');
      const failure = expect(teardown(attempt(url, { signal: abort.signal }).options)).rejects.toMatchObject({
        code: 'INTERRUPTED',
      });
      await waitForLock(client);

      abort.abort();

      await failure;
      await other.query('rollback');
    });
    expect(await readState(client)).toEqual(before);
  });
});

// The session that removes ends itself in the middle of the statement that drops tables, makes indexes again, or drops the marker.
test.each(['DROP TABLE', 'CREATE INDEX', 'DROP SCHEMA'])(
  'a server that goes away at %s leaves everything, and says what to do',
  async (tag) => {
    await withDatabase(setup, async (url, client) => {
      await fill(client);
      await client.query(`
      create function public.die() returns event_trigger language plpgsql as $$
      begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(5); end $$;
      create event trigger die on ddl_command_start when tag in ('${tag}') execute function public.die()`);
      const before = await readState(client);

      const failure: unknown = await teardown(attempt(url, { force: true }).options).catch((error: unknown) => error);

      expect(failure).toMatchObject({
        code: 'TEARDOWN_CONNECTION_LOST',
        hint: expect.stringContaining('all of it was done or nothing. Run the same command again'),
      });
      expect(await readState(client)).toEqual(before);
      await client.query('drop event trigger die');
      expect(await teardown(attempt(url).options)).toBe('removed');
    });
  },
);

test('a table that we made and that refers to one of theirs goes before theirs is emptied', async () => {
  await withDatabase([setup, 'alter table public.drafts add "userId" int references public.users (id)'], async (url, client) => {
    await fill(client);
    // As after a run that ended while it put the keys back.
    await client.query('alter table public.users add constraint users_pkey primary key (id)');
    await client.query('alter table public.drafts add foreign key ("userId") references public.users (id)');

    expect(await teardown(attempt(url).options)).toBe('removed');

    const state = (await readState(client)).join('\n');
    expect(state).not.toContain('public.drafts');
    expect(state).toContain('public.users 0');
  });
});
