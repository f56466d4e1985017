// The rows' way on a real server: what type, format and piece a row is in changes nothing; a slow shadow holds the source back; and the
// committed example rules fit the built-in schema.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { readCatalog } from '../../postgres/catalog/read-catalog.ts';
import { connect } from '../../postgres/connect.ts';
import { openSnapshot } from '../../postgres/read-only-snapshot.ts';
import { parseYamlText } from '../../spec/parse-document.ts';
import { syncRulesSchema } from '../../spec/sync-rules.ts';
import { refuseUnkeepable } from '../../sync/ask-source.ts';
import { chooseFormat } from '../../sync/choose-format.ts';
import { copyTables } from '../../sync/copy-tables.ts';
import { createKeyedHash } from '../../sync/masks/keyed-hash.ts';
import { planSync } from '../../sync/plan-sync.ts';
import { withDatabase } from '../support/database.ts';

const hash = createKeyedHash(new Uint8Array(32).fill(7));
const root = path.resolve(import.meta.dirname, '../..');

const TYPES = `
  create type public.mood as enum ('calm', 'cross');
  create type public.pair as (a int, b text);
  create domain public.code as varchar(12) check (value <> '');
  create table public.wide (
    id bigint, small int, uid uuid, note text, short varchar(20), fixed char(6), doc jsonb, raw json,
    seen timestamptz, day date, kind public.mood, code public.code, tags text[], price numeric(9, 2), bytes bytea, flag boolean,
    cut text, hidden text, net inet, lag interval, plain text
  );
  create table public.same (like public.wide, extra public.pair, moods public.mood[]);
  create table public.parts (id int, body text) partition by range (id);
  create table public.parts_low partition of public.parts for values from (0) to (1000);
  create table public.parts_high (body text, id int);
  alter table public.parts attach partition public.parts_high for values from (1000) to (9000);
  create table public.numbered (id int, name text);
  create table public."Shuffled" (value text, place int, twice int not null, short varchar(3));
  create table public.bare ();`;
const ROWS = `
  insert into public.wide select
    case i % 4 when 0 then null when 1 then i when 2 then -i else i * 10000000000 end, -5 + i, md5(i::text)::uuid,
    case i % 5 when 0 then '' when 1 then E'tab\\t\\\\N \\n ü😀' || i when 2 then repeat('long ', 300) else '\\N' end,
    'short ' || i, 'f' || i % 7, jsonb_build_object('mail', i || E'\\n@real.org', 'size', 1.50), json_build_array(i),
    case when i = 9 then 'infinity' else timestamptz '2024-02-28 23:59:59.5' + i * interval '1 hour' end, date '2024-02-28' + i,
    case when i % 2 = 0 then 'calm' else 'cross' end::public.mood, 'c' || i, array['x', null, 'y'], i * 1.25, decode('00ff0a09', 'hex'),
    i % 2 = 0, E'a\\t' || i, 'card' || i, '10.0.0.1', i * interval '1 day', nullif(i % 3, 0)::text
  from generate_series(1, 3000) as i;
  insert into public.same select *, (1, 'x')::public.pair, array['calm']::public.mood[] from public.wide;
  insert into public.parts select i, 'body ' || i from generate_series(0, 8999) as i;
  insert into public."Shuffled" select 'v' || i, i, i, i from generate_series(1, 900) as i;
  insert into public.bare select from generate_series(1, 7);
  insert into public.numbered select i, 'name ' || i from generate_series(1, 5000) as i;`;

const WIDE = `
    id: token
    small: token
    uid: token
    note: token
    short: { kind: fake, of: firstName, distinct: true }
    fixed: token
    doc: { kind: json, paths: { mail: token, size: keep } }
    raw: { kind: json, paths: { '*': keep } }
    seen: { kind: jitter, days: 30, subject: uid }
    day: { kind: jitter, days: 30, subject: small }
    kind: { kind: sql, expression: "lower(upper(kind::text))" }
    code: { kind: constant, value: C }
    tags: keep
    price: { kind: sql, expression: "round(price)" }
    bytes: keep
    flag: keep
    cut: { kind: replace, pattern: '\\d', with: '#' }
    hidden: { kind: keepLast, length: 2 }
    net: keep
    lag: keep
    plain: keep`;
