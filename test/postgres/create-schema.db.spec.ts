import { createSchema } from '../../postgres/create-schema.ts';
import { withDatabase } from '../support/database.ts';

const dump = `--
-- PostgreSQL database dump
--

\\restrict 7hJ2k

SET statement_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);
SET row_security = off;
SET default_tablespace = '';

CREATE SCHEMA chat;

CREATE TABLE chat.users (
    id integer NOT NULL,
    name text DEFAULT 'a\\b;c'::text
);

ALTER TABLE ONLY chat.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

CREATE FUNCTION chat.touch() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  return new;
end $$;

\\unrestrict 7hJ2k
`;

const settings = `select name, current_setting(name) as value from pg_settings
  where source = 'session' or name in ('search_path', 'row_security', 'statement_timeout') order by name`;

describe('createSchema', () => {
  test("runs pg_dump's text and leaves the session as it was", async () => {
    await withDatabase('', async (_url, client) => {
      await client.query(`set statement_timeout = '7s'`);
      const before = (await client.query(settings)).rows;

      await createSchema(client, dump);

      expect((await client.query(settings)).rows).toEqual(before);
      expect((await client.query('select count(*)::int as n from chat.users')).rows).toEqual([{ n: 0 }]);
    });
  });

  test('creates unqualified names where the role would', async () => {
    await withDatabase('', async (_url, client) => {
      await createSchema(client, 'create table plain (a int)');

      expect((await client.query(`select to_regclass('public.plain') is not null as found`)).rows).toEqual([{ found: true }]);
    });
  });

  test('creates nothing when a statement fails, and says where', async () => {
    await withDatabase('', async (_url, client) => {
      const before = (await client.query(settings)).rows;
      const failure = createSchema(
        client,
        `set row_security = off;\ncreate table t (a int);\ncreate table "ü😀" (\n  a public.missing default 'canary'\n);`,
      );

      await expect(failure).rejects.toMatchObject({
        code: 'SCHEMA_FAILED',
        data: { line: 4, sqlState: '42704', reason: 'type "public.missing" does not exist' },
      });
      expect((await client.query(settings)).rows).toEqual(before);
      expect((await client.query(`select to_regclass('public.t') as t`)).rows).toEqual([{ t: null }]);
    });
  });

  test('says of a statement that cannot run in a transaction why, and creates nothing', async () => {
    await withDatabase('', async (_url, client) => {
      const failure = createSchema(client, 'create table t (a int);\ncreate index concurrently i on t (a);');

      await expect(failure).rejects.toMatchObject({
        code: 'SCHEMA_FAILED',
        data: { sqlState: '25001', reason: expect.stringContaining('cannot run inside a transaction (CONCURRENTLY') },
      });
      expect((await client.query(`select to_regclass('public.t') as t`)).rows).toEqual([{ t: null }]);
    });
  });

  test('runs nothing of a text that it refuses', async () => {
    await withDatabase('', async (_url, client) => {
      const failure = createSchema(client, 'create table t (a int);\nCOPY t (a) FROM stdin;\n1\n\\.\n');

      await expect(failure).rejects.toMatchObject({ code: 'SCHEMA_UNSUPPORTED', data: { line: 2 } });
      expect((await client.query(`select to_regclass('public.t') as t`)).rows).toEqual([{ t: null }]);
    });
  });

  test('repeats no literal of the file in its errors', async () => {
    await withDatabase('', async (_url, client) => {
      const failure = createSchema(client, `create table t (a int default 'canary');`);

      await expect(failure).rejects.toMatchObject({ code: 'SCHEMA_FAILED' });
      await expect(failure).rejects.not.toThrow(/canary/);
    });
  });
});
