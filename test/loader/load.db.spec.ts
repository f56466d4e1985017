// What load prints, records, leaves alone and refuses.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { readTextFile } from '../../core/files.ts';
import { silentProgress } from '../../core/progress.ts';
import { runRecordSchema } from '../../spec/run-record.ts';
import { withDatabase } from '../support/database.ts';
import { chatSetup, listFindings, loadChat, makeChatReport } from './chat-target.ts';

/** Every relation, function, extension and schema: what load must not change. */
async function readObjects(client: pg.Client): Promise<unknown[]> {
  const { rows } = await client.query(`
    select oid::text, relname::text as name from pg_class where relnamespace <> 'pg_toast'::regnamespace
    union all select oid::text, proname from pg_proc
    union all select oid::text, extname from pg_extension
    union all select oid::text, nspname from pg_namespace where nspname !~ '^pg_'
    order by 1, 2`);
  return rows;
}

/** pg_locks, because pg_stat_activity stands still inside a transaction. */
async function waitForLockedLoad(client: pg.Client): Promise<void> {
  const sql = `select from pg_locks where not granted and relation = 'public.users'::regclass
    and database = (select oid from pg_database where datname = current_database())`;
  while ((await client.query(sql)).rowCount === 0) await sleep(20);
}

describe('load prints', () => {
  test('the lines of the guide, in order', async () => {
    await withDatabase(chatSetup, async (url, client) => {
      const { lines } = await loadChat(url, await makeChatReport(client));

      expect(lines).toEqual(
        expect.arrayContaining([
          '[Analyze] ✓ 6 tables',
          '[Count] public.users: 50 rows ✓',
          '[Count] "Odd"."Mess.ages": 1,000 rows ✓',
          '[Integrity] ✓ All referential integrity constraints satisfied',
          expect.stringMatching(/^\[Content\] public\.users: [0-9a-f]{16} ✓$/),
          expect.stringMatching(/^\[Prewarm\] ✓ \d+ relations, /),
        ]),
      );
      expect(lines.at(-1)).toMatch(/^\[Load\] ✓ Load completed in \d+s$/);
    });
  });

  test('expected and found quantiles as a table', async () => {
    await withDatabase(chatSetup, async (url, client) => {
      const { lines } = await loadChat(url, await makeChatReport(client));

      const table = lines.filter((line) => line.startsWith('[Distribution]'));
      expect(table[0]).toMatch(/expected\/found +of +p50 +p95 +p99 +max$/);
      // 1 + i*i mod 40 takes 9 of the 60 conversations: the others have no message.
      expect(table[1]).toMatch(
        /^\[Distribution\] "Odd"\."Mess\.ages" \(conversationId\) per public\.conversations +children per parent +0\/0 +100\/100 +200\/200 +200\/200 +✓$/,
      );
      expect(table).toHaveLength(1 + 5 + 4);
    });
  });

  test('what the report says beside a wrong count, and how many findings there are', async () => {
    await withDatabase(chatSetup, async (url, client) => {
      const report = await makeChatReport(client);
      await client.query('delete from public.invites where id = 31');

      const { lines } = await loadChat(url, report);

      expect(lines).toContain('[Count] public.invites: 30 rows ✗ (the report says 31)');
      expect(lines.at(-1)).toMatch(/^\[Load\] ✗ Load completed in \d+s with 2 findings$/);
    });
  });
});

describe('load records', () => {
  test('the run in a file of its own and in latest_run.json, by the schema', async () => {
    await withDatabase(chatSetup, async (url, client) => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shapecast-load-'));
      const now = () => new Date('2024-05-01T12:00:00.500Z');
      const { result, lines } = await loadChat(url, await makeChatReport(client), { recordFolder: folder, now });

      expect(fs.readdirSync(folder).sort()).toEqual(['latest_run.json', 'run_20240501T120000Z.json']);
      const texts = fs.readdirSync(folder).map((file) => readTextFile(path.join(folder, file)));
      expect(new Set(texts).size).toBe(1);
      const written: unknown = JSON.parse(texts[0] ?? '');
      expect(runRecordSchema.parse(written)).toEqual(result);
      expect(result).toMatchObject({
        rowsLoaded: 50 + 60 + 1000 + 180 + 31 + 600,
        errors: [],
        generation: { band: 'dev', seed: expect.any(String), counts: { 'public.users': 50, '"Odd"."Mess.ages"': 1000 } },
        versions: { node: process.version, server: result.serverVersion, generatedBy: { tool: expect.any(String) } },
      });
      // A record of an earlier version has none of these.
      const added = ['validity', 'generation', 'versions', 'rowsLoaded', 'errors'];
      const earlier = Object.entries(written as object).filter(([name]) => !added.includes(name));
      expect(
        runRecordSchema.safeParse({ ...Object.fromEntries(earlier), prewarm: { relations: 1, bytes: 8192, reason: null } })
          .success,
      ).toBe(true);
      expect(lines.at(-1)).toBe(`[Metadata] ✓ Saved to ${path.join(folder, 'run_20240501T120000Z.json')}`);
      fs.rmSync(folder, { recursive: true });
    });
  });

  test('no login of the URL', async () => {
    await withDatabase(chatSetup, async (url, client) => {
      const { result } = await loadChat(url, await makeChatReport(client));

      const login = /^postgresql:\/\/([^@/]*)@/.exec(url)?.[1] ?? '';
      expect(login).not.toBe('');
      expect(result.target).toMatch(/:\d+\/test_[0-9a-f]+$/);
      expect(JSON.stringify(result)).not.toContain('://');
      expect(JSON.stringify(result)).not.toContain(`${login}@`);
    });
  });
});

