// The door of explain on a real server: what is tried is taken back and writes nothing, names mean what the catalog says, and Ctrl-C ends
// whatever is running.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { silentProgress } from '../../core/progress.ts';
import { type ExplainOptions, explainWorkload } from '../../loader/explain.ts';
import { withClient } from '../../postgres/connect.ts';
import { formatExplanation } from '../../spec/explanation/format-explanation.ts';
import { parseWorkload } from '../../spec/workload.ts';
import { withDatabase } from '../support/database.ts';

const SCHEMA = `
  create table notes (id int primary key, room int not null, body text not null);
  insert into notes select i, i % 97, 'canary-' || i from generate_series(1, 5000) i;
  create index notes_room on notes (room);
  create index notes_body on notes (body);
  create sequence written;
  create function write_down() returns trigger language plpgsql as $$ begin perform nextval('written'); return null; end $$;
  create trigger writing after delete on notes for each statement execute function write_down();
  create schema other;
  create table other.notes (id int primary key, room int not null);
  insert into other.notes select i, i % 97 from generate_series(1, 20000) i;
  create index notes_room on other.notes (room);
  create table events (id int not null, kind int not null) partition by range (id);
  create table events_low partition of events for values from (0) to (1000);
  create table other.events_high partition of events for values from (1000) to (100000);
  insert into events select i, i % 500 from generate_series(1, 50000) i;
  create index events_kind on events (kind);
  analyze;`;
const TRY = 'create index tried on notes (id, room)';
/** True once the index of TRY is there, and looked up when the query runs, not before. */
const IS_TRIED = "exists (select from pg_catalog.pg_class where relname = 'tried')";

const explain = (url: string, sql: string, more: Partial<ExplainOptions> = {}) =>
  explainWorkload({
    url,
    workload: parseWorkload(sql, 'w.sql'),
    mode: 'measured',
    warmRuns: 1,
    statementTimeoutMs: 60_000,
    startProgress: () => silentProgress,
    ...more,
  });

const written = async (client: pg.Client) =>
  (await client.query('select last_value::int as value, is_called as "isCalled" from public.written')).rows;

test('with an index to try nothing is written either: no sequence moves, and no row is deleted even for a moment', async () => {
  await withDatabase(SCHEMA, async (url, client) => {
    const { queries } = await explain(
      url,
      "select nextval('written');\nwith x as (delete from notes where id < 10 returning id) select count(*) from x;",
      { whatIf: [TRY], hasIndexValues: true },
    );

    expect(queries.map(({ reason }) => reason)).toEqual(Array(2).fill('it would write, and only reading queries are run'));
    expect(await written(client)).toEqual([{ value: 1, isCalled: false }]);
    expect((await client.query('select count(*)::int as rows from public.notes')).rows).toEqual([{ rows: 5000 }]);
  });
});

test('names mean what the catalog says: schemas, folded names, partitions; one that is not there is not met', async () => {
  await withDatabase(SCHEMA, async (url) => {
    const demands = {
      'select count(*) from notes where length(body) > 3': [
        'no Seq Scan on public.notes',
        'no Seq Scan on NOTES',
        'no Seq Scan on other.notes',
        'no Seq Scan on "NOTES"',
        'no Seq Scan on absent',
        'uses notes_room',
      ],
      'select count(*) from events where id + 0 = 5': ['no Seq Scan on events', 'no Seq Scan on events_low'],
      'select * from events where kind = 7': [
        'uses events_kind',
        'uses public.events_kind',
        'uses other.events_kind',
        'uses absent',
      ],
      'select * from other.notes where room = 5': ['uses other.notes_room', 'uses notes_room'],
    };
    const sql = Object.entries(demands).map(([query, list]) => `${list.map((text) => `-- assert: ${text}\n`).join('')}${query};`);

    const { queries } = await explain(url, sql.join('\n'));

    const notMet = queries.map(({ assertions }) =>
      assertions.filter(({ isMet }) => !isMet).map(({ found, text }) => [text, found]),
    );
    expect(notMet).toEqual([
      [
        ['no Seq Scan on public.notes', 'Seq Scan on notes'],
        ['no Seq Scan on NOTES', 'Seq Scan on notes'],
        ['no Seq Scan on "NOTES"', 'no such table'],
        ['no Seq Scan on absent', 'no such table'],
        ['uses notes_room', 'it reads no index'],
      ],
      [
        ['no Seq Scan on events', expect.stringContaining('Seq Scan on events_')],
        ['no Seq Scan on events_low', expect.stringContaining('Seq Scan on events_low')],
      ],
      [
        ['uses other.events_kind', 'no such index'],
        ['uses absent', 'no such index'],
      ],
      [['uses notes_room', 'it reads other.notes_room']],
    ]);
  });
});

