// fingerprint on a filled target: equal when nothing changed, and what is changed by hand is named by row number and block, whatever makes
// the table's key.
import { generate } from '../../generator/generate.ts';
import type { GenerateOptions } from '../../generator/generate-options.ts';
import { type RecheckOptions, recheck } from '../../generator/recheck.ts';
import { formatRecheck } from '../../spec/format-recheck.ts';
import type { Recheck, RowDifferences } from '../../spec/recheck.ts';
import type { Report } from '../../spec/report.ts';
import { parseSpec } from '../../spec/spec.ts';
import { withDatabase } from '../support/database.ts';
import { changeSettings } from './changed-settings.ts';

const tables = `
  create table users (id int primary key, name text not null, born timestamptz, score float8);
  create table tokens (id uuid primary key, user_id int not null references users, price numeric(10, 2));
  create table members (user_id int references users, token_id uuid references tokens, at date not null, primary key (user_id, token_id));
  create table log (n int, line char(20) not null, at timestamp not null, doc jsonb,
                    origin inet not null, cost money, kept jsonb, bits bit(3));
  create table parts (id bigint not null, note text, primary key (id)) partition by range (id);
  create table parts_low partition of parts for values from (minvalue) to (3000);
  create table parts_high partition of parts for values from (3000) to (maxvalue);`;

const spec = parseSpec(
  `
format: shapecast-spec
version: 1
name: recheck
windowEnd: "2026-01-01"
bands: { dev: { scale: 1, windowDays: 30 } }
tables:
  users:
    rows: { count: 9000 }
    columns:
      id: { kind: sequence, start: 100, step: 3 }
      name: { kind: text, length: { family: uniform, min: 4, max: 12 } }
      born: { kind: time, calendar: { kind: window }, nullFraction: 0.1 }
      score: { kind: number, decimals: 3, distribution: { family: uniform, min: -1, max: 1 } }
  tokens:
    rows: { count: 9000 }
    references:
      user: { columns: [user_id], table: users, to: [id], fanOut: { family: geometric, p: 0.5, start: 0 } }
    columns:
      id: { kind: uuid }
      price: { kind: number, decimals: 2, distribution: { family: uniform, min: 0, max: 1000 } }
  members:
    rows: { count: 9000 }
    references:
      user: { columns: [user_id], table: users, to: [id], fanOut: { family: geometric, p: 0.5, start: 0 } }
      token: { columns: [token_id], table: tokens, to: [id], fanOut: { family: geometric, p: 0.5, start: 0 } }
    distinctPairs: [user, token]
    columns:
      at: { kind: time, calendar: { kind: window } }
  log:
    rows: { count: 9000 }
    columns:
      n: { kind: sequence, start: 0 }
      line: { kind: text, length: { family: uniform, min: 1, max: 20 } }
      at: { kind: time, calendar: { kind: window } }
      doc: { kind: json, keys: { family: uniform, min: 0, max: 3 }, bytes: { family: uniform, min: 1, max: 60 } }
      origin: { kind: constant, value: 10.0.0.1/32 }
      cost: { kind: constant, value: "12.5" }
      kept: { kind: constant, value: '{"b":1,  "a":[ ]}' }
      bits: { kind: constant, value: "101" }
  parts:
    rows: { count: 9000 }
    columns:
      id: { kind: sequence }
      note: { kind: text, length: { family: uniform, min: 0, max: 9 } }
`,
  'recheck.yaml',
);

async function fill(url: string, change: Partial<GenerateOptions> = {}): Promise<Report> {
  return generate({
    spec,
    band: 'dev',
    seed: 'f',
    target: { kind: 'postgres', url },
    workers: 1,
    operator: 'test',
    environment: {},
    ...change,
  });
}

function look(url: string, change: Partial<RecheckOptions> = {}): Promise<Recheck> {
  return recheck({
    url,
    schema: null,
    only: [],
    report: null,
    isCompared: true,
    plan: { spec, isGiven: true },
    readers: 2,
    environment: {},
    ...change,
  });
}

/** The target's row number n: rows are copied in their order, by one worker. */
const rowAt = (table: string, row: number) => `(select ctid from public.${table} order by ctid offset ${row} limit 1)`;

