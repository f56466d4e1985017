// The marker: what is ours, and who may say so.
import type pg from 'pg';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { insertChunk, readChunks, type StoredChunk } from '../../postgres/chunk-ledger.ts';
import { claimTables } from '../../postgres/claim-tables.ts';
import { withClient } from '../../postgres/connect.ts';
import { ensureMarker, readMarker, type TableOrigin } from '../../postgres/marker.ts';
import { finishRun, startRun } from '../../postgres/marker-runs.ts';
import { withDatabase } from '../support/database.ts';

const setup = `
  create table public.users (id int primary key);
  create table public."Odd.Table" (id int primary key);`;

const run = { runId: 'run-1', planId: 'a'.repeat(64), seed: 's', band: 'dev', specName: 'chat', toolVersion: 'shapecast 0' };

async function claim(client: pg.Client, origin: TableOrigin): Promise<void> {
  const { tables } = await readCatalog(client);
  await claimTables(
    client,
    tables.map((table) => ({ table, origin })),
  );
}

describe('ensureMarker', () => {
  test('may be repeated, also from several sessions at once', async () => {
    await withDatabase(setup, async (url, client) => {
      const attempts = [1, 2, 3].map(() => withClient(url, { applicationName: 'shapecast test' }, ensureMarker));
      await Promise.all(attempts);
      await ensureMarker(client);

      expect(await readMarker(client)).toEqual({ runs: [], tables: [], definitions: [] });
    });
  });

  test('refuses a schema of that name that is not ours, and leaves it alone', async () => {
    await withDatabase(`${setup} create schema shapecast;`, async (_url, client) => {
      await expect(ensureMarker(client)).rejects.toMatchObject({ code: 'MARKER_FOREIGN' });
      await expect(readMarker(client)).rejects.toMatchObject({ code: 'MARKER_FOREIGN' });

      const { rows } = await client.query(`select from pg_class where relnamespace = 'shapecast'::regnamespace`);
      expect(rows).toEqual([]);
    });
  });
});

describe('readMarker', () => {
  test('is null where there is no marker', async () => {
    await withDatabase(setup, async (_url, client) => {
      expect(await readMarker(client)).toBeNull();
    });
  });

  test('tells the runs and how they ended', async () => {
    await withDatabase(setup, async (_url, client) => {
      await ensureMarker(client);
      await startRun(client, run);
      await startRun(client, { ...run, runId: 'run-2' });
      await finishRun(client, 'run-1', 'completed');

      const runs = (await readMarker(client))?.runs ?? [];

      expect(runs.map(({ runId, status, finishedAt }) => [runId, status, finishedAt === null])).toEqual([
        ['run-1', 'completed', false],
        ['run-2', 'running', true],
      ]);
    });
  });

  test('reads a killed run as failed once its plan is run again, and leaves runs of other plans alone', async () => {
    await withDatabase(setup, async (_url, client) => {
      await ensureMarker(client);
      await startRun(client, run);
      await startRun(client, { ...run, runId: 'other', planId: '0'.repeat(64) });
      await startRun(client, { ...run, runId: 'again' });

      const runs = (await readMarker(client))?.runs ?? [];

      const statuses = Object.fromEntries(runs.map(({ runId, status }) => [runId, status]));
      expect(statuses).toEqual({ [run.runId]: 'failed', other: 'running', again: 'running' });
    });
  });
});

const chunk: StoredChunk = {
  planId: run.planId,
  table: 'public.users',
  chunk: 0,
  rows: 3_000_000_000,
  bytes: 5,
  contentHash: '0123456789abcdef',
  blockDigests: Buffer.alloc(64, 7),
};