test('an index over partitions is worth what its leaves are worth, and one that nothing reads is no index to drop', async () => {
  await withDatabase(SCHEMA, async (url) => {
    const explanation = await explain(url, 'select * from events where kind = 7;\nselect * from other.notes where room = 5;', {
      hasIndexValues: true,
    });

    expect(explanation.indexes.map(({ helps, index, queries }) => [index, queries, helps]).sort()).toEqual([
      ['other.notes_room', 1, true],
      ['public.events_kind', 1, true],
      ['public.notes_body', 0, false],
      ['public.notes_room', 0, false],
    ]);
    expect(explanation.indexes.find(({ index }) => index === 'public.events_kind')?.pages).toBeGreaterThan(40);
    const text = formatExplanation(explanation, null);
    expect(text).toMatch(/✓ keep {2}public.events_kind/);
    expect(text).toMatch(/public.notes_body .*: not read by this workload/);
    expect(text).not.toContain('drop');
  });
});

test('a query that fails with the index is told', async () => {
  await withDatabase(SCHEMA, async (url) => {
    const explanation = await explain(
      url,
      "-- name: divided\nselect 1 / (select 1 - count(*)::int from pg_catalog.pg_class where relname = 'tried');",
      { whatIf: [TRY] },
    );

    expect(explanation.whatIf[0]?.changes).toMatchObject([{ name: 'divided', state: 'lost' }]);
    const text = formatExplanation(explanation, null);
    expect(text).toContain('no plan changes, 1 queries fail');
    expect(text).toContain('✗ divided: it fails with the index');
  });
});

/** Aborts so many milliseconds after the pass with this number began. */
function abortDuring(pass: number, afterMs = 300): Pick<ExplainOptions, 'signal' | 'startProgress'> {
  const controller = new AbortController();
  let passes = 0;
  const startProgress = () => {
    passes += 1;
    if (passes === pass) setTimeout(() => controller.abort(), afterMs);
    return silentProgress;
  };
  return { signal: controller.signal, startProgress };
}

/** Rejects where a statement of ours still runs after ten seconds. */
async function waitForQuiet(client: pg.Client): Promise<void> {
  const sql = `select from pg_catalog.pg_stat_activity where datname = current_database() and state = 'active'
    and application_name in ('shapecast explain', 'shapecast compare')`;
  for (let tries = 0; (await client.query(sql)).rowCount !== 0; tries += 1) {
    if (tries === 100) throw new Error('a statement runs on');
    await sleep(100);
  }
}

test.each([
  ['the measured pass', 1, 'select pg_sleep(60);', {}],
  ['a pass with an index', 2, `select case when ${IS_TRIED} then pg_sleep(60) end;`, { whatIf: [TRY] }],
])('Ctrl-C during %s ends the running statement', async (_name, pass, sql, more) => {
  await withDatabase(SCHEMA, async (url, client) => {
    const began = Date.now();

    await expect(explain(url, sql, { ...more, ...abortDuring(pass) })).rejects.toMatchObject({ code: 'INTERRUPTED' });

    expect(Date.now() - began).toBeLessThan(30_000);
    await waitForQuiet(client);
    expect((await client.query("select from pg_class where relname = 'tried'")).rowCount).toBe(0);
  });
});

test('Ctrl-C ends the wait for the lock that dropping an index takes, and is heard between two indexes', async () => {
  await withDatabase(SCHEMA, async (url) => {
    const sql = "select * from notes where room = 5;\nselect * from notes where body = 'canary-7';";
    await withClient(url, { applicationName: 'shapecast test' }, async (holder) => {
      await holder.query('begin');
      await holder.query('lock table public.notes in access share mode');
      const began = Date.now();
      const waiting = explain(url, sql, { hasIndexValues: true, ...abortDuring(2) });
      await expect(waiting).rejects.toMatchObject({ code: 'INTERRUPTED' });
      // Sooner than the lock time-out would end it.
      expect(Date.now() - began).toBeLessThan(4500);
    });

    const controller = new AbortController();
    let dropped = 0;
    const startProgress = (label: string) => ({
      ...silentProgress,
      advance: () => {
        if (!label.startsWith('planning without')) return;
        dropped += 1;
        controller.abort();
      },
    });
    const between = explain(url, sql, { hasIndexValues: true, signal: controller.signal, startProgress });
    await expect(between).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(dropped).toBe(1);
  });
});

test('a session that the server ends is told as that, not as the rollback that cannot follow', async () => {
  await withDatabase(SCHEMA, async (url) => {
    const sql = `select case when ${IS_TRIED} then pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid()) end;`;

    await expect(explain(url, sql, { whatIf: [TRY] })).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
  });
});