/** What was done to each table, and what is to be found there. */
const changes: Readonly<Record<string, { readonly sql: string; readonly found: Partial<RowDifferences> }>> = {
  'public.users': {
    sql: `update public.users set name = 'x' where id = 100 + 3 * 5000`,
    found: {
      key: ['id'],
      counts: { changed: 1, missing: 0, duplicated: 0 },
      foreign: 0,
      rows: [{ row: 5000, block: 1, what: 'changed' }],
      blocks: [{ block: 1, firstRow: 4096, lastRow: 8191, changed: 1, missing: 0, duplicated: 0 }],
    },
  },
  'public.tokens': {
    sql: `delete from public.tokens where ctid = ${rowAt('tokens', 8999)};
          update public.tokens set id = gen_random_uuid() where ctid = ${rowAt('tokens', 0)}`,
    found: {
      counts: { changed: 0, missing: 2, duplicated: 0 },
      foreign: 1,
      rows: [
        { row: 0, block: 0, what: 'missing' },
        { row: 8999, block: 2, what: 'missing' },
      ],
    },
  },
  'public.members': {
    sql: `with two as (select ctid as place, at, lag(at) over () as before, lead(at) over () as after from public.members
                       where ctid in (${rowAt('members', 7)}, ${rowAt('members', 4100)}))
          update public.members set at = coalesce(before, after) from two where members.ctid = place`,
    found: {
      key: ['user_id', 'token_id'],
      counts: { changed: 2, missing: 0, duplicated: 0 },
      rows: [
        { row: 7, block: 0, what: 'changed' },
        { row: 4100, block: 1, what: 'changed' },
      ],
    },
  },
  'public.log': {
    sql: `insert into public.log select * from public.log where n = 4096;
          update public.log set cost = null where n = 4;
          update public.log set doc = '{"a": 1}' where n = 3`,
    found: {
      key: null,
      counts: { changed: 0, missing: 2, duplicated: 1 },
      foreign: 2,
      rows: [
        { row: 3, block: 0, what: 'missing' },
        { row: 4, block: 0, what: 'missing' },
        { row: 4096, block: 1, what: 'duplicated' },
      ],
    },
  },
  'public.parts': {
    sql: 'delete from public.parts where id > 4096 and id <= 8192; insert into public.parts values (-5, null)',
    found: {
      key: ['id'],
      counts: { changed: 0, missing: 4096, duplicated: 0 },
      foreign: 1,
      blockCount: 1,
      blocks: [{ block: 1, firstRow: 4096, lastRow: 8191, changed: 0, missing: 4096, duplicated: 0 }],
      isComplete: true,
    },
  },
};

test('a target that nobody changed is as its ledger and its report have it, whatever its settings; a changed one has its rows named', async () => {
  await withDatabase(tables, async (url, client) => {
    const report = await fill(url);
    await changeSettings(client);

    const byLedger = await look(url);
    const byReport = await look(url, { report, readers: 1 });

    expect(byLedger).toMatchObject({ status: 'equal', against: { kind: 'ledger', planId: report.planId } });
    expect(byReport).toMatchObject({ status: 'equal', against: { kind: 'report', fingerprint: report.fingerprint } });
    expect(hashesOf(byReport)).toEqual(report.tables.map(({ name, contentHash }) => [name, contentHash]));

    await client.query(`set session_replication_role = replica`);
    for (const { sql } of Object.values(changes)) await client.query(sql);
    const changed = await look(url);

    expect(changed.status).toBe('different');
    for (const { name, differences } of changed.tables) {
      expect({ name, ...differences }).toMatchObject({ name, ...changes[name]?.found });
    }
    expect(formatRecheck(changed)).toContain('rows, counted from 0: 5000 changed');
  });
});

const hashesOf = ({ tables: found }: Recheck) => found.map(({ name, found: hash }) => [name, hash]);

test('without the spec the tables that differ are told; with another one it is refused; without a run hashes alone are', async () => {
  await withDatabase(tables, async (url, client) => {
    await client.query(`insert into public.log values (1, 'a', now(), null, '::1')`);
    const unmarked = await look(url);
    await client.query('truncate public.log');
    await fill(url);
    await client.query('update public.log set doc = null where ctid = (select min(ctid) from public.log)');

    const unnamed = await look(url, { plan: null });

    await expect(look(url, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(unmarked).toMatchObject({ status: 'notCompared', against: { kind: 'nothing' } });
    expect(unnamed.tables.filter(({ verdict }) => verdict === 'different')).toMatchObject([
      { name: 'public.log', differences: null, reason: expect.stringContaining('--spec') },
    ]);
    await expect(look(url, { plan: { spec, seed: 'g', isGiven: true } })).rejects.toMatchObject({
      code: 'FINGERPRINT_OTHER_PLAN',
    });
    expect(await look(url, { plan: { spec, seed: 'g', isGiven: false } })).toMatchObject({ status: 'different' });
    await expect(look(url, { only: ['public.nobody'] })).rejects.toMatchObject({ code: 'FINGERPRINT_NO_TABLE' });
    expect(await look(url, { isCompared: false, only: ['public.log'] })).toMatchObject({
      status: 'notCompared',
      tables: [{ rowsFound: 9000 }],
    });
  });
});

test('the ledger of a run that was broken off counts what is in; a report that it does not agree with is refused', async () => {
  await withDatabase(tables, async (url, client) => {
    const report = await fill(url);
    await client.query(
      `update shapecast.chunks set block_digests = overlay(block_digests placing '\\x0000' from 1) where table_key = 'public.log'`,
    );
    await expect(look(url, { report })).rejects.toMatchObject({ code: 'FINGERPRINT_LEDGER_DIFFERS' });

    await client.query(`truncate public.log; delete from shapecast.chunks where table_key = 'public.log'`);
    const asFarAsItCame = await look(url);
    await client.query('delete from public.parts where id % 2 = 0');
    const half = await look(url);

    expect(asFarAsItCame).toMatchObject({ status: 'equal' });
    expect(asFarAsItCame.tables.map(({ name }) => name)).not.toContain('public.log');
    expect(half.tables.find(({ verdict }) => verdict === 'different')?.differences).toMatchObject({
      counts: { changed: 0, missing: 4500, duplicated: 0 },
      blockCount: 3,
      isComplete: true,
    });
  });
});