const RULES = `
tables:
  public.wide: { columns: {${flow(WIDE)}} }
  public.same: { columns: {${flow(WIDE)}, extra: keep, moods: keep} }
  public.bare: { columns: {} }
  public.parts: { columns: { id: keep, body: { kind: sql, expression: "'of ' || parts.body" } } }
  public."Shuffled":
    columns: { value: shuffle, place: keep, twice: { kind: sql, expression: '2 * "Shuffled".place + 0 * length(value)' }, short: keep }
  public.numbered: { columns: { id: keep, name: { kind: template, text: 'n{seq}' } } }`;

function flow(lines: string): string {
  return lines
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .join(', ');
}

interface Copied {
  readonly source: string;
  readonly shadow: string;
  readonly rules: string;
  readonly jobs: number;
  readonly onBytes?: (bytes: number) => void;
}

async function copy({ jobs, onBytes, rules, shadow, source }: Copied): Promise<ReadonlyMap<string, string>> {
  const abort = new AbortController();
  const snapshot = await openSnapshot(source, { readers: jobs, statementTimeoutMs: 0, lockTimeoutMs: 0 });
  const pairs = await Promise.all(
    snapshot.clients.map(async (client) => ({
      source: client,
      shadow: await connect(shadow, { applicationName: 'shapecast test' }),
    })),
  );
  try {
    const [first] = snapshot.clients;
    if (first === undefined) throw new Error('no connection');
    const { tables } = planSync(await readCatalog(first), syncRulesSchema.parse(parseYamlText(rules, 'rules', 'rules')));
    await refuseUnkeepable({ client: first, serverMajor: snapshot.serverMajor }, tables, hash);
    const copied = await copyTables({
      tables,
      pairs,
      hash,
      signal: abort.signal,
      fail: () => abort.abort(),
      progress: { advance: (bytes) => onBytes?.(bytes), finish: () => undefined },
      onCopied: () => undefined,
      piecePages: 16,
    });
    const rows = new Map(copied.map((table) => [table.table, table.rows]));
    return new Map(tables.map((table) => [table.key, `${rows.get(table.key)} rows as ${chooseFormat(table)}`]));
  } finally {
    for (const pair of pairs) await pair.shadow.end();
    await snapshot.close();
  }
}