describe('load', () => {
  test('looks only at the tables of the given schema, with parents in others', async () => {
    await withDatabase(chatSetup, async (url, client) => {
      const report = await makeChatReport(client);
      await client.query('delete from public.invites');

      const { result } = await loadChat(url, report, { schema: 'Odd' });

      expect(result.tables.map((table) => table.name)).toEqual(['"Odd"."Mess.ages"']);
      expect(result.verdicts.filter((verdict) => verdict.question === 'integrity')).toHaveLength(2);
      expect(listFindings(result)).toEqual([]);
    });
  });

  test('refuses a schema of which the report has no table', async () => {
    await withDatabase(chatSetup, async (url, client) => {
      const report = await makeChatReport(client);

      await expect(loadChat(url, report, { schema: 'pubilc' })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    });
  });

  test('analyses the tables and changes nothing else', async () => {
    await withDatabase(chatSetup, async (url, client) => {
      const report = await makeChatReport(client);
      const before = await readObjects(client);

      const { result } = await loadChat(url, report);

      expect(await readObjects(client)).toEqual(before);
      expect(result.prewarm.reason).toBeNull();
      const { rows } = await client.query(`select relname from pg_class where reltuples < 0 and relkind in ('r', 'p')
        and relnamespace in ('public'::regnamespace, '"Odd"'::regnamespace)`);
      expect(rows).toEqual([]);
    });
  });

  test('says in one line why it could not prewarm, and that is no finding', async () => {
    const setup = `${chatSetup}
      create role plain_loader login; grant all on all tables in schema public, "Odd" to plain_loader;
      grant usage on schema "Odd" to plain_loader`;
    await withDatabase(setup, async (url, client) => {
      const report = await makeChatReport(client);
      await client.query(
        'grant usage on schema shapecast to plain_loader; grant select on all tables in schema shapecast to plain_loader',
      );
      const asPlain = `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent('-c role=plain_loader')}`;

      const { result, lines } = await loadChat(asPlain, report);

      expect(lines.find((line) => line.startsWith('[Prewarm]'))).toMatch(
        /^\[Prewarm\] left out: pg_prewarm cannot be created here: /,
      );
      expect(result.prewarm).toMatchObject({ relations: 0, reason: expect.stringContaining('permission denied') });
      expect(result.status).toBe('passed');
    });
  });

  test('stops at the signal although its statement waits, and leaves no session behind', async () => {
    await withDatabase(chatSetup, async (url, client) => {
      const report = await makeChatReport(client);
      const abort = new AbortController();
      // The lock holds ANALYZE up for good: only a session that is ended gets past it.
      await client.query('begin; lock table public.users in share update exclusive mode');
      const loading = loadChat(url, report, { signal: abort.signal });
      const waiting = waitForLockedLoad(client).then(() => abort.abort());

      await expect(loading).rejects.toMatchObject({ code: 'INTERRUPTED' });

      await waiting;
      await client.query('rollback');
    });
  });

  test('stops at a signal that comes between two statements, or before the first', async () => {
    await withDatabase(chatSetup, async (url, client) => {
      const report = await makeChatReport(client);
      const abort = new AbortController();
      const startProgress = () => {
        abort.abort();
        return silentProgress;
      };

      await expect(loadChat(url, report, { signal: abort.signal, startProgress })).rejects.toMatchObject({ code: 'INTERRUPTED' });
      await expect(loadChat(url, report, { signal: abort.signal })).rejects.toMatchObject({ code: 'INTERRUPTED' });
    });
  });

  test('refuses production and hosts off the allow-list before it connects', async () => {
    await withDatabase(chatSetup, async (url, client) => {
      const report = await makeChatReport(client);

      await expect(loadChat(url, report, { environment: { NODE_ENV: 'production' } })).rejects.toMatchObject({
        code: 'PRODUCTION_REFUSED',
      });
      await expect(loadChat('postgresql://db.internal/app', report)).rejects.toMatchObject({ code: 'HOST_REFUSED' });
    });
  });
});