describe('claimTables', () => {
  test('records empty tables, and comments on those that we created', async () => {
    await withDatabase(setup, async (_url, client) => {
      await ensureMarker(client);
      await claim(client, 'created');

      const tables = (await readMarker(client))?.tables ?? [];
      expect(tables.map(({ name, origin }) => [name, origin])).toEqual([
        ['Odd.Table', 'created'],
        ['users', 'created'],
      ]);
      expect((await readCatalog(client)).tables.map((table) => table.hasMarkerComment)).toEqual([true, true]);
    });
  });

  test('puts no comment on a table that we found', async () => {
    await withDatabase(setup, async (_url, client) => {
      await ensureMarker(client);
      await claim(client, 'found');

      expect((await readCatalog(client)).tables.map((table) => table.hasMarkerComment)).toEqual([false, false]);
    });
  });

  test('names every unlisted table that holds a row, and then claims none', async () => {
    await withDatabase(`${setup} insert into public."Odd.Table" values (1);`, async (_url, client) => {
      await ensureMarker(client);

      await expect(claim(client, 'found')).rejects.toMatchObject({
        code: 'TARGET_NOT_EMPTY',
        data: { tables: ['public."Odd.Table"'] },
      });

      expect((await readMarker(client))?.tables).toEqual([]);
    });
  });

  test('does not write over the record of a table that was renamed', async () => {
    await withDatabase(setup, async (_url, client) => {
      await ensureMarker(client);
      await claim(client, 'found');
      await client.query('alter table public.users rename to older; create table public.users (id int primary key)');

      await expect(claim(client, 'found')).rejects.toMatchObject({
        code: 'MARKER_MOVED',
        data: { table: 'public.users', now: 'public.older' },
      });
    });
  });

  test('forgets the chunks of a table that was dropped and made again', async () => {
    await withDatabase(setup, async (_url, client) => {
      await ensureMarker(client);
      await claim(client, 'found');
      for (const table of ['public.users', 'public."Odd.Table"']) await insertChunk(client, { ...chunk, table });
      await client.query('drop table public.users cascade; create table public.users (id int primary key)');

      await claim(client, 'found');

      expect((await readChunks(client, chunk.planId)).map(({ table }) => table)).toEqual(['public."Odd.Table"']);
    });
  });

  test('lets a listed table hold rows, and keeps its origin', async () => {
    await withDatabase(setup, async (_url, client) => {
      await ensureMarker(client);
      await claim(client, 'created');
      await client.query('insert into public.users values (1)');

      await claim(client, 'found');

      expect((await readMarker(client))?.tables.map((table) => table.origin)).toEqual(['created', 'created']);
    });
  });

  test('treats a table that was made again under a listed name as unlisted', async () => {
    await withDatabase(setup, async (_url, client) => {
      await ensureMarker(client);
      await claim(client, 'created');
      await client.query('drop table public.users; create table public.users (id int); insert into public.users values (1)');

      await expect(claim(client, 'found')).rejects.toMatchObject({
        code: 'TARGET_NOT_EMPTY',
        data: { tables: ['public.users'] },
      });
    });
  });

  test('fails loudly where a row policy would hide rows', async () => {
    const hidden = `
      create role policy_reader nosuperuser;
      alter table public.users enable row level security;
      insert into public.users values (1);
      grant select on all tables in schema public to policy_reader;`;
    await withDatabase(`${setup} ${hidden}`, async (_url, client) => {
      await ensureMarker(client);
      await client.query(
        'grant usage on schema shapecast to policy_reader; grant all on all tables in schema shapecast to policy_reader',
      );
      await client.query('set role policy_reader');

      await expect(claim(client, 'found')).rejects.toThrow('row-level security policy for table "users"');

      await client.query('reset role');
    });
  });
});

describe('the chunk ledger', () => {
  test('gives back what was put in, in the order of tables and chunks', async () => {
    await withDatabase(setup, async (_url, client) => {
      await ensureMarker(client);
      await insertChunk(client, { ...chunk, chunk: 1 });
      await insertChunk(client, chunk);
      await insertChunk(client, { ...chunk, planId: 'b'.repeat(64) });

      expect(await readChunks(client, run.planId)).toEqual([chunk, { ...chunk, chunk: 1 }]);
    });
  });

  test('goes with the transaction of its rows', async () => {
    await withDatabase(setup, async (_url, client) => {
      await ensureMarker(client);
      await client.query('begin');
      await insertChunk(client, chunk);
      await client.query('rollback');

      expect(await readChunks(client, run.planId)).toEqual([]);
    });
  });

  test('refuses a chunk that is in already', async () => {
    await withDatabase(setup, async (_url, client) => {
      await ensureMarker(client);
      await insertChunk(client, chunk);

      await expect(insertChunk(client, chunk)).rejects.toMatchObject({ code: 'QUERY_FAILED', data: { sqlState: '23505' } });
    });
  });
});
