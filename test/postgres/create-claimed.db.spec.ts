// What schema SQL makes is ours in the transaction that makes it, and nothing else is.
import type pg from 'pg';
import { withClient } from '../../postgres/connect.ts';
import { createClaimed } from '../../postgres/create-claimed.ts';
import { ensureMarker, readMarker } from '../../postgres/marker.ts';
import { listClaimedObjects } from '../../postgres/marker-objects.ts';
import { teardown } from '../../teardown/teardown.ts';
import { withDatabase } from '../support/database.ts';
import { waitForLock } from '../support/wait-for-lock.ts';

// The DO block makes its type in a subtransaction; the old function is replaced and the old type altered, not made.
const old = `
  create type public.old as enum ('a');
  create function public.old_one() returns int language sql as 'select 1';`;
const script = `
  create schema ours;
  create table ours.things (id int primary key);
  do $$ begin create type ours.kind as enum ('a'); exception when duplicate_object then null; end $$;
  create table ours.parts (id int) partition by list (id);
  create table ours.part_1 partition of ours.parts default;
  select pg_advisory_xact_lock(4711);
  create or replace function public.old_one() returns int language sql as 'select 2';
  alter type public.old add value 'b';
  comment on type public.old is 'altered';
  create view public.chosen as select id from ours.things;`;

const oursAlone = ['schema ours', 'type ours.kind', 'view public.chosen'];

async function claimedNames(client: pg.Client): Promise<{ objects: string[]; tables: string[] }> {
  const objects = (await listClaimedObjects(client)).map(({ kind, identity }) => `${kind} ${identity}`).sort();
  const tables = ((await readMarker(client))?.tables ?? []).map(({ schema, name, origin }) => `${schema}.${name} ${origin}`);
  return { objects, tables };
}

describe('createClaimed', () => {
  test('claims what the script made, and nothing that another session made meanwhile', async () => {
    await withDatabase(old, async (url, client) => {
      await ensureMarker(client);
      const options = { applicationName: 'shapecast test' };
      await withClient(url, options, async (other) => {
        await other.query('select pg_advisory_lock(4711)');
        const created = withClient(url, options, (mine) => createClaimed(mine, script));
        await waitForLock(client);
        await client.query(`create table public.theirs (id int); create type public.their_kind as enum ('x');
          create function public.their_function() returns int language sql as 'select 1'; create schema theirs`);
        await other.query('select pg_advisory_unlock(4711)');

        expect((await created).size).toBe(2);
      });

      expect(await claimedNames(client)).toEqual({
        objects: oursAlone,
        tables: ['ours.parts created', 'ours.things created'],
      });
    });
  });

  test.each(['tables', 'objects'])('leaves nothing behind when the connection dies while %s are recorded', async (name) => {
    await withDatabase(old, async (url, client) => {
      await ensureMarker(client);
      await client.query(`
        create function public.die() returns trigger language plpgsql as $$
        begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(5); return null; end $$;
        create trigger die before insert on shapecast.${name} execute function public.die()`);
      const create = () => withClient(url, { applicationName: 'shapecast test' }, (mine) => createClaimed(mine, script));

      await expect(create()).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
      const { rows } = await client.query(`select to_regnamespace('ours') as schema, to_regclass('public.chosen') as view`);
      expect(rows).toEqual([{ schema: null, view: null }]);
      expect(await claimedNames(client)).toEqual({ objects: [], tables: [] });

      await client.query(`drop trigger die on shapecast.${name}`);
      await create();
      const environment = {};
      const options = { url, dryRun: false, force: false, confirm: async () => true, print: () => undefined, environment };
      expect(await teardown(options)).toBe('removed');
      expect((await client.query(`select to_regnamespace('ours') as schema`)).rows).toEqual([{ schema: null }]);
    });
  });

  test('refuses rows that the script itself writes, with everything rolled back', async () => {
    await withDatabase('', async (_url, client) => {
      await ensureMarker(client);

      await expect(createClaimed(client, 'create table t (id int); insert into t values (1);')).rejects.toMatchObject({
        code: 'TARGET_NOT_EMPTY',
      });

      expect((await client.query(`select to_regclass('public.t') as t`)).rows).toEqual([{ t: null }]);
    });
  });
});