const ask = async (client: pg.Client, sql: string): Promise<unknown> =>
  Object.values((await client.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0];

test('a mask gives the same in text and in binary, and every row of every piece arrives once', async () => {
  await withDatabase([TYPES, ROWS], async (source, reader) => {
    await withDatabase(TYPES, async (shadow, writer) => {
      const copied = await copy({ source, shadow, rules: RULES, jobs: 3 });

      expect(Object.fromEntries(copied)).toEqual({
        'public.wide': '3000 rows as binary',
        'public.same': '3000 rows as text',
        'public.parts': '9000 rows as binary',
        'public.numbered': '5000 rows as binary',
        'public."Shuffled"': '900 rows as binary',
        'public.bare': '7 rows as binary',
      });
      const rows = (table: string) => `select (to_jsonb(t) - 'extra' - 'moods')::text from public.${table} t`;
      expect(await ask(writer, `select count(*)::int from (${rows('wide')} except all ${rows('same')}) as different`)).toBe(0);
      const kept = `select string_agg(concat_ws('|', tags, bytes, flag, net, lag, plain, to_json(kind)), ',' order by price, flag, lag) from`;
      expect(await ask(writer, `${kept} public.wide`)).toBe(
        await ask(reader, `${kept} (select *, round(price) as rounded from public.wide) t`.replace('by price', 'by rounded')),
      );
      // Of 3000 rows 750 have no id; texts and times are of every kind, so NULL, '' and infinity are among them.
      expect(await ask(writer, `select count(distinct id)::int from public.wide`)).toBe(2250);
      expect(
        await ask(
          writer,
          `select count(*)::int from public.wide where isfinite(seen) and note ~ '^[0-9a-f]{32}$' and doc->>'size' = '1.50'`,
        ),
      ).toBe(2999);
      expect(
        await ask(writer, `select count(*)::int from public.wide where cut ~ E'^a\t#+$' and hidden ~ '^[*]+[0-9]{2}$'`),
      ).toBe(2991);
      expect(
        await ask(
          writer,
          `select string_agg(moods::text || extra::text, '' order by uid) = repeat('{calm}(1,x)', 3000) from public.same`,
        ),
      ).toBe(true);
      expect(await ask(writer, `select count(distinct id) + count(distinct body) || ' ' || count(*) from public.parts`)).toBe(
        '18000 9000',
      );
      expect(
        await ask(
          writer,
          `select count(distinct value) || ' ' || count(*) filter (where twice = 2 * place) || ' ' || (count(*) filter (where value = 'v' || place) < 90)
          from public."Shuffled"`,
        ),
      ).toBe('900 900 true');
      expect(
        await ask(
          writer,
          `select count(distinct name)::int from public.numbered where name in (select 'n' || i from generate_series(1, 5000) as i)`,
        ),
      ).toBe(5000);
    });
  });
});

test('a shadow that does not take rows holds the source back, and the run goes on when it does', async () => {
  const table = 'create table public.large (id int, body text)';
  const fill = `insert into public.large select i, repeat('x', 1000) from generate_series(1, 30000) as i`;
  await withDatabase([table, fill], async (source, reader) => {
    await withDatabase(table, async (shadow, writer) => {
      await writer.query('begin; lock table public.large');
      let sent = 0;
      const rules = 'tables: { public.large: { columns: { id: token, body: token } } }';
      const done = copy({ source, shadow, rules, jobs: 1, onBytes: (bytes) => (sent += bytes) });
      const isHeld = `select exists (select from pg_stat_activity where wait_event = 'ClientWrite' and datname = current_database()) as held`;
      // Held for as long as it takes to ask twenty times.
      for (
        let polls = 0, before = -1;
        polls < 20;
        polls = sent === before && (await ask(reader, isHeld)) === true ? polls + 1 : 0
      ) {
        before = sent;
        await sleep(10);
      }
      const held = sent;
      await writer.query('commit');
      const copied = await done;

      // Of 30 MB: the stream's own buffers and one read of the socket.
      expect(held).toBeLessThan(1_000_000);
      expect(sent).toBeGreaterThan(30_000_000);
      expect(copied.get('public.large')).toBe('30000 rows as binary');
    });
  });
});

test.each(['chat-sql', 'chat-fake'])(
  'the example rules %s fit the built-in schema, and the source can run them',
  async (name) => {
    await withDatabase(fs.readFileSync(path.join(root, 'spec/chat.sql'), 'utf8'), async (url) => {
      const text = fs.readFileSync(path.join(root, `sync/examples/${name}.yaml`), 'utf8');
      const rules = syncRulesSchema.parse(parseYamlText(text, 'rules', name));
      const snapshot = await openSnapshot(url, { readers: 1, statementTimeoutMs: 0, lockTimeoutMs: 0 });
      try {
        for (const client of snapshot.clients) {
          const { tables } = planSync(await readCatalog(client), rules);

          await refuseUnkeepable({ client, serverMajor: snapshot.serverMajor }, tables, hash);

          expect(tables).toHaveLength(6);
          expect(tables.map(chooseFormat)).toEqual(tables.map(() => 'binary'));
        }
      } finally {
        await snapshot.close();
      }
    });
  },
);
